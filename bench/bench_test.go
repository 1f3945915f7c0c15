package main

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/gopcn/gopcn/kernels"
	"github.com/gopcn/gopcn/tune/measure"
)

// The Go benchmarks are the jobs of the command on one thread, under names that
// benchstat takes apart:
//
//	go test ./bench -run - -bench Product/op=NT/shape=128x512x512 -count 10 >new.txt
//	benchstat -col /packed new.txt

func BenchmarkProduct(b *testing.B)     { benchmark(b, products) }
func BenchmarkEpilogue(b *testing.B)    { benchmark(b, fused) }
func BenchmarkActivation(b *testing.B)  { benchmark(b, activations) }
func BenchmarkUpdate(b *testing.B)      { benchmark(b, updates) }
func BenchmarkConvolution(b *testing.B) { benchmark(b, convolutions) }

func benchmark(b *testing.B, jobs jobList) {
	s := &settings{}
	handles, err := s.handles()
	require.NoError(b, err)
	for _, h := range handles {
		m := measure.NewMeter(h.ISA(), 1)
		defer m.Close()
		err := jobs(h, m, s, func(list []job) error {
			for i := range list {
				list[i].benchmark(b)
			}
			return nil
		})
		require.NoError(b, err)
	}
}

func (j *job) benchmark(b *testing.B) {
	loop := func(name string, run func()) {
		b.Run(name, func(b *testing.B) { measureLoop(b, run, j.flops, j.elements, j.bytes) })
	}
	if j.unfused == nil {
		loop(j.row.benchmarkName(), j.run)
		return
	}
	loop(j.row.benchmarkName()+"/form=fused", j.run)
	loop(j.row.benchmarkName()+"/form=apart", j.unfused)
}

func measureLoop(b *testing.B, run func(), flops, elements, bytes float64) {
	for b.Loop() {
		run()
	}
	seconds := b.Elapsed().Seconds() / float64(b.N)
	if flops > 0 {
		b.ReportMetric(flops/seconds/1e9, "GFLOP/s")
		return
	}
	b.ReportMetric(seconds/elements*1e9, "ns/element")
	b.ReportMetric(bytes/seconds/1e9, "GB/s")
}

// benchmarkName makes key=value parts of a row's names.
func (r *row) benchmarkName() string {
	var parts []string
	add := func(key, value string) {
		if value != "" {
			parts = append(parts, key+"="+strings.ReplaceAll(value, " ", "-"))
		}
	}
	switch r.Kernel {
	case "gemm", "conv", "update": // the benchmark has no other
	default:
		add("kernel", r.Kernel)
	}
	add("op", r.Op)
	add("act", r.Act)
	add("shape", r.Shape)
	if r.Kernel == "gemm" {
		add("packed", map[bool]string{true: "yes", false: "no"}[r.Packed])
	}
	add("isa", r.ISA)
	return strings.Join(parts, "/")
}

// BenchmarkStep is a training step of 128 samples on all workers.
func BenchmarkStep(b *testing.B) {
	for i := range trainings {
		t := &trainings[i]
		b.Run("net="+t.name, func(b *testing.B) {
			trainer, err := t.trainer(kernels.Default(), 0, trainBatch)
			require.NoError(b, err)
			defer trainer.Close()
			batch := noise(trainer.Network(), trainBatch)
			b.ReportAllocs()
			for b.Loop() {
				trainer.Step(batch)
			}
			seconds := b.Elapsed().Seconds() / float64(b.N)
			b.ReportMetric(trainBatch/seconds, "samples/s")
			b.ReportMetric(trainer.Work(trainBatch).Necessary/seconds/1e9, "GFLOP/s")
		})
	}
}
