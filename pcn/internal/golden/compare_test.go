package golden

import (
	"math"
	"path/filepath"
	"slices"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/gopcn/gopcn/pcn/internal/reference"
)

var tight = Tolerance{Rel: 1e-9, Abs: 1e-10}

func full(shape []int, data ...float64) *Tensor { return &Tensor{Shape: shape, Data: data} }

func checksum(shape []int, data []float64) *Tensor {
	return &Tensor{Shape: shape, Checksum: NewChecksum(data)}
}

func TestCompareTensorNamesTheWorstElement(t *testing.T) {
	want := full([]int{2, 3}, 1, 2, 3, 4, 5, 100)
	require.True(t, CompareTensor([]float64{1, 2, 3, 4, 5, 100}, want, tight).OK())

	d := CompareTensor([]float64{1, 2, 3.1, 4, 5.5, 100}, want, tight)
	require.False(t, d.OK())
	require.Equal(t, []int{1, 1}, d.Index)
	require.Contains(t, d.String(), "element[1 1]: got 5.5, want 5, differ by 0.5, allowed 1e-07")

	// The largest magnitude of the tensor is the measure, with a floor.
	require.True(t, CompareTensor([]float64{1 + 9e-8, 2, 3, 4, 5, 100}, want, tight).OK())
	require.False(t, CompareTensor([]float64{1 + 2e-7, 2, 3, 4, 5, 100}, want, tight).OK())
	require.True(t, CompareTensor([]float64{9e-11}, full([]int{1}, 0), tight).OK())
	require.False(t, CompareTensor([]float64{2e-10}, full([]int{1}, 0), tight).OK())
}

func TestCompareTensorOfOtherKinds(t *testing.T) {
	require.True(t, CompareTensor([]float32{0.1}, full([]int{1}, 0.1), Tolerance{Rel: 1e-6}).OK())
	require.False(t, CompareTensor([]float32{0.1}, full([]int{1}, 0.1), tight).OK())
	require.False(t, CompareTensor([]float64{1}, nil, tight).OK())
	require.False(t, CompareTensor([]float64{1}, full([]int{2}, 1, 1), tight).OK())

	nan := CompareTensor([]float64{math.NaN(), 7}, full([]int{2}, 1, 1), tight)
	require.False(t, nan.OK())
	require.Equal(t, []int{0}, nan.Index)
}

func TestCompareChecksum(t *testing.T) {
	data := make([]float64, 200)
	for k := range data {
		data[k] = math.Sin(float64(3 * k))
	}
	want := checksum([]int{2, 100}, data)
	require.True(t, CompareTensor(data, want, tight).OK())

	for what, spoil := range map[string]func(v []float64){
		"one element":      func(v []float64) { v[150] += 1e-3 },
		"two exchanged":    func(v []float64) { v[20], v[21] = v[21], v[20] },
		"one sign":         func(v []float64) { v[99] = -v[99] },
		"all signs":        func(v []float64) { scale(v, -1) },
		"a factor":         func(v []float64) { scale(v, 1+1e-6) },
		"not a number":     func(v []float64) { v[100] = math.NaN() },
		"reversed":         slices.Reverse[[]float64],
		"an early element": func(v []float64) { v[5] += 1e-6 },
	} {
		got := slices.Clone(data)
		spoil(got)
		require.False(t, CompareTensor(got, want, tight).OK(), what)
	}

	// Elements within tolerance never fail the checksum, even when all are off
	// in the same direction.
	loose := Tolerance{Rel: 1e-4}
	near := slices.Clone(data)
	for k := range near {
		near[k] += 0.99e-4 * want.MaxAbs()
	}
	require.True(t, CompareTensor(near, want, loose).OK())
}

func scale(v []float64, by float64) {
	for k := range v {
		v[k] *= by
	}
}

func TestChecksumOfAFile(t *testing.T) {
	c := NewChecksum([]float64{1, -2, 3})
	require.Equal(t, &Checksum{Sum: 2, SumSq: 14, WSum: 1 - 4 + 9, MaxAbs: 3, First: []float64{1, -2, 3}}, c)
}

func goldenRun(t *testing.T, name string) (*Case, *reference.Run) {
	t.Helper()
	c, err := Load(filepath.Join(dir, name+".json"))
	require.NoError(t, err)
	run, err := c.Run()
	require.NoError(t, err)
	return c, run
}

