package npz

import (
	"encoding/json"
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/gopcn/gopcn/pcn/internal/python"
)

// NumPy reads what a Writer wrote: names, shapes and values.
func TestNumPyReads(t *testing.T) {
	path := filepath.Join(t.TempDir(), "x.npz")
	file, err := os.Create(path)
	require.NoError(t, err)
	w := NewWriter(file)
	require.NoError(t, w.Write("n0.weight", []int{2, 1, 3}, []float32{1, -2, 0.1, 1e-45, 5, 3.4028235e38}))
	require.NoError(t, w.Write("bias", []int{2}, []float32{7, 8}))
	require.NoError(t, w.Write("scalar", nil, []float32{0.3}))
	require.NoError(t, w.Write("none", []int{3, 0}, nil))
	require.NoError(t, w.Close())
	require.NoError(t, file.Close())

	out := python.Run(t, []string{"numpy"}, `
import json, sys
import numpy as np
with np.load(sys.argv[1], allow_pickle=False) as f:
    print(json.dumps({k: [str(v.dtype), v.shape, v.flatten().astype("f8").tolist()] for k, v in f.items()}))
`, path)
	var got map[string][3]any
	require.NoError(t, json.Unmarshal([]byte(out), &got))
	wide := func(values ...float32) []any {
		list := []any{}
		for _, v := range values {
			list = append(list, float64(v))
		}
		return list
	}
	require.Equal(t, map[string][3]any{
		"n0.weight": {"float32", []any{2.0, 1.0, 3.0}, wide(1, -2, 0.1, 1e-45, 5, 3.4028235e38)},
		"bias":      {"float32", []any{2.0}, wide(7, 8)},
		"scalar":    {"float32", []any{}, wide(0.3)},
		"none":      {"float32", []any{3.0, 0.0}, wide()},
	}, got)
}
