package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"syscall"
	"time"

	"github.com/rendition-sdk/rendition/transcode"
)

// usage is what one process cost, or several one after the other.
type usage struct {
	Wall   time.Duration `json:"wall"`
	CPU    time.Duration `json:"cpu"`
	Memory int64         `json:"memory"` // peak resident bytes
	// Busy is the share of all cores that was used, 0 to 1: while our process
	// encodes, and all the time of others, whose phases nobody knows.
	Busy float64 `json:"busy"`
}

func (u usage) String() string {
	return fmt.Sprintf("%.2f s wall, %.2f s cpu, %.0f %% busy, %.0f MB", u.Wall.Seconds(), u.CPU.Seconds(), u.Busy*100, float64(u.Memory)/1e6)
}

// then is the cost of u and another process after it.
func (u usage) then(v usage) usage {
	sum := usage{Wall: u.Wall + v.Wall, CPU: u.CPU + v.CPU, Memory: max(u.Memory, v.Memory)}
	if sum.Wall > 0 {
		sum.Busy = (u.Busy*u.Wall.Seconds() + v.Busy*v.Wall.Seconds()) / sum.Wall.Seconds()
	}
	return sum
}

// process is a program to measure. Watch is given what it prints about itself.
type process struct {
	program string
	args    []string
	watch   func(m moment, kill func())
}

var errKilled = errors.New("killed, as was asked")

// cost runs the program and says what it cost. It is errKilled when watch has
// killed it; the cost counts until then.
func (p *process) cost(ctx context.Context) (usage, error) {
	cmd := exec.CommandContext(ctx, p.program, p.args...)
	text := &bytes.Buffer{}
	cmd.Stderr = text
	lines, err := cmd.StdoutPipe()
	if err != nil {
		return usage{}, err
	}
	began := time.Now()
	if err := cmd.Start(); err != nil {
		return usage{}, err
	}
	killed := false
	for in := json.NewDecoder(lines); p.watch != nil; {
		var m moment
		if in.Decode(&m) != nil {
			break // the end; why it ended is told below
		}
		p.watch(m, func() { killed = cmd.Process.Kill() == nil })
	}
	err = cmd.Wait()
	u := measured(cmd.ProcessState, time.Since(began))
	if killed && err != nil {
		return u, errKilled
	}
	if err != nil {
		return u, fmt.Errorf("%s: %w\n%s", filepath.Base(p.program), err, lastLines(text.String(), 20))
	}
	return u, nil
}

// measured is what the system has counted.
func measured(s *os.ProcessState, took time.Duration) usage {
	u := usage{Wall: took, CPU: s.UserTime() + s.SystemTime()}
	u.Busy = share(u.CPU, took)
	if ru, ok := s.SysUsage().(*syscall.Rusage); ok {
		u.Memory = int64(ru.Maxrss) * 1024 //nolint:unconvert // it has 32 bits on some systems
		if runtime.GOOS == "darwin" {
			u.Memory = int64(ru.Maxrss) //nolint:unconvert // counted in bytes there; 32 bits on some systems
		}
	}
	return u
}

// share is how much of all cores was used in a time, 0 to 1.
func share(used, took time.Duration) float64 {
	if took <= 0 {
		return 0
	}
	return used.Seconds() / took.Seconds() / float64(runtime.NumCPU())
}

// encodePhase remembers when a process of ours began and stopped encoding.
type encodePhase struct{ first, last moment }

func (p *encodePhase) add(m moment) {
	if m.State != transcode.StateEncoding && m.State != transcode.StateFinalizing {
		return
	}
	if p.first.State == "" {
		p.first = m
	}
	if p.last.State != transcode.StateFinalizing {
		p.last = m
	}
}

func (p *encodePhase) busy() float64 { return share(p.last.CPU-p.first.CPU, p.last.Wall-p.first.Wall) }
