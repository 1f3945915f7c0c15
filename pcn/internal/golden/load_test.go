package golden

import (
	"bytes"
	"encoding/json"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

const dir = "../../testdata/golden"

func read(t *testing.T, name string) []byte {
	t.Helper()
	b, err := os.ReadFile(filepath.Join(dir, name+".json"))
	require.NoError(t, err)
	return b
}

func TestLoad(t *testing.T) {
	files, err := Files(dir)
	require.NoError(t, err)
	require.GreaterOrEqual(t, len(files), 25)
	for _, path := range files {
		c, err := Load(path)
		require.NoError(t, err)
		require.Equal(t, strings.TrimSuffix(filepath.Base(path), ".json"), c.Name)
	}
	_, err = Files(t.TempDir())
	require.ErrorContains(t, err, "no case files")
}

func TestLoadReadsWhatTheFileSays(t *testing.T) {
	c, err := Load(filepath.Join(dir, "batchnorm_unfrozen.json"))
	require.NoError(t, err)
	require.False(t, c.Hyper.BNFreeze)
	require.Equal(t, Precision{Kind: "spiking", Alpha: 0.05}, c.Hyper.Precision)
	require.Equal(t, Op{Kind: "conv2d", W: "l0.W", Stride: 1, Padding: 1}, c.Network.Nodes[0].Ops[0])
	require.Equal(t, 0.1, c.Network.Nodes[0].Ops[1].Momentum)
	require.Equal(t, []int{2, 8, 8}, c.Network.InputShape)
	require.True(t, c.Network.Aux)
	require.NotNil(t, c.Expected.FirstBatch.Phases[0].H0["n0"].Checksum)

	c, err = Load(filepath.Join(dir, "resnet_no_aux.json"))
	require.NoError(t, err)
	require.False(t, c.Network.Aux)
	require.True(t, c.Hyper.BNFreeze)
}

// Each edit replaces one piece of a good file; the error must say what is
// wrong.
func TestParseRejects(t *testing.T) {
	for _, edit := range []struct{ file, old, new, want string }{
		{"mlp_tanh_pc_uniform", `"pc-golden/1"`, `"pc-golden/2"`, `unknown "pc-golden/2"`},
		{"mlp_tanh_pc_uniform", `"chain"`, `"ring"`, `case.network.kind: unknown "ring"`},
		{"mlp_tanh_pc_uniform", `"op":"dense"`, `"op":"sparse"`, `nodes[0].ops[0].op: unknown "sparse"`},
		{"mlp_tanh_pc_uniform", `"fn":"tanh"`, `"fn":"tan"`, `ops[1].fn: unknown "tan"`},
		{"mlp_tanh_pc_uniform", `"role":"main"`, `"role":"extra"`, `role: unknown "extra"`},
		{"mlp_tanh_pc_uniform", `"energy":"se"`, `"energy":"mse"`, `energy: unknown "mse"`},
		{"mlp_tanh_pc_uniform", `"kind":"uniform"`, `"kind":"flat"`, `precision.kind: unknown "flat"`},
		{"mlp_tanh_pc_uniform", `"kind":"uniform"`, `"kind":"spiking"`, `precision.alpha: is missing`},
		{"mlp_tanh_pc_uniform", `"kind":"uniform"`, `"kind":"uniform","normalised":true`, `only a decaying`},
		{"mlp_tanh_pc_uniform", `"update":"settled"`, `"update":"lazy"`, `update: unknown "lazy"`},
		{"mlp_tanh_pc_uniform", `"kind":"none"`, `"kind":"soft"`, `nudging.kind: unknown "soft"`},
		{"mlp_tanh_pc_uniform", `"bn_mode":"batch"`, `"bn_mode":"layer"`, `bn_mode: unknown "layer"`},
		{"mlp_tanh_pc_uniform", `"kind":"sgd"`, `"kind":"adam"`, `w_optimizer.b1: is missing`},
		{"mlp_tanh_pc_uniform", `"kind":"constant"`, `"kind":"step"`, `lr.kind: unknown "step"`},
		{"mlp_tanh_pc_uniform", `"skip_zero":"off"`, `"skip_zero":"on"`, `skip_zero: unknown "on"`},
		{"mlp_tanh_pc_uniform", `"T":6`, `"T":6,"dropout":0.5`, `unknown field "dropout"`},
		{"mlp_tanh_pc_uniform", `"T":6`, `"T":"six"`, `case.hyper.T`},
		{"mlp_tanh_pc_uniform", `"T":6`, `"T":5`, `steps, 5 of them: is missing`},
		{"mlp_tanh_pc_uniform", `"sources":["x"]`, `"sources":["z"]`, `source "z"`},
		{"mlp_tanh_pc_uniform", `"W":"l0.W"`, `"W":"l9.W"`, `no matrix "l9.W"`},
		{"mlp_tanh_pc_uniform", `"level":0`, `"level":9`, `level 9`},
		{"mlp_tanh_pc_uniform", `"settled_total":`, `"settled_sum":`, `unknown field`},
		{"mlp_tanh_pc_uniform", `"batch_size":4`, `"batch_size":5`, `no batch of 5`},
		{"backprop_se", `"loss":`, `"los":`, `unknown field`},
		{"nudge_centred", `"kind":"centred"`, `"kind":"positive"`, `one per phase`},
		{"mlp_decaying_settled", `"T":9`, `"T":4`, `needs T >= N`},
		{"conv_batchnorm_ema", `"bn_mode":"ema"`, `"bn_mode":"ema","bn_freeze":false`, `must be frozen`},
		{"ipc_batchnorm", `"settled_update":`, `"settled_updates":`, `unknown field`},
	} {
		var compact bytes.Buffer
		require.NoError(t, json.Compact(&compact, read(t, edit.file)))
		require.Contains(t, compact.String(), edit.old)
		text := edited(compact.String(), edit.old, edit.new)
		_, err := Parse([]byte(text))
		require.ErrorContains(t, err, edit.want, "%s -> %s", edit.old, edit.new)
	}
}

// edited replaces the first occurrence, not counting the architecture's summary
// if there is another.
func edited(text, old, new string) string {
	at := strings.Index(text, `"nodes"`)
	if !strings.Contains(text[at:], old) {
		at = 0
	}
	return text[:at] + strings.Replace(text[at:], old, new, 1)
}

func TestTensorsMustFit(t *testing.T) {
	for text, want := range map[string]string{
		`{"shape":[2],"data":[1,2,3]}`:                            "does not hold 3",
		`{"shape":[2,-1],"data":[1,2]}`:                           "out of range",
		`{"shape":[1073741824,1073741824,1073741824],"data":[1]}`: "out of range",
		`{"shape":[2]}`:                    "sum: is missing",
		`{"data":[1]}`:                     "shape: is missing",
		`{"shape":[1],"data":[1],"sum":1}`: "unknown field",
		`{"shape":[9],"sum":1,"sumsq":1,"wsum":1,"maxabs":1,"first":[1]}`:           "lists 1 first",
		`{"shape":[1],"data":[null]}`:                                               "",
		`{"shape":[1],"sum":1,"sumsq":1,"wsum":1,"maxabs":1,"first":[1],"mean":[]}`: "unknown field",
		`{"shape":[1],"data":null}`:                                                 "data: is missing",
		`[1]`:                                                                       "cannot unmarshal",
	} {
		var tensor Tensor
		err := json.Unmarshal([]byte(text), &tensor)
		if want == "" {
			require.NoError(t, err)
		} else {
			require.ErrorContains(t, err, want, text)
		}
	}
}

// Whatever is done to a file, loading it returns.
func TestParseNeverPanics(t *testing.T) {
	values := []any{nil, -1, int64(1) << 40, "zz", []any{nil}}
	for name, parts := range map[string][]string{
		"backprop_se":         {"hyper", "params", "batches", "eval_x"},
		"mlp_tanh_pc_uniform": {"hyper", "expected"},
		"ipc_batchnorm":       {"network", "bn_state"},
		"resnet_no_aux":       {"network"},
	} {
		var root map[string]any
		require.NoError(t, json.Unmarshal(read(t, name), &root))
		shorten(root)
		if !slices.Contains(parts, "expected") {
			root["expected"] = map[string]any{} // is looked at last, and most of a file
		} else {
			b, err := json.Marshal(root)
			require.NoError(t, err)
			_, err = Parse(b)
			require.NoError(t, err, "what is going to be spoilt is good")
		}
		tried := 0
		for _, part := range parts {
			visit(root[part], func(what string, replace func(any)) {
				for _, v := range values {
					replace(v)
					b, err := json.Marshal(root)
					require.NoError(t, err)
					require.NotPanics(t, func() { _, _ = Parse(b) }, "%s: %s = %v", part, what, v)
					tried++
				}
			})
		}
		require.Greater(t, tried, 60)
	}
}

// shorten makes a case of one batch, and of one step if it has steps.
func shorten(root map[string]any) {
	expected := root["expected"].(map[string]any)
	root["batches"] = root["batches"].([]any)[:1]
	expected["per_batch"] = expected["per_batch"].([]any)[:1]
	expected["final"].(map[string]any)["batches"] = 1
	for _, phase := range expected["first_batch"].(map[string]any)["phases"].([]any) {
		root["hyper"].(map[string]any)["T"] = 1
		steps := phase.(map[string]any)["steps"].([]any)
		phase.(map[string]any)["steps"] = steps[:1]
	}
}

// visit offers the values inside v for replacement, one after the other, and
// puts each back. Of a list it takes the first element; into tensors, which
// have a test of their own, it does not look.
func visit(v any, f func(what string, replace func(any))) {
	switch v := v.(type) {
	case map[string]any:
		for _, key := range slices.Sorted(maps.Keys(v)) {
			old := v[key]
			f(key, func(x any) { v[key] = x })
			v[key] = old
			if !isTensor(old) && key != "layers" {
				visit(old, f)
			}
		}
	case []any:
		if len(v) > 0 {
			old := v[0]
			f("first element", func(x any) { v[0] = x })
			v[0] = old
			visit(old, f)
		}
	}
}

func isTensor(v any) bool {
	m, ok := v.(map[string]any)
	return ok && m["data"] != nil
}
