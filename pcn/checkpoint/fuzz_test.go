package checkpoint

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/gopcn/gopcn/pcn"
)

// Whatever the metadata say, a checkpoint is refused or one that the trainer can
// have been in: what is restored is captured again.
func FuzzRestore(f *testing.F) {
	b := pcn.NewBuilder(pcn.Features(3))
	b.Node("out", []int{pcn.Input}, pcn.Dense(2, true))
	net, err := b.Build()
	require.NoError(f, err)
	tr := trainer(f, net, nil)
	file, err := Capture(tr, pcn.Progress{Epoch: 1}).encode()
	require.NoError(f, err)
	f.Add(file.Metadata[keyState], file.Metadata[keyNetwork])
	f.Add(`{"optimizer":"sgd","steps":null,"moments":[false,false],"parameters":[".W",".W"]}`, `[]`)
	f.Fuzz(func(t *testing.T, state, network string) {
		changed := *file
		changed.Metadata = map[string]string{keyKind: kindCheckpoint, keyState: state, keyNetwork: network}
		c, err := decode(&changed)
		if err != nil {
			return
		}
		before := tr.Snapshot()
		if err := c.Restore(tr); err != nil {
			require.ErrorIs(t, err, ErrMismatch)
			require.Equal(t, before, tr.Snapshot())
			return
		}
		require.Equal(t, c.Snapshot, tr.Snapshot())
	})
}
