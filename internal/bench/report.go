package main

import (
	"fmt"
	"slices"
	"strings"
)

// markdown is the measured part of the page: a summary, then each scenario.
func markdown(results map[string]*result) string {
	b := &strings.Builder{}
	b.WriteString("| scenario | what | against | measured | target | |\n|---|---|---|---:|---:|---|\n")
	var list []*scenario
	for _, s := range scenarios() {
		r := results[s.name]
		if r == nil {
			continue
		}
		list = append(list, s)
		for _, v := range s.verdicts(r) {
			fmt.Fprintf(b, "| %s | %s | %s | **%s** | %s | %s |\n", s.name, v.what, v.against, v.measured, v.target, metText(v.met))
		}
	}
	for _, s := range list {
		s.markdown(b, results[s.name])
	}
	return b.String()
}

func metText(met bool) string {
	if met {
		return "met"
	}
	return "**missed**"
}

// markdown describes a scenario and lists its costs and outputs.
func (s *scenario) markdown(b *strings.Builder, r *result) {
	fmt.Fprintf(b, "\n### %s\n\n`-only %s`: %s\n%d runs of each side on %s, peer `%s`.\n\n",
		s.title, s.name, s.about, len(r.Clips[0].Runs), r.Machine, r.Peer)
	for _, c := range r.Clips {
		fmt.Fprintf(b, "- `%s`: %s", c.Clip, c.Source)
		if c.Encodes != "" {
			fmt.Fprintf(b, "; %s", c.Encodes)
		}
		b.WriteString("\n")
	}
	b.WriteString("\n| clip | side | wall time | CPU time | cores busy | peak memory | wall, ratio | CPU, ratio | memory, ratio |\n" +
		"|---|---|---:|---:|---:|---:|---:|---:|---:|\n")
	for _, c := range r.Clips {
		s.costs(b, c)
	}
	b.WriteString("\n| clip | output | side | files | bytes | size, ratio | SSIM | XPSNR |\n|---|---|---|---:|---:|---:|---:|---:|\n")
	for _, c := range r.Clips {
		s.outputs(b, c)
	}
}

// costs has a row for each side: medians, and ours over theirs.
func (s *scenario) costs(b *strings.Builder, c *clipResult) {
	for i, side := range s.sides {
		of := func(q quantity) float64 {
			var list []float64
			for _, sides := range c.Runs {
				list = append(list, q.of(sides[i]))
			}
			return median(list)
		}
		fmt.Fprintf(b, "| %s | %s | %.2f s | %.2f s | %.1f %% | %.0f MB | %s | %s | %s |\n", c.Clip, side.name,
			of(wall), of(cpu), of(busy)*100, of(memory)/1e6, c.ratioText(wall, i), c.ratioText(cpu, i), c.ratioText(memory, i))
	}
}

// ratioText is the median of the ratios to a peer, and their range.
func (c *clipResult) ratioText(q quantity, peer int) string {
	if peer == 0 {
		return ""
	}
	list := c.ratios(q, peer)
	return fmt.Sprintf("**%.3f** (%.3f to %.3f)", median(list), slices.Min(list), slices.Max(list))
}

// outputs has a row for each thing that each side made.
func (s *scenario) outputs(b *strings.Builder, c *clipResult) {
	for i, a := range c.Made[0] {
		for k, side := range s.sides {
			m, ratio, quality := c.Made[k][i], "", " | "
			if k > 0 {
				ratio = fmt.Sprintf("%.3f", float64(a.Bytes)/float64(m.Bytes))
			}
			if m.SSIM > 0 {
				quality = fmt.Sprintf("%.5f | %.3f dB", m.SSIM, m.XPSNR)
			}
			fmt.Fprintf(b, "| %s | %s | %s | %d | %d | %s | %s |\n", c.Clip, m.Name, side.name, m.Files, m.Bytes, ratio, quality)
		}
	}
}
