package safetensors

import (
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"encoding/json"
	"math"
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/gopcn/gopcn/pcn/internal/python"
)

var modules = []string{"numpy", "safetensors.numpy"}

// described is what Python says of a tensor.
type described struct {
	DType  string `json:"dtype"`
	Shape  []int  `json:"shape"`
	SHA256 string `json:"sha256"` // of the little-endian bytes of its values
}

func describe(t Tensor) described {
	hash := sha256.New()
	for _, v := range t.Data {
		hash.Write(binary.LittleEndian.AppendUint32(nil, math.Float32bits(v)))
	}
	return described{"float32", append([]int{}, t.Shape...), hex.EncodeToString(hash.Sum(nil))}
}

// The Python package reads what Write wrote: names, shapes, metadata and bits.
func TestPythonReads(t *testing.T) {
	path := filepath.Join(t.TempDir(), "x.safetensors")
	file, err := os.Create(path)
	require.NoError(t, err)
	want := sample()
	require.NoError(t, Write(file, want))
	require.NoError(t, file.Close())

	out := python.Run(t, modules, `
import hashlib, json, sys
import numpy as np
from safetensors import safe_open
with safe_open(sys.argv[1], framework="np") as f:
    tensors = {k: f.get_tensor(k) for k in f.keys()}
    print(json.dumps({"metadata": f.metadata(), "tensors": {
        k: {"dtype": str(v.dtype), "shape": v.shape, "sha256": hashlib.sha256(v.astype("<f4").tobytes()).hexdigest()}
        for k, v in tensors.items()}}))
`, path)
	var got struct {
		Metadata map[string]string
		Tensors  map[string]described
	}
	require.NoError(t, json.Unmarshal([]byte(out), &got))
	require.Equal(t, want.Metadata, got.Metadata)
	require.Len(t, got.Tensors, len(want.Tensors))
	for _, tensor := range want.Tensors {
		require.Equal(t, describe(tensor), got.Tensors[tensor.Name], tensor.Name)
	}
}

// Read reads what the Python package wrote, of every type that NumPy has.
func TestPythonWrites(t *testing.T) {
	path := filepath.Join(t.TempDir(), "x.safetensors")
	out := python.Run(t, modules, `
import hashlib, json, sys
import numpy as np
from safetensors.numpy import save_file
r = np.random.default_rng(0)
tensors = {
    "f64": r.standard_normal((3, 1, 5)),
    "f32": r.standard_normal((20000,)).astype("f4"),
    "f16": np.arange(1 << 16, dtype="u2").view("f2")[:0x7c00],
    "i64": r.integers(-2**62, 2**62, (7,)), "i32": r.integers(-2**31, 2**31, (2, 2)).astype("i4"),
    "i16": r.integers(-2**15, 2**15, (5,)).astype("i2"), "i8": np.arange(-128, 128, dtype="i1"),
    "u64": r.integers(0, 2**63, (7,)).astype("u8"), "u32": r.integers(0, 2**32, (2, 2)).astype("u4"),
    "u16": r.integers(0, 2**16, (5,)).astype("u2"), "u8": np.arange(256, dtype="u1"),
    "bool": np.array([True, False]), "scalar": np.array(0.1, "f4"), "none": np.zeros((2, 0), "f4"),
}
save_file(tensors, sys.argv[1], metadata={"format": "pt", "é": "\"quoted\""})
print(json.dumps({k: {"dtype": "float32", "shape": v.shape, "sha256": hashlib.sha256(v.astype("<f4").tobytes()).hexdigest()}
    for k, v in tensors.items()}))
`, path)
	var want map[string]described
	require.NoError(t, json.Unmarshal([]byte(out), &want))
	file, err := os.Open(path)
	require.NoError(t, err)
	defer file.Close()
	f, err := Read(file)
	require.NoError(t, err)
	require.Equal(t, map[string]string{"format": "pt", "é": `"quoted"`}, f.Metadata)
	require.Len(t, f.Tensors, len(want))
	for _, tensor := range f.Tensors {
		require.Equal(t, want[tensor.Name], describe(tensor), tensor.Name)
	}
}
