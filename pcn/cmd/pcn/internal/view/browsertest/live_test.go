package browsertest

import (
	"os"
	"runtime"
	"testing"

	"github.com/chromedp/chromedp"
	"github.com/stretchr/testify/require"
)

// What the page shows, as expressions.
const (
	isTraining = `document.getElementById("status").innerText === "Training"`
	epochRows  = `document.querySelectorAll("#epochs tbody tr").length`
	drawn      = `document.querySelector("#accuracy path.train") && document.querySelector("#loss path.train") && document.querySelector("#throughput path.train") &&
		document.querySelector("#relaxation canvas") && document.querySelector("#history canvas")`
)

func TestLivePage(t *testing.T) {
	b := newTab(t)
	run := start(t, "127.0.0.1:0", small("-epochs", "100000", "-val", "500")...)
	b.open(run.url)
	b.wait(isTraining)
	b.wait(drawn)
	require.Equal(t, "mlp:784-32x4-10 on glyphs", b.text("title"))
	require.Contains(t, b.text("subtitle"), "predictive coding, spiking precision, forward update")
	require.Contains(t, b.text("settings"), "latent-lr")

	// It follows the run, between epochs and from epoch to epoch.
	seen := value[int](b, epochRows)
	readouts := b.text("readouts")
	b.wait(epochRows + " > " + value[string](b, "String("+epochRows+" + 2)"))
	require.NotEqual(t, readouts, b.text("readouts"))

	b.do(chromedp.Reload())
	b.wait(isTraining)
	b.wait(drawn)
	require.Greater(t, value[int](b, epochRows), seen, "what was before the page is there as well")

	b.picture("desktop")
	b.prefer("dark")
	b.settle()
	require.Equal(t, "rgb(20, 22, 26)", value[string](b, "getComputedStyle(document.body).backgroundColor"))
	b.picture("dark")
	b.prefer("light")
	b.fits()
	b.resize(390, 2)
	b.picture("phone")
	b.quiet()
}

// One can read values off, with a pointer and without.
func TestReadingOff(t *testing.T) {
	b := newTab(t)
	run := start(t, "127.0.0.1:0", small("-epochs", "100000")...)
	b.open(run.url)
	b.wait(drawn)
	b.wait(epochRows + " >= 3")
	b.do(chromedp.Evaluate[chromedp.Void](`{
		const { left, top } = document.querySelector("#loss svg").getBoundingClientRect();
		document.querySelector("#loss svg").dispatchEvent(new PointerEvent("pointermove", { clientX: left + 120, clientY: top + 60 }));
	}`))
	b.wait(`document.querySelector("#loss .legend").innerText.startsWith("epoch ")`)

	b.do(chromedp.Evaluate[chromedp.Void](`for (const key of ["ArrowDown", "ArrowDown", "ArrowRight"]) {
		document.querySelector("#history svg").dispatchEvent(new KeyboardEvent("keydown", { key, bubbles: true }));
	}`))
	b.wait(`/^epoch 2, level 3\s+\S/.test(document.querySelector("#history .legend").innerText)`)

	// An earlier relaxation stays while training goes on.
	b.do(chromedp.Evaluate[chromedp.Void](`{
		const slider = document.querySelector("#relaxation input");
		slider.value = 0;
		slider.dispatchEvent(new Event("input"));
	}`))
	const shown = `Number(document.querySelector("#relaxation .caption").innerText.match(/epoch (\d+)\./)[1])`
	b.wait(shown + " < " + epochRows)
	b.wait(epochRows + " > " + value[string](b, "String("+epochRows+" + 2)"))
	require.Less(t, value[int](b, shown), value[int](b, epochRows)-1)
	b.quiet()
}

// When the server goes the page keeps what it has, and shows the next run at
// the same address.
func TestReconnecting(t *testing.T) {
	b := newTab(t)
	run := start(t, "127.0.0.1:0", small("-epochs", "100000")...)
	b.open(run.url)
	b.wait(drawn)
	b.quiet()
	run.kill()
	b.wait(`document.getElementById("status").innerText.startsWith("No connection")`)
	b.wait(drawn)

	start(t, run.address(), "train", "-model", "mlp:784-16-10", "-rule", "bp", "-limit", "1000", "-workers", "1", "-epochs", "100000")
	b.wait(isTraining)
	b.wait(`document.getElementById("title").innerText === "mlp:784-16-10 on glyphs"`)
	b.wait(`document.getElementById("relaxation").innerText.includes("Backpropagation does not relax")`)
	b.quiet("net::ERR_") // the browser tells of every try
}

// The page of a run that has ended says so.
func TestEnd(t *testing.T) {
	if runtime.GOOS == "windows" {
		t.Skip("processes cannot be interrupted there")
	}
	b := newTab(t)
	run := start(t, "127.0.0.1:0", small("-epochs", "100000")...)
	b.open(run.url)
	b.wait(isTraining)
	require.NoError(t, run.cmd.Process.Signal(os.Interrupt))
	b.wait(`document.getElementById("status").innerText === "Interrupted"`)
	require.Contains(t, b.text("notes"), "Interrupted after ")
	b.quiet("net::ERR_")
}
