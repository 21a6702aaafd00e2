package show

import (
	"fmt"
	"io"
	"sync/atomic"

	"github.com/vbauerster/mpb/v8"
	"github.com/vbauerster/mpb/v8/decor"

	"github.com/rendition-sdk/rendition/transcode"
)

// steps is the length of the bar: tenths of a percent.
const steps = 1000

// bar is progress on a terminal:
//
//	encoding 3 renditions  ━━━━━━━━━╸──────────  42 %   81 fps   2.7x  ETA 0:12
type bar struct {
	w     io.Writer
	pool  *mpb.Progress
	bar   *mpb.Bar
	state atomic.Pointer[transcode.Progress]
}

func (b *bar) update(p transcode.Progress) {
	b.state.Store(&p)
	b.start()
	b.bar.SetCurrent(int64(p.Percent * steps / 100))
}

// start draws the bar when there is something to draw.
func (b *bar) start() {
	if b.bar != nil {
		return
	}
	b.pool = mpb.New(mpb.WithOutput(b.w), mpb.WithAutoRefresh())
	style := mpb.BarStyle().Lbound("").Rbound("").Filler("━").Tip("╸").Padding("─")
	b.bar = b.pool.New(steps, style,
		mpb.PrependDecorators(b.text(func(p transcode.Progress) string { return fmt.Sprintf("%-24s ", p.Stage) })),
		mpb.AppendDecorators(b.text(func(p transcode.Progress) string { return fmt.Sprintf(" %3.0f %%  %s", p.Percent, figures(p)) })),
	)
}

// text decorates the bar with something of the newest progress.
func (b *bar) text(f func(transcode.Progress) string) decor.Decorator {
	return decor.Any(func(decor.Statistics) string {
		if p := b.state.Load(); p != nil {
			return f(*p)
		}
		return ""
	})
}

// note prints above the bar. Its error is that of the terminal, which nobody
// could be told.
func (b *bar) note(text string) {
	if b.pool == nil {
		_, _ = fmt.Fprintln(b.w, text)
		return
	}
	_, _ = fmt.Fprintln(b.pool, text)
}

func (b *bar) close() {
	if b.pool == nil {
		return
	}
	b.bar.Abort(false) // of a job that failed; a full bar is complete already
	b.pool.Wait()
}