// Negative control: spoiling any part of a run is noticed, and the report says
// where.
func TestCompareNoticesEveryPart(t *testing.T) {
	phase := func(r *reference.Run) *reference.PhaseTrace { return r.Batches[0].Phases[0] }
	off := func(ts reference.Tensors, name string) { ts[name].Data[0] += 1e-3 }
	for _, part := range []struct {
		file, path string
		spoil      func(r *reference.Run)
	}{
		{"mlp_tanh_pc_uniform", "logits_eval_initial", func(r *reference.Run) { r.LogitsInitial.Data[0]++ }},
		{"mlp_tanh_pc_uniform", "logits_eval_final", func(r *reference.Run) { r.LogitsFinal = nil }},
		{"mlp_tanh_pc_uniform", "final.params.l1.b", func(r *reference.Run) { off(r.Params, "l1.b") }},
		{"mlp_tanh_pc_uniform", "first_batch.params_after.l1.b", func(r *reference.Run) { off(r.Batches[0].ParamsAfter, "l1.b") }},
		{"mlp_tanh_pc_uniform", "first_batch.weight_grad", func(r *reference.Run) { delete(r.Batches[0].WeightGrad, "l0.b") }},
		{"mlp_tanh_pc_uniform", "per_batch[2].train_logits", func(r *reference.Run) { r.Batches[2].TrainLogits.Data[0]++ }},
		{"mlp_tanh_pc_uniform", "per_batch[1].lr_w", func(r *reference.Run) { r.Batches[1].Rate *= 2 }},
		{"mlp_tanh_pc_uniform", "per_batch[1].w_count", func(r *reference.Run) { r.Batches[1].UpdateCount++ }},
		{"mlp_tanh_pc_uniform", "per_batch[1].settled_total[0]", func(r *reference.Run) { r.Batches[1].Phases[0].SettledTotal++ }},
		{"mlp_tanh_pc_uniform", "per_batch[1].energy_t0[0]", func(r *reference.Run) { r.Batches[1].Phases[0].Steps[0].TotalEnergy++ }},
		{"mlp_tanh_pc_uniform", "number of batches", func(r *reference.Run) { r.Batches = r.Batches[:1] }},
		{"mlp_tanh_pc_uniform", "phases[0].h0.n1", func(r *reference.Run) { off(phase(r).H0, "n1") }},
		{"mlp_tanh_pc_uniform", "output_target", func(r *reference.Run) { phase(r).OutputTarget.Data[0]++ }},
		{"mlp_tanh_pc_uniform", "settled_energy.n1", func(r *reference.Run) { phase(r).SettledEnergy["n1"]++ }},
		{"mlp_tanh_pc_uniform", "weight_energy.n1", func(r *reference.Run) { phase(r).WeightEnergy["n1"]++ }},
		{"mlp_tanh_pc_uniform", "phases[0].weight_grad.l0.W", func(r *reference.Run) { off(phase(r).WeightGrad, "l0.W") }},
		{"mlp_tanh_pc_uniform", "steps[0].grad_h.n0: want exactly zero", func(r *reference.Run) { phase(r).Steps[0].LatentGrad["n0"].Data[0] = 1e-300 }},
		{"mlp_tanh_pc_uniform", "steps[3].grad_h.n0", func(r *reference.Run) { off(phase(r).Steps[3].LatentGrad, "n0") }},
		{"mlp_tanh_pc_uniform", "steps[3].h.n0", func(r *reference.Run) { off(phase(r).Steps[3].Latents, "n0") }},
		{"mlp_tanh_pc_uniform", "steps[3].node_energy.n2", func(r *reference.Run) { phase(r).Steps[3].NodeEnergy["n2"]++ }},
		{"mlp_tanh_pc_uniform", "steps[1].node_energy", func(r *reference.Run) { phase(r).Steps[1].NodeEnergy["n0"] = 0 }},
		{"mlp_tanh_pc_uniform", "steps[3].precision[1]", func(r *reference.Run) { phase(r).Steps[3].Precision[1]++ }},
		{"mlp_tanh_pc_uniform", "steps[1].start_level", func(r *reference.Run) { phase(r).Steps[1].StartLevel-- }},
		{"mlp_tanh_pc_uniform", "steps[4]: is missing", func(r *reference.Run) { phase(r).Steps[4] = nil }},
		{"mlp_tanh_pc_uniform", "phase 0 has no first step", func(r *reference.Run) { r.Batches[2].Phases[0].Steps = nil }},
		{"mlp_tanh_pc_uniform", "per_batch[2]: is missing", func(r *reference.Run) { r.Batches[2] = nil }},
		{"nudge_centred", "phases[1].beta", func(r *reference.Run) { *r.Batches[0].Phases[1].Beta *= -1 }},
		{"nudge_centred", "phases[0].beta is null", func(r *reference.Run) { phase(r).Beta = nil }},
		{"backprop_se", "per_batch[0].loss", func(r *reference.Run) { r.Batches[0].Loss++ }},
		{"batchnorm_unfrozen", "bn_state_init.l0.mean", func(r *reference.Run) { off(phase(r).StatsInit, "l0.mean") }},
		{"batchnorm_unfrozen", "steps[2].bn_state.l1.var", func(r *reference.Run) { off(phase(r).Steps[2].Stats, "l1.var") }},
		{"batchnorm_unfrozen", "bn_state_after.l1.var", func(r *reference.Run) { off(r.Batches[0].StatsAfter, "l1.var") }},
		{"batchnorm_unfrozen", "final.bn_state.l1.var", func(r *reference.Run) { off(r.Stats, "l1.var") }},
		{"batchnorm_unfrozen", "h0.n0", func(r *reference.Run) { off(phase(r).H0, "n0") }},
		{"ipc_batchnorm", "settled_update: there is no", func(r *reference.Run) { phase(r).SettledUpdate = nil }},
		{"ipc_batchnorm", "settled_update.weight_grad.l0.W", func(r *reference.Run) { off(phase(r).SettledUpdate.WeightGrad, "l0.W") }},
		{"ipc_batchnorm", "settled_update.total_energy", func(r *reference.Run) { phase(r).SettledUpdate.TotalEnergy++ }},
		{"ipc_batchnorm", "steps[1].lr_w", func(r *reference.Run) { phase(r).Steps[1].Update.Rate *= 2 }},
		{"ipc_batchnorm", "steps[1].zero_grad_params", func(r *reference.Run) { phase(r).Steps[1].Update.ZeroGradParams = nil }},
		{"ipc_batchnorm", "steps[1].params_after.l2.b", func(r *reference.Run) { off(phase(r).Steps[1].Update.ParamsAfter, "l2.b") }},
		{"ipc_batchnorm", "steps[1].weight_grad.l2.b", func(r *reference.Run) { off(phase(r).Steps[1].Update.WeightGrad, "l2.b") }},
	} {
		t.Run(part.file+"/"+part.path, func(t *testing.T) {
			c, run := goldenRun(t, part.file)
			require.NoError(t, Compare(c, run, Float64(c)).Err())
			part.spoil(run)
			require.ErrorContains(t, Compare(c, run, Float64(c)).Err(), part.path)
		})
	}
}

