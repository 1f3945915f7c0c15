package kernels

// stretch walks through the calls for one sample: blocks of whole positions, or
// of some channels of one position where it is too long for a call. Positions
// ascend for each channel.
type stretch struct {
	positions, channels int
	position, channel   int // of the current call
	rows, cols          int // its positions and channels
	at                  int // its offset within the sample
}

// stretchFloats is about how many elements a call covers: 8 KiB of each matrix,
// because kernels that sum go down the positions a few channels at a time, and
// the other channels should still be in L1 when their turn comes.
const stretchFloats = 2048

func newStretch(positions, channels int) stretch {
	return stretch{positions: positions, channels: channels}
}

// next goes on to the next call, and reports whether there is one.
func (t *stretch) next() bool {
	t.channel += t.cols
	if t.channel >= t.channels {
		t.channel = 0
		t.position += t.rows
	}
	if t.position >= t.positions || t.channels == 0 {
		return false
	}
	t.cols = min(blockFloats, t.channels-t.channel)
	t.rows = 1
	if t.cols == t.channels {
		t.rows = min(max(1, stretchFloats/t.channels), t.positions-t.position)
	}
	t.at = t.position*t.channels + t.channel
	return true
}
