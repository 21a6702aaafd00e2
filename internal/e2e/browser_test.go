package e2e_test

import (
	"context"
	"fmt"
	"net/url"
	"os"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/chromedp/cdproto/log"
	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/cdproto/runtime"
	"github.com/chromedp/chromedp"
	"github.com/stretchr/testify/require"

	"github.com/rendition-sdk/rendition/internal/testenv"
)

// testTime ends a browser test that hangs: far more than any needs.
const testTime = 5 * time.Minute

// browser is one headless Chromium with one tab, and what happened in it.
type browser struct {
	ctx context.Context

	mu       sync.Mutex
	problems []string
	requests []string
}

// openBrowser starts a Chromium that ends with the test.
func openBrowser(t *testing.T) *browser {
	t.Helper()
	path := testenv.Program(t, "chromium", "chromium-browser", "google-chrome")
	profile, err := os.MkdirTemp("", "rendition-chromium-")
	require.NoError(t, err)
	options := append(slices.Clone(chromedp.DefaultExecAllocatorOptions[:]),
		chromedp.ExecPath(path),
		chromedp.UserDataDir(profile),
		chromedp.WindowSize(1280, 900),
		chromedp.WSURLReadTimeout(time.Minute),
		chromedp.Flag("autoplay-policy", "no-user-gesture-required"),
		chromedp.Flag("disable-gpu", true),
		chromedp.Flag("no-sandbox", os.Geteuid() == 0), // root has no sandbox to go to
	)
	deadline, cancelDeadline := context.WithTimeout(context.WithoutCancel(t.Context()), testTime)
	allocator, cancelAllocator := chromedp.NewExecAllocator(deadline, options...)
	ctx, cancel := chromedp.NewContext(allocator, chromedp.WithErrorf(func(string, ...any) {}))
	t.Cleanup(func() {
		require.NoError(t, chromedp.Cancel(ctx))
		cancel()
		cancelAllocator()
		chromedp.FromContext(ctx).Allocator.Wait()
		cancelDeadline()
		// Its helper processes write a moment longer than it lives itself.
		require.Eventually(t, func() bool { return os.RemoveAll(profile) == nil }, time.Minute, 50*time.Millisecond)
	})
	b := &browser{ctx: ctx}
	chromedp.ListenTarget(ctx, b.hear)
	require.NoError(t, chromedp.Run(ctx, network.Enable(), log.Enable()))
	return b
}

// hear collects the errors and the requests of the page.
func (b *browser) hear(event any) {
	b.mu.Lock()
	defer b.mu.Unlock()
	switch e := event.(type) {
	case *runtime.EventExceptionThrown:
		b.problems = append(b.problems, "exception: "+e.ExceptionDetails.Error())
	case *log.EventEntryAdded:
		if e.Entry.Level == log.LevelError {
			b.problems = append(b.problems, fmt.Sprintf("%s: %s %s", e.Entry.Source, e.Entry.Text, e.Entry.URL))
		}
	case *network.EventRequestWillBeSent:
		b.requests = append(b.requests, e.Request.URL)
	}
}

// run does the actions.
func (b *browser) run(t *testing.T, actions ...chromedp.Action) {
	t.Helper()
	require.NoError(t, chromedp.Run(b.ctx, actions...), "the page says: %s", b.said())
}

// said is what went wrong in the page so far.
func (b *browser) said() []string {
	b.mu.Lock()
	defer b.mu.Unlock()
	return slices.Clone(b.problems)
}

// eval evaluates an expression, waits for its promise, and decodes its value into result.
func (b *browser) eval(t *testing.T, expression string, result any) {
	t.Helper()
	await := func(p *runtime.EvaluateParams) *runtime.EvaluateParams { return p.WithAwaitPromise(true) }
	b.run(t, chromedp.Evaluate(expression, result, await))
}

// requireOwn fails the test when the page asked for anything that is not below origin.
func (b *browser) requireOwn(t *testing.T, origin string) {
	t.Helper()
	b.mu.Lock()
	defer b.mu.Unlock()
	require.NotEmpty(t, b.requests)
	for _, r := range b.requests {
		u, err := url.Parse(r)
		require.NoError(t, err)
		if u.Scheme != "data" && u.Scheme != "blob" {
			require.True(t, strings.HasPrefix(r, origin), "the page asked for %s", r)
		}
	}
}
