package cli

import (
	"bytes"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

func TestProgress(t *testing.T) {
	var out bytes.Buffer
	clock := time.Unix(0, 0)
	p := NewProgress(Streams{Err: &out, Width: func() int { return 60 }})
	p.now = func() time.Time { return clock }

	p.Clear()
	require.Empty(t, out.String(), "nothing to clear")

	p.Update("epoch 1/2", 1, 4, "5 samples/s")
	require.Equal(t, "\r\x1b[Kepoch 1/2 [=======                     ]  25 %  5 samples/s", out.String())
	first := out.Len()
	p.Update("epoch 1/2", 2, 4, "5 samples/s")
	require.Equal(t, first, out.Len(), "too soon to draw again")
	clock = clock.Add(redraw)
	p.Update("epoch 1/2", 3, 4, "5 samples/s")
	require.Greater(t, out.Len(), first)

	out.Reset()
	p.Clear()
	require.Equal(t, "\r\x1b[K", out.String())
}

// A terminal too narrow for the bar loses the bar first and then the end of the
// line, which must never break.
func TestProgressIsNarrowerThanTheTerminal(t *testing.T) {
	for width := range 100 {
		p := NewProgress(Streams{Width: func() int { return width }})
		line := p.line("epoch 1/2", 2, 4, "5 samples/s")
		require.LessOrEqual(t, len(line), max(0, width-1), "width %d", width)
		require.Equal(t, width >= 40, strings.Contains(line, "["), "width %d", width)
	}
}

func TestNoTerminalNoProgress(t *testing.T) {
	var out bytes.Buffer
	p := NewProgress(Streams{Err: &out})
	p.Update("epoch 1/2", 1, 4, "")
	p.Clear()
	require.Empty(t, out.String())
}
