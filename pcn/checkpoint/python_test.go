package checkpoint

import (
	"encoding/hex"
	"encoding/json"
	"path/filepath"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/gopcn/gopcn/kernels"
	"github.com/gopcn/gopcn/pcn"
	"github.com/gopcn/gopcn/pcn/data"
	"github.com/gopcn/gopcn/pcn/internal/python"
)

var modules = []string{"numpy", "safetensors.numpy"}

// A program in NumPy that reads a checkpoint by the names and layouts that a
// PyTorch user expects predicts what the network predicts.
func TestPythonPredicts(t *testing.T) {
	tr := trainer(t, network(t, kernels.Tanh), nil)
	train, test := data.GlyphsN(0, 60, 10)
	for i := range 3 {
		tr.Step(train.Slice(20*i, 20*i+20))
	}
	path := filepath.Join(t.TempDir(), "c.safetensors")
	require.NoError(t, Capture(tr, pcn.Progress{Epoch: 4, Training: time.Second}).Save(path))
	x, want := kernels.NewMatrix(test.Len(), 784), kernels.NewMatrix(test.Len(), 10)
	images := [][]float32{}
	for i := range test.Len() {
		test.Fill(x.Row(i), i)
		images = append(images, x.Row(i))
	}
	tr.Predict(want, x)
	input, err := json.Marshal(images)
	require.NoError(t, err)

	out := python.Run(t, modules, `
import json, sys
import numpy as np
from numpy.lib.stride_tricks import sliding_window_view
from safetensors import safe_open
with safe_open(sys.argv[1], framework="np") as f:
    assert f.metadata()["format"] == "pt"
    state = json.loads(f.metadata()["gopcn.state"])
    w = {k: f.get_tensor(k).astype("f8") for k in f.keys()}
x = np.array(json.loads(sys.argv[2])).reshape(-1, 1, 28, 28)           # N C H W
windows = sliding_window_view(x, (5, 5), axis=(2, 3))[:, :, ::5, ::5]  # stride 5
h = np.einsum("nchwij,ocij->nohw", windows, w["h.weight"]) + w["h.bias"][:, None, None]
per_channel = lambda name: w["h.norm." + name][:, None, None]
h = (h - per_channel("running_mean")) / np.sqrt(per_channel("running_var") + 1e-5)
h = np.tanh(per_channel("weight") * h + per_channel("bias"))
k = np.tanh(h.reshape(len(h), -1) @ w["k.0.weight"].T) @ w["k.1.weight"].T + w["k.1.bias"]
out = k @ w["out.weight"].T + w["out.bias"]
print(json.dumps({"out": out.tolist(), "epoch": state["progress"]["epoch"], "count": state["count"]}))
`, path, string(input))
	var got struct {
		Out          [][]float64
		Epoch, Count int
	}
	require.NoError(t, json.Unmarshal([]byte(out), &got))
	require.Equal(t, 4, got.Epoch)
	require.Equal(t, 3, got.Count)
	require.Len(t, got.Out, test.Len())
	for i, row := range got.Out {
		for j, u := range row {
			require.InDelta(t, u, want.Row(i)[j], 1e-5)
		}
	}
}

// NumPy reads the same weights from either file.
func TestNumPyReadsWeights(t *testing.T) {
	w := trainer(t, network(t, kernels.Tanh), nil).Weights()
	dir := t.TempDir()
	a, b := filepath.Join(dir, "w.safetensors"), filepath.Join(dir, "w.npz")
	require.NoError(t, SaveWeights(a, w))
	require.NoError(t, SaveNPZ(b, w))
	out := python.Run(t, modules, `
import hashlib, json, sys
import numpy as np
from safetensors.numpy import load_file
a, b = load_file(sys.argv[1]), np.load(sys.argv[2])
assert sorted(a) == sorted(b.files)
assert all(a[k].dtype == b[k].dtype == np.float32 and a[k].shape == b[k].shape for k in a)
print(json.dumps([{k: hashlib.sha256(f[k].tobytes()).hexdigest() for k in a} for f in (a, b)]))
`, a, b)
	var got [2]map[string]string
	require.NoError(t, json.Unmarshal([]byte(out), &got))
	want := map[string]string{}
	for _, tensor := range append(w.Parameters, w.Statistics.Tensors...) {
		sum := pcn.Digest([]pcn.Tensor{tensor})
		want[torchName(tensor.Name)] = hex.EncodeToString(sum[:])
	}
	require.Equal(t, [2]map[string]string{want, want}, got)
}

// Weights that Python wrote are the network's, whatever their types.
func TestPythonTrains(t *testing.T) {
	net := network(t, kernels.Tanh)
	path := filepath.Join(t.TempDir(), "w.safetensors")
	out := python.Run(t, modules, `
import hashlib, json, sys
import numpy as np
from safetensors.numpy import save_file
r = np.random.default_rng(0)
shapes = {"h.weight": (3, 1, 5, 5), "h.bias": (3,), "h.norm.weight": (3,), "h.norm.bias": (3,),
    "k.0.weight": (4, 75), "k.1.weight": (5, 4), "k.1.bias": (5,), "out.weight": (10, 5), "out.bias": (10,),
    "h.norm.running_mean": (3,), "h.norm.running_var": (3,)}
types = {"k.0.weight": "f8", "out.weight": "f2"}
w = {k: r.standard_normal(s).astype(types.get(k, "f4")) for k, s in shapes.items()}
save_file(dict(w, **{"h.norm.num_batches_tracked": np.array(7)}), sys.argv[1])
print(hashlib.sha256(b"".join(v.astype("<f4").tobytes() for v in w.values())).hexdigest())
`, path)
	w, err := LoadWeights(path, net)
	require.NoError(t, err)
	require.True(t, w.Statistics.Moved)
	sum := pcn.Digest(append(w.Parameters, w.Statistics.Tensors...))
	require.Equal(t, out, hex.EncodeToString(sum[:])+"\n")
	require.NoError(t, trainer(t, net, nil).SetWeights(w))
}
