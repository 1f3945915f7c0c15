package browsertest

import (
	"net/url"
	"path/filepath"
	"strings"
	"testing"

	"github.com/chromedp/chromedp"
	"github.com/stretchr/testify/require"
)

// report trains into a folder and opens the report in a browser that reaches no
// host.
func report(t *testing.T, args ...string) *tab {
	t.Helper()
	b := newTab(t, chromedp.Flag("host-resolver-rules", "MAP * ~NOTFOUND"))
	folder := filepath.Join(t.TempDir(), "run")
	out, err := pcn(t, append(args, "-out", folder)...).CombinedOutput()
	require.NoError(t, err, string(out))
	b.open((&url.URL{Scheme: "file", Path: filepath.ToSlash(filepath.Join(folder, "report.html"))}).String())
	b.wait(`document.getElementById("status").innerText === "Finished"`)
	return b
}

// alone checks that the browser asked for the report only, and for pictures
// inside it.
func (b *tab) alone() {
	b.t.Helper()
	b.lock.Lock()
	defer b.lock.Unlock()
	require.NotEmpty(b.t, b.requests)
	for _, url := range b.requests {
		require.True(b.t, strings.HasPrefix(url, "file:") && strings.HasSuffix(url, "/report.html") || strings.HasPrefix(url, "data:"), url)
	}
}

func TestReport(t *testing.T) {
	b := report(t, small("-epochs", "3", "-val", "500")...)
	b.wait(drawn)
	require.Equal(t, 3, value[int](b, epochRows))
	require.Contains(t, b.text("readouts"), "Test accuracy")
	require.Contains(t, b.text("results"), "weights (sha256)")
	require.Contains(t, b.text("settings"), "mlp:784-32x4-10")
	b.picture("report")
	b.fits()
	b.alone()
	b.quiet()
}

func TestReportOfSeveralSeeds(t *testing.T) {
	b := report(t, small("-epochs", "3", "-seeds", "2", "-rule", "bp")...)
	require.Equal(t, 6, value[int](b, epochRows))
	require.Equal(t, 2, value[int](b, `document.querySelectorAll("#results tbody tr").length`))
	require.Contains(t, b.text("readouts"), "mean of 2 seeds")
	require.Contains(t, b.text("accuracy"), "Seed 1; in grey the seeds before it.")
	require.Contains(t, b.text("relaxation"), "Backpropagation does not relax")
	b.fits()
	b.alone()
	b.quiet()
}