func TestComparePartial(t *testing.T) {
	c, run := goldenRun(t, "mlp_tanh_pc_uniform")
	some := &reference.Run{Params: run.Params, Batches: []*reference.BatchTrace{
		{WeightGrad: run.Batches[0].WeightGrad, Rate: 0.1, UpdateCount: 1},
		{Rate: 0.1, UpdateCount: 2},
		{Rate: 0.1, UpdateCount: 3},
	}}
	report := ComparePartial(c, some, Float64(c))
	require.NoError(t, report.Err())
	require.Greater(t, report.Compared, 12)
	require.Less(t, report.Compared, 30)
	require.Error(t, Compare(c, some, Float64(c)).Err())

	some.Params["l0.W"].Data[0] += 1e-3
	require.ErrorContains(t, ComparePartial(c, some, Float64(c)).Err(), "final.params.l0.W")
	require.ErrorContains(t, ComparePartial(c, &reference.Run{}, Float64(c)).Err(), "nothing was compared")

	loose := func(Quantity, string) Tolerance { return Tolerance{Abs: 1e-2} }
	require.NoError(t, ComparePartial(c, some, loose).Err())
}

func TestAbsorbedBiases(t *testing.T) {
	c, err := Load(filepath.Join(dir, "conv_batchnorm.json"))
	require.NoError(t, err)
	biases, means := c.Network.Absorbed()
	require.Equal(t, map[string]bool{"l0.b": true, "l1.b": true}, biases)
	require.Equal(t, map[string]bool{"l0.mean": true, "l1.mean": true}, means)
	policy := Float64(c)
	require.Equal(t, Tolerance{Abs: 1e-13}, policy(WeightGrad, "l0.b"))
	require.Equal(t, 1e-7, policy(Param, "l0.b").Abs)
	require.Equal(t, 1e-10, policy(Param, "l2.b").Abs)
}
