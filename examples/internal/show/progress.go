package show

import (
	"fmt"
	"io"
	"strings"
	"time"

	"github.com/vbauerster/mpb/v8/cwriter"

	"github.com/rendition-sdk/rendition/transcode"
)

// Progress shows how a job goes. Its Event method is what
// transcode.RunOptions.OnEvent wants; Close it when the job is over.
type Progress struct {
	view view
}

// view is one way of showing progress.
type view interface {
	update(p transcode.Progress)
	// note prints one line for people.
	note(text string)
	close()
}

// NewProgress shows a bar where w is a terminal, a line now and then where it
// is not, and nothing when quiet. Nothing is written before the first event.
func NewProgress(w io.Writer, quiet bool) *Progress {
	switch {
	case quiet:
		return &Progress{view: silent{}}
	case hasRoom(w):
		return &Progress{view: &bar{w: w}}
	default:
		return &Progress{view: &lines{w: w}}
	}
}

// hasRoom tells whether w is a terminal that a bar can be drawn on; some know no size.
func hasRoom(w io.Writer) bool {
	terminal := cwriter.New(w)
	if !terminal.IsTerminal() {
		return false
	}
	width, height, err := terminal.GetTermSize()
	return err == nil && width > 0 && height > 0
}

// Event shows e.
func (p *Progress) Event(e transcode.Event) {
	switch e := e.(type) {
	case transcode.ProgressEvent:
		p.view.update(e.Progress)
	case transcode.WarningEvent:
		p.view.note("warning: " + e.Text)
	}
}

// Close ends the display and waits for it.
func (p *Progress) Close() { p.view.close() }

// figures is what is said of a job beside its stage and percentage, such as
// "81 fps  2.7x  ETA 0:12"; empty before there is anything to say.
func figures(p transcode.Progress) string {
	var list []string
	if p.FPS > 0 {
		list = append(list, fmt.Sprintf("%3.0f fps", p.FPS))
	}
	if p.Speed > 0 {
		list = append(list, fmt.Sprintf("%4.1fx", p.Speed))
	}
	switch {
	case p.State.Final():
		list = append(list, "in "+clock(p.Elapsed))
	case p.ETA > 0:
		list = append(list, "ETA "+clock(p.ETA))
	}
	return strings.Join(list, "  ")
}

// clock prints a duration as "0:12" or "1:02:03", rounded up to a second.
func clock(d time.Duration) string {
	s := int64((d + time.Second - 1) / time.Second)
	if s < 3600 {
		return fmt.Sprintf("%d:%02d", s/60, s%60)
	}
	return fmt.Sprintf("%d:%02d:%02d", s/3600, s/60%60, s%60)
}

type silent struct{}

func (silent) update(transcode.Progress) {}
func (silent) note(string)               {}
func (silent) close()                    {}

// lines is progress for logs: a line when the stage changes, and after each
// tenth of the work.
type lines struct {
	w     io.Writer
	stage string
	tenth int
}

func (l *lines) update(p transcode.Progress) {
	tenth := int(p.Percent / 10)
	if p.Stage == l.stage && tenth == l.tenth {
		return
	}
	l.stage, l.tenth = p.Stage, tenth
	l.note(strings.TrimRight(fmt.Sprintf("%3.0f %%  %-24s %s", p.Percent, p.Stage, figures(p)), " "))
}

// note ignores the error of a log that can not be written to: the job goes on.
func (l *lines) note(text string) { _, _ = fmt.Fprintln(l.w, text) }

func (l *lines) close() {}
