package main

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"io/fs"
	"math"
	"os"
	"os/exec"
	"path/filepath"

	"github.com/rendition-sdk/rendition"
	"github.com/rendition-sdk/rendition/transcode"
)

// estimateLimit is how far an estimate may be off.
const estimateLimit = 0.25

// estimates compares a job with what Estimate says of it.
func estimates(name, title string, clips func(*options) []clip, job func(*options, string) *transcode.Job) *scenario {
	return &scenario{
		name: name, title: "Estimate of " + title,
		about: "What Engine.Estimate says, in a process of its own, beside what the job then takes. Memory is that of the encoders there " +
			"and of the process here. Ratios are the job's over the estimate's.",
		clips: clips, job: job, sides: []side{ours, estimated}, whole: true,
		targets: []target{within(estimateLimit, wall), within(estimateLimit, cpu)},
	}
}

func estimateOf(codec rendition.Codec, name string) *scenario {
	return estimates("estimate-"+name, "an "+name+" ladder", shortFilm, codecJob(codec))
}

// estimated is not a run: its cost is what the estimate says.
var estimated = side{"Estimate", func(t *trial) ([]step, error) {
	self, err := os.Executable()
	if err != nil {
		return nil, err
	}
	file, err := t.jobFile()
	return []step{func(ctx context.Context) (usage, error) {
		out, err := exec.CommandContext(ctx, self, "-child", file, "-estimate", "-scratch", "none").Output() //nolint:gosec // this program
		if err != nil {
			return usage{}, err
		}
		var e transcode.Estimate
		if err := json.Unmarshal(out, &e); err != nil {
			return usage{}, err
		}
		return standIn(&e, t.dir)
	}}, err
}}

// standIn puts a file of the estimated size where a job has its outputs.
func standIn(e *transcode.Estimate, dir string) (usage, error) {
	path := filepath.Join(dir, "estimate")
	if err := os.WriteFile(path, nil, 0o600); err != nil {
		return usage{}, err
	}
	u := usage{Wall: e.Elapsed.Duration(), CPU: e.CPU.Duration(), Memory: e.Memory}
	u.Busy = share(u.CPU, u.Wall)
	return u, os.Truncate(path, e.Size)
}

// printEstimate is what -child does with -estimate.
func printEstimate(ctx context.Context, o *options, job *transcode.Job, w io.Writer) error {
	e, err := transcode.New(childConfig(o)).Estimate(ctx, job, nil)
	if err != nil {
		return err
	}
	return json.NewEncoder(w).Encode(e)
}

// everything is all that a side has published, as one thing.
func (t *trial) everything() (list []artifact, err error) {
	a := artifact{Name: "everything", Files: 1}
	err = filepath.WalkDir(t.dir, func(_ string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		info, err := d.Info()
		if err == nil {
			a.Bytes += info.Size()
		}
		return err
	})
	return []artifact{a}, err
}

// within asks that a quantity of the peer's is near ours, on every clip.
func within(limit float64, q quantity) target { return target{q, 1, limit, false, true} }

// judgeNear is judge for within.
func (t target) judgeNear(s *scenario, r *result) verdict {
	var worst float64
	for _, c := range r.Clips {
		worst = max(worst, apart(1/median(c.ratios(t.quantity, t.peer)), 1))
	}
	return nearVerdict(t.quantity.String(), s.sides[t.peer].name, worst)
}

// judgeWhole compares the bytes that both sides of a scenario have.
func (s *scenario) judgeWhole(r *result) verdict {
	var worst float64
	for _, c := range r.Clips {
		worst = max(worst, apart(float64(c.Made[1][0].Bytes), float64(c.Made[0][0].Bytes)))
	}
	return nearVerdict("bytes published", s.sides[1].name, worst)
}

func nearVerdict(what, against string, worst float64) verdict {
	return verdict{
		what: what + ", worst clip", against: against, measured: fmt.Sprintf("%.0f %% off", math.Round(worst*100)),
		target: fmt.Sprintf("at most %.0f %%", estimateLimit*100), met: worst <= estimateLimit,
	}
}
