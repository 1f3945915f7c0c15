package browsertest

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/cdproto/log"
	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/cdproto/runtime"
	"github.com/chromedp/chromedp"
	"github.com/stretchr/testify/require"
)

// browsers are the names that Chromium goes by.
var browsers = []string{"chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome"}

// A tab is a page in a browser of its own.
type tab struct {
	t   *testing.T
	ctx context.Context

	lock     sync.Mutex
	messages []string // what went to the console
	requests []string // addresses of all that was asked for
}

func newTab(t *testing.T, options ...chromedp.ExecAllocatorOption) *tab {
	t.Helper()
	path := ""
	for _, name := range browsers {
		if found, err := exec.LookPath(name); err == nil {
			path = found
			break
		}
	}
	if path == "" {
		t.Skip("needs Chromium or Chrome in the PATH (Debian: apt-get install chromium)")
	}
	options = append(append(chromedp.DefaultExecAllocatorOptions[:],
		chromedp.ExecPath(path),
		chromedp.NoSandbox, // containers seldom allow it, and the pages are ours
		chromedp.Flag("disable-dev-shm-usage", true),
		chromedp.Flag("hide-scrollbars", true),
	), options...)
	ctx, cancel := chromedp.NewExecAllocator(context.Background(), options...)
	t.Cleanup(cancel)
	ctx, cancel = chromedp.NewContext(ctx)
	t.Cleanup(cancel)
	b := &tab{t: t, ctx: ctx}
	b.do()
	require.NoError(t, chromedp.Listen(ctx, b.hear))
	for _, enable := range []cdp.Command[cdp.Empty, cdp.Empty]{log.Enable, runtime.Enable} {
		_, err := chromedp.Call(ctx, enable, cdp.Empty{})
		require.NoError(t, err)
	}
	_, err := chromedp.Call(ctx, network.Enable, network.EnableParams{})
	require.NoError(t, err)
	b.resize(1280, 1)
	return b
}

// hear takes the events of the browser.
func (b *tab) hear(event any) {
	b.lock.Lock()
	defer b.lock.Unlock()
	switch e := event.(type) {
	case *runtime.EventConsoleAPICalled:
		b.messages = append(b.messages, fmt.Sprint(e.Type, e.Args))
	case *runtime.EventExceptionThrown:
		b.messages = append(b.messages, fmt.Sprintf("%s %+v", e.ExceptionDetails.Text, e.ExceptionDetails.Exception))
	case *log.EventEntryAdded:
		b.messages = append(b.messages, fmt.Sprint(e.Entry.Level, ": ", e.Entry.Text, " ", e.Entry.URL))
	case *network.EventRequestWillBeSent:
		b.requests = append(b.requests, e.Request.URL)
	}
}

// quiet checks that nothing went to the console but messages with a text that is
// allowed.
func (b *tab) quiet(allowed ...string) {
	b.t.Helper()
	b.lock.Lock()
	defer b.lock.Unlock()
next:
	for _, m := range b.messages {
		for _, a := range allowed {
			if strings.Contains(m, a) {
				continue next
			}
		}
		require.Fail(b.t, "console: "+m)
	}
	b.messages = nil
}

func (b *tab) do(steps ...chromedp.Action[chromedp.Void]) {
	b.t.Helper()
	require.NoError(b.t, chromedp.Do(b.ctx, steps...))
}

func (b *tab) open(url string) {
	b.t.Helper()
	b.do(chromedp.Navigate(url))
}

// resize makes the window so many points wide, with so many pixels a point.
func (b *tab) resize(width int64, scale float64) {
	b.t.Helper()
	b.do(chromedp.EmulateViewport(width, 900, chromedp.EmulateScale(scale)))
}

// prefer asks for a light or dark page.
func (b *tab) prefer(scheme string) {
	b.t.Helper()
	_, err := chromedp.Call(b.ctx, emulation.SetEmulatedMedia, emulation.SetEmulatedMediaParams{
		Features: []*emulation.MediaFeature{{Name: "prefers-color-scheme", Value: scheme}},
	})
	require.NoError(b.t, err)
}

// value evaluates an expression in the page.
func value[T any](b *tab, expression string) T {
	b.t.Helper()
	v, err := chromedp.Run(b.ctx, chromedp.Evaluate[T](expression))
	require.NoError(b.t, err, expression)
	return v
}

// wait waits until an expression is true, however long that takes.
func (b *tab) wait(expression string) {
	b.t.Helper()
	for !value[bool](b, "Boolean("+expression+")") {
		time.Sleep(20 * time.Millisecond)
	}
}

// text is what the element with an id shows.
func (b *tab) text(id string) string {
	b.t.Helper()
	return value[string](b, fmt.Sprintf("document.getElementById(%q).innerText", id))
}

// fits checks that nothing sticks out of a page on screens of several widths,
// and leaves the width of the first.
func (b *tab) fits() {
	b.t.Helper()
	for _, width := range []int64{320, 390, 768, 1280} {
		b.resize(width, 1)
		b.wait(fmt.Sprintf("innerWidth === %d", width))
		b.settle()
		require.LessOrEqual(b.t, value[int64](b, "document.documentElement.scrollWidth"), width)
	}
}

// settle waits until the page has drawn itself twice: what the size of a window
// changes is drawn at the next picture.
func (b *tab) settle() {
	b.t.Helper()
	b.do(chromedp.Evaluate[chromedp.Void](
		"new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(() => requestAnimationFrame(done))))", chromedp.EvalAwaitPromise))
}

// picture keeps a screenshot, if somebody wants it.
func (b *tab) picture(name string) {
	b.t.Helper()
	folder := os.Getenv("GOPCN_SCREENSHOTS")
	if folder == "" {
		return
	}
	b.settle()
	png, err := chromedp.Run(b.ctx, chromedp.FullScreenshot(100))
	require.NoError(b.t, err)
	require.NoError(b.t, os.MkdirAll(folder, 0o777))
	require.NoError(b.t, os.WriteFile(filepath.Join(folder, name+".png"), png, 0o666))
}
