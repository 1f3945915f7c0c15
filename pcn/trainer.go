package pcn

import (
	"fmt"

	"github.com/gopcn/gopcn/kernels"
)

// A Trainer holds a network's parameters, its optimiser's state and all memory
// that training takes, planned once: a step allocates nothing. It serves one
// goroutine at a time and computes with the workers of its own pool, which
// Close ends.
//
// Parameters after any number of steps are a pure function of network,
// configuration and data: the same bits for any number of workers and on every
// instruction tier.
type Trainer struct {
	net      *Network
	cfg      Config
	children [][]int
	params   []*param // canonical order
	norms    []*norm
	nodes    []nodeState
	x        kernels.Matrix
	zero     kernels.Matrix // feedback of nothing
	plan     *plan
	updater  updater
	pool     *kernels.Pool
	lanes    []lane
	job      job

	barrier barrier              // of networks with norms
	sums    [2][2]kernels.Matrix // two generations of the samples' sums
	moved   bool                 // running statistics are no longer the initial ones

	losses  []float32 // of the forward pass, by sample
	correct []bool

	watching bool
	energies energies
	tracing  bool
	recorder *recorder
	held     *heldGradients // weights stay where they are

	// observe, if set, is called by the only lane of a test's trainer.
	observe func(event event, step int)
}

// Stats are what a step tells about its batch, before the weights move.
type Stats struct {
	Samples int     // of the batch, or of all that were evaluated
	Loss    float64 // energy of the output in the forward pass, per sample
	Correct int     // samples whose largest output was that of their class
}

// NewTrainer validates the network, checks the settings, plans the memory and
// starts the workers, which [Trainer.Close] ends. The initial parameters are those
// of [InitialParameters]. Errors are those of [Network.Validate] and
// [Config.Check].
func NewTrainer(net *Network, cfg Config) (*Trainer, error) {
	return newTrainer(net, cfg, allShortcuts)
}

func newTrainer(net *Network, cfg Config, use shortcuts) (*Trainer, error) {
	if err := net.Validate(); err != nil {
		return nil, err
	}
	if err := cfg.Check(net); err != nil {
		return nil, err
	}
	t := &Trainer{net: net, cfg: cfg.withDefaults(net), children: net.children()}
	t.params = newParams(net, InitialParameters(net, t.cfg.Seed, t.cfg.Gain))
	for _, p := range t.params {
		p.learn(&t.cfg)
	}
	t.x = kernels.NewMatrix(cfg.Batch, net.Input.Len())
	t.losses, t.correct = make([]float32, cfg.Batch), make([]bool, cfg.Batch)
	t.nodes, t.norms = newStates(net, &t.cfg, t.params)
	freeze(&t.cfg, net, t.nodes)
	allocate(net, &t.cfg, t.nodes, use)
	t.plan = newPlan(net, &t.cfg, t.nodes, t.x, use)
	if width := t.plan.zeroWidth(t.nodes); width > 0 {
		t.zero = kernels.NewMatrix(cfg.Batch, width)
	}
	t.pool = t.cfg.Kernels.NewPool(cfg.Workers)
	t.lanes = make([]lane, t.pool.Size())
	for i := range t.lanes {
		t.lanes[i] = newLane(t.cfg.Kernels, t.x, t.nodes, t.norms)
		t.lanes[i].t = t
	}
	t.barrier.wake.L = &t.barrier.lock
	t.sums = newSums(t.norms, cfg.Batch)
	t.updater = newUpdater(&t.cfg, t.nodes, len(t.lanes))
	t.energies = newEnergies(net, t.cfg.Batch)
	t.job.t = t
	return t, nil
}

// Close ends the trainer's workers and waits for them. What computes panics from
// then on; what copies state, such as [Trainer.Snapshot], [Trainer.Weights] and
// [Trainer.Predictor], still works. A second Close does nothing.
func (t *Trainer) Close() { t.pool.Close() }

// Network returns the network, which must not be changed.
func (t *Trainer) Network() *Network { return t.net }

// Config returns the settings with what their zero values stand for.
func (t *Trainer) Config() Config { return t.cfg }

// zeros is a matrix of zeros of at least the given width.
func (t *Trainer) zeros(width int) kernels.Matrix {
	m := t.zero
	m.Cols = width
	return m
}

// Step trains on one batch of at most Config.Batch samples and returns what
// its forward pass said. It panics if there are no or too many samples, if a label
// is not less than the number of outputs, or after Close. A panic of Fill in a
// worker's goroutine ends the program.
func (t *Trainer) Step(s Samples) Stats {
	n := t.begin(s)
	switch t.cfg.Rule {
	case BP:
		t.run(jobBackprop)
		t.update(&t.plan.final, 1)
	case IPC:
		t.run(jobForward)
		for i := range t.plan.steps {
			t.job.step = i
			t.run(jobStep)
			t.update(&t.plan.steps[i].update, 1)
			t.notify(afterUpdate, i)
		}
		if t.plan.final.gradients != nil {
			t.run(jobSettle)
			t.update(&t.plan.final, 1)
			t.notify(afterUpdate, len(t.plan.steps))
		}
		if t.watching || t.tracing {
			t.run(jobEnergies)
		}
	default:
		t.relax()
	}
	if t.watching {
		t.energies.samples = n
	}
	if t.tracing {
		t.recorder.samples = n
	}
	t.job.samples = nil
	return t.stats(n)
}

func (t *Trainer) begin(s Samples) int {
	n := s.Len()
	if n < 1 || n > t.cfg.Batch {
		panic(fmt.Sprintf("pcn: %d samples in a batch; there must be 1 to %d (Config.Batch)", n, t.cfg.Batch))
	}
	for i := range n {
		t.checkLabel(s.Label(i))
	}
	t.job.samples, t.job.rows = s, n
	return n
}

// checkLabel panics here, in the caller's goroutine, rather than in a worker's.
func (t *Trainer) checkLabel(label int) {
	if classes := t.nodes[len(t.nodes)-1].width; label < 0 || label >= classes {
		panic(fmt.Sprintf("pcn: the label %d is not one of the network's %d outputs", label, classes))
	}
}

// relax runs one relaxation, or both of centred nudging, and the weight update.
func (t *Trainer) relax() {
	t.job.phase, t.job.nudge = 0, 0
	signs := t.cfg.Nudge.signs()
	if signs == nil {
		t.run(jobRelax)
		t.update(&t.plan.final, 1)
		return
	}
	t.saveStatistics()
	for i, sign := range signs {
		t.restoreStatistics()
		b := sign * float64(t.cfg.Beta)
		t.job.phase, t.job.nudge = i, float32(b)
		t.run(jobRelax)
		if i < len(signs)-1 {
			t.gradients(&t.plan.final, b)
			continue
		}
		t.update(&t.plan.final, b)
	}
}

func (t *Trainer) stats(n int) Stats {
	s := Stats{Samples: n}
	for i := range n {
		s.Loss += float64(t.losses[i])
		if t.correct[i] {
			s.Correct++
		}
	}
	s.Loss /= float64(n)
	return s
}
