package audit

import (
	"context"
	"math"
	"math/rand/v2"
	"sync"

	"github.com/gopcn/gopcn/kernels"
	"github.com/gopcn/gopcn/pcn"
	"github.com/gopcn/gopcn/pcn/internal/reference"
	"github.com/gopcn/gopcn/pcn/internal/twin"
)

// check holds the gradients of a batch against the reference.
func (a *auditor) check(ctx context.Context, levels []Level, batch pcn.Samples) error {
	rule, err := newProbe(a.rule, batch)
	if err != nil {
		return err
	}
	if err := ctx.Err(); err != nil {
		return err
	}
	backprop := rule
	if a.rule.Config().Rule != pcn.BP {
		if backprop, err = newProbe(a.backprop, batch); err != nil {
			return err
		}
	}
	for i, r := range rule.rounding() {
		levels[i].Rounding = r
	}
	pool := kernels.NewPool(a.rule.Config().Workers)
	defer pool.Close()
	pool.Run(&checks{ctx: ctx, options: &a.options, rule: rule, backprop: backprop, levels: levels})
	return nil
}

// checks are those of all levels, as a task of a pool.
type checks struct {
	ctx            context.Context
	options        *Options
	rule, backprop *probe
	levels         []Level

	lock sync.Mutex
	done int
}

// Run does a worker's levels.
func (c *checks) Run(worker, workers int) {
	for i := worker; i < len(c.levels); i += workers {
		if c.ctx.Err() != nil {
			return
		}
		l := &c.levels[i]
		l.Check = c.rule.level(i, c.options.Directions)
		l.BackpropCheck = l.Check
		if c.backprop != c.rule {
			l.BackpropCheck = c.backprop.level(i, c.options.Directions)
		}
		c.tell()
	}
}

// tell says that another level is done.
func (c *checks) tell() {
	c.lock.Lock()
	defer c.lock.Unlock()
	c.done++
	if c.options.OnLevel != nil {
		c.options.OnLevel(c.done, len(c.levels))
	}
}

// A probe holds the gradient of a trainer against its float64 twin.
type probe struct {
	net    *reference.Network
	hyper  reference.Hyper
	x, y   *reference.Tensor
	params []pcn.Tensor
	of     []int // their levels
	stats  pcn.Statistics

	trace     *reference.BatchTrace
	got, want reference.Tensors // gradients of the trainer and of the twin
}

func newProbe(t *pcn.Trainer, batch pcn.Samples) (*probe, error) {
	p := &probe{
		net: twin.Network(t.Network(), t.Config().Loss), hyper: twin.Hyper(t.Config()),
		params: t.Parameters(), of: levelsOf(t.Network()), stats: t.Statistics(),
		got: twin.Tensors(t.Gradients(batch)),
	}
	p.x, p.y = twin.Batch(batch, t.Network())
	// Incremental weights stay where they are.
	p.hyper.Weights = reference.WeightRule{Kind: reference.SGD, Rate: reference.Constant(0), SkipZero: reference.SkipOff}
	var err error
	if p.trace, err = p.at(twin.Tensors(p.params)).TrainBatch(p.x, p.y); err != nil {
		return nil, err
	}
	p.want = p.trace.TotalWeightGrad()
	return p, nil
}

// at returns a twin with other parameters.
func (p *probe) at(params reference.Tensors) *reference.Trainer {
	tr, err := reference.NewTrainer(p.net, p.hyper, params, twin.Tensors(p.stats.Tensors))
	if err != nil {
		panic(err) // a trainer has accepted the same network and settings
	}
	if p.stats.Moved {
		tr.ContinueStatistics()
	}
	return tr
}

// norm is that of a level's part of a gradient.
func (p *probe) norm(level int, gradient reference.Tensors) float64 {
	sum := 0.0
	for i, l := range p.of {
		if l == level {
			sum += square(gradient[p.params[i].Name])
		}
	}
	return math.Sqrt(sum)
}

// level returns the largest difference between a level's gradient and the
// reference, relative to the larger of both: along the gradient itself, as a unit
// vector, and along random directions that have +1 or -1 for every parameter.
// Along such a direction a gradient that is off by d differs by about |d|.
func (p *probe) level(level, directions int) float64 {
	norm := p.norm(level, p.got)
	size := math.Max(norm, p.norm(level, p.want))
	if size == 0 {
		return 0
	}
	worst := 0.0
	try := func(component func(g float64) float64) {
		d := p.along(p.direction(level, component), level)
		worst = math.Max(worst, math.Abs(d)/size)
	}
	if norm > 0 {
		try(func(g float64) float64 { return g / norm })
	}
	random := rand.New(rand.NewPCG(uint64(level), 1))
	for range directions {
		try(func(float64) float64 { return float64(2*random.IntN(2) - 1) })
	}
	return worst
}

// direction makes a direction in the space of a level's parameters, given what it
// has for each component of the gradient.
func (p *probe) direction(level int, component func(g float64) float64) reference.Tensors {
	d := reference.Tensors{}
	for i, l := range p.of {
		if name := p.params[i].Name; l == level {
			d[name] = p.got[name].Clone()
			for k, g := range d[name].Data {
				d[name].Data[k] = component(g)
			}
		}
	}
	return d
}

// step is the size of the central differences: small enough that hardly a ReLU
// or a maximum changes its mind, and large for float64.
const step = 1e-7

// along returns by how much the gradient along a direction differs from the
// central difference of the energy.
func (p *probe) along(direction reference.Tensors, level int) float64 {
	slope := 0.0
	for _, name := range direction.Names() {
		for k, g := range p.got[name].Data {
			slope += g * direction[name].Data[k]
		}
	}
	var energy [2]float64
	for i, h := range []float64{step, -step} {
		params := twin.Tensors(p.params)
		for name, d := range direction {
			for k, v := range d.Data {
				params[name].Data[k] += h * v
			}
		}
		energy[i] = p.at(params).WeightEnergy(p.trace, p.x, p.y, level)
	}
	return slope - (energy[0]-energy[1])/(2*step)
}
