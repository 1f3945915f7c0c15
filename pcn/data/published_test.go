package data

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"
)

// The published files, where GOPCN_DATA_DIR names a folder with mnist and
// fashion-mnist in it. Means are of the train split, scaled to [0, 1].
func TestPublishedSets(t *testing.T) {
	root := os.Getenv("GOPCN_DATA_DIR")
	if root == "" {
		t.Skip("GOPCN_DATA_DIR is not set: it names a folder that holds mnist/ and fashion-mnist/")
	}
	even := func(n int) []int { return []int{n, n, n, n, n, n, n, n, n, n} }
	for _, c := range []struct {
		folder      string
		open        func(string) (*Set, *Set, error)
		train, test []int
		mean        float64
	}{
		{"fashion-mnist", OpenFashionMNIST, even(6000), even(1000), 0.286041},
		{
			"mnist", OpenMNIST,
			[]int{5923, 6742, 5958, 6131, 5842, 5421, 5918, 6265, 5851, 5949},
			[]int{980, 1135, 1032, 1010, 982, 892, 958, 1028, 974, 1009}, 0.130660,
		},
	} {
		t.Run(c.folder, func(t *testing.T) {
			train, test, err := c.open(filepath.Join(root, c.folder))
			require.NoError(t, err)
			require.NoError(t, train.Check())
			require.NoError(t, test.Check())
			require.Equal(t, 60000, train.Len())
			require.Equal(t, 10000, test.Len())
			require.Equal(t, 28*28, train.Features())
			require.Equal(t, c.train, labelCounts(train))
			require.Equal(t, c.test, labelCounts(test))

			sum := 0
			for _, p := range train.Pixels {
				sum += int(p)
			}
			require.InDelta(t, c.mean, float64(sum)/255/float64(len(train.Pixels)), 5e-7)
		})
	}
}

func labelCounts(s *Set) []int {
	counts := make([]int, s.Classes)
	for _, label := range s.Labels {
		counts[label]++
	}
	return counts
}
