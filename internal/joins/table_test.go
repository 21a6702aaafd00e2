package joins_test

import (
	"fmt"
	"strings"
)

// The lines between which a page holds the table.
const (
	sectionBegin = "<!-- written by go test ./internal/joins -->"
	sectionEnd   = "<!-- end of the table -->"
)

// table is the table of docs/joins.md.
func table(done []*comparison) string {
	b := &strings.Builder{}
	b.WriteString("| clip | encode | joins | again | size | SSIM | before, behind joins | last, first picture | steps: mean, largest | " +
		"worst picture: at joins, of the pass | least in buffer: joined, pass | result |\n" +
		"|---|---|---:|---:|---:|---:|---:|---:|---:|---:|---:|---|\n")
	joins := 0
	for _, c := range done {
		joins += c.joins
		result := "good"
		if p := c.problems(); len(p) > 0 {
			result = "**" + strings.Join(p, "; ") + "**"
		}
		fmt.Fprintf(b, "| %s | %s | %d | %d | %.3f | %.4f | %+.2f, %+.2f | %+.2f, %+.2f | %.2f, %.2f | %.1f, %.1f | %.0f %%, %.0f %% | %s |\n",
			short(c.clip), c.setting.name, c.joins, c.repaired, c.size, c.ssim, c.before, c.after, c.last, c.first,
			c.step, c.steepest, c.worst, c.worstOfPass, 100*c.buffer, 100*c.bufferOfPass, result)
	}
	fmt.Fprintf(b, "\n%d joins in all.\n", joins)
	return b.String()
}
