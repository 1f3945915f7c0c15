package models

import (
	"fmt"

	"github.com/gopcn/gopcn/pcn"
)

// resnets are how many blocks each of the four stages has.
var resnets = map[string][4]int{
	"resnet10": {1, 1, 1, 1},
	"resnet18": {2, 2, 2, 2},
}

// ResNet returns a residual network: a convolution to 64 channels, four stages
// of so many basic blocks with 64, 128, 256 and 512 channels, the first block of
// a later stage with stride 2, and a dense output on the average over the image.
// A block is twice activation, convolution and, if asked for, batch
// normalisation; each half is a node. No convolution has a bias.
//
// Where a block changes the shape, a convolution 1x1 takes the skip connection
// along. With auxiliary nodes every skip connection passes through one node for
// each half, so that all edges span one level; identities have the weight
// 1/LatentRate, the node that a downsample predicts has 1. Without them an
// identity has no node: what the block's input is summed of joins the sources of
// the next block; and a downsample is a single node beside the block's second
// half.
func ResNet(blocks [4]int, o Options) (*pcn.Network, error) {
	if err := o.check(); err != nil {
		return nil, err
	}
	if !o.NoAux && !(o.LatentRate > 0) {
		return nil, fmt.Errorf("models: the latent rate %v is not positive; auxiliary nodes have the weight 1/rate", o.LatentRate)
	}
	r := resnet{o: o, b: pcn.NewBuilder(o.Input)}
	r.channels = o.scaled(64)
	r.x = []int{r.b.Node("stem", []int{pcn.Input}, pcn.Conv2D(r.channels, 3, 1, 1, false))}
	for stage, count := range blocks {
		for i := range count {
			stride := 1
			if stage > 0 && i == 0 {
				stride = 2
			}
			r.block(o.scaled(64<<stage), stride)
		}
	}
	r.b.Node("out", r.x, pcn.Activate(o.Activation), pcn.GlobalAvgPool(), pcn.Dense(o.Classes, true))
	return r.b.Build()
}

// resnet is a residual network in the making.
type resnet struct {
	o        Options
	b        *pcn.Builder
	x        []int // nodes whose sum is the input of the next block
	channels int   // of x
	level    int   // of the highest of x
	number   int   // of the next block
}

func (r *resnet) block(channels, stride int) {
	down := stride != 1 || channels != r.channels
	name := func(part string) string { return fmt.Sprintf("block%d.%s", r.number, part) }
	skip := func(part string, level int, sources []int) pcn.Node {
		return pcn.Node{Name: name(part), Level: level, Role: pcn.Skip, Sources: sources}
	}
	half := func(part string, level, stride int, sources []int) int {
		ops := []pcn.Op{pcn.Activate(r.o.Activation), pcn.Conv2D(channels, 3, stride, 1, false)}
		if r.o.BatchNorm {
			ops = append(ops, pcn.BatchNorm())
		}
		return r.b.Add(pcn.Node{Name: name(part), Level: level, Sources: sources, Ops: ops})
	}
	identity := float32(1)
	if !r.o.NoAux {
		identity = 1 / r.o.LatentRate
	}
	a := half("a", r.level+1, stride, r.x)
	shortcut := r.x
	if !r.o.NoAux {
		s1 := skip("s1", r.level+1, r.x)
		if down {
			s1.Ops = []pcn.Op{pcn.Conv2D(channels, 1, stride, 0, false)}
		} else {
			s1.Weight = identity
		}
		shortcut = []int{r.b.Add(s1)}
	}
	c := half("c", r.level+2, 1, []int{a})
	switch {
	case !r.o.NoAux:
		s2 := skip("s2", r.level+2, shortcut)
		s2.Weight = identity
		shortcut = []int{r.b.Add(s2)}
	case down:
		s := skip("s", r.level+2, r.x)
		s.Ops = []pcn.Op{pcn.Conv2D(channels, 1, stride, 0, false)}
		shortcut = []int{r.b.Add(s)}
	}
	r.x = append([]int{c}, shortcut...)
	r.channels, r.level = channels, r.level+2
	r.number++
}
