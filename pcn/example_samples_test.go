package pcn_test

import (
	"fmt"
	"math/rand/v2"

	"github.com/gopcn/gopcn/kernels"
	"github.com/gopcn/gopcn/pcn"
	"github.com/gopcn/gopcn/pcn/data"
	"github.com/gopcn/gopcn/pcn/models"
)

// A point lies in a square; its class is the ring around the middle that it is
// in.
type point [2]float32

func (p point) class() int {
	square := float32(p[0]*p[0]) + float32(p[1]*p[1])
	switch {
	case square < 0.2:
		return 0
	case square < 0.6:
		return 1
	}
	return 2
}

// points are samples.
type points []point

func (p points) Len() int                  { return len(p) }
func (p points) Fill(dst []float32, i int) { copy(dst, p[i][:]) }
func (p points) Label(i int) int           { return p[i].class() }

// A part of points are some of them in some order.
type part struct {
	points
	order []int32
}

func (p *part) Len() int                  { return len(p.order) }
func (p *part) Fill(dst []float32, i int) { p.points.Fill(dst, int(p.order[i])) }
func (p *part) Label(i int) int           { return p.points.Label(int(p.order[i])) }

// Data of one's own, in a loop of one's own.
func ExampleSamples() {
	random := rand.New(rand.NewPCG(1, 2))
	all := make(points, 1280)
	for i := range all {
		all[i] = point{2*random.Float32() - 1, 2*random.Float32() - 1}
	}
	train, test := all[:1024], all[1024:]

	net, err := models.MLP([]int{2, 32, 32, 3}, kernels.GELU)
	if err != nil {
		fmt.Println(err)
		return
	}
	cfg := pcn.DefaultConfig()
	cfg.Batch, cfg.Loss, cfg.Gain = 32, pcn.CrossEntropy, 2
	cfg.Optimizer.Rate = pcn.Constant(0.005)
	trainer, err := pcn.NewTrainer(net, cfg)
	if err != nil {
		fmt.Println(err)
		return
	}
	defer trainer.Close()

	order := make([]int32, train.Len())
	batch := &part{points: train}
	for epoch := range 20 {
		data.Order(order, cfg.Seed, epoch)
		loss := 0.0
		for lo := 0; lo < len(order); lo += cfg.Batch {
			batch.order = order[lo : lo+cfg.Batch]
			loss += trainer.Step(batch).Loss
		}
		if epoch%5 == 4 {
			loss /= float64(len(order) / cfg.Batch)
			fmt.Printf("epoch %d: loss %.3f, test accuracy %.1f %%\n", epoch, loss, 100*trainer.Evaluate(test).Accuracy())
		}
	}
	// Output:
	// epoch 4: loss 0.156, test accuracy 95.3 %
	// epoch 9: loss 0.101, test accuracy 97.3 %
	// epoch 14: loss 0.084, test accuracy 97.3 %
	// epoch 19: loss 0.068, test accuracy 97.7 %
}
