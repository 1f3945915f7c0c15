package pcn

import "fmt"

// lowestTrained is the lowest level whose parameters move.
func (c *Config) lowestTrained(net *Network) int { return net.Levels() - c.TrainTop }

func (c Config) checkTop(net *Network) error {
	if levels := net.Levels(); c.TrainTop < 0 || c.TrainTop > levels {
		return fmt.Errorf("pcn: TrainTop is %d; set it to 0 for all levels, or to 1 to %d", c.TrainTop, levels)
	}
	return nil
}

// freeze marks the parameters of levels that do not learn.
func freeze(cfg *Config, net *Network, nodes []nodeState) {
	lowest := cfg.lowestTrained(net)
	for i := range nodes {
		for k := range nodes[i].stages {
			for _, p := range nodes[i].stages[k].params() {
				p.frozen = nodes[i].Level < lowest
			}
		}
	}
}

// params are the parameters of a stage, in canonical order.
func (s *stage) params() []*param {
	var list []*param
	if d := s.layer; d != nil {
		list = append(list, d.w)
		if d.b != nil {
			list = append(list, d.b)
		}
	}
	if m := s.norm; m != nil {
		list = append(list, m.gamma, m.beta)
	}
	return list
}

// normalised reports whether the node has running statistics.
func (n *nodeState) normalised() bool {
	for k := range n.stages {
		if n.stages[k].norm != nil {
			return true
		}
	}
	return false
}

// learns reports whether the node has parameters that move.
func (n *nodeState) learns() bool { return n.lowestLearner() < len(n.stages) }

// lowestLearner is the first stage with parameters that move: what is below
// needs no error where only they do. It is the number of stages if there is none.
func (n *nodeState) lowestLearner() int {
	for k := range n.stages {
		for _, p := range n.stages[k].params() {
			if !p.frozen {
				return k
			}
		}
	}
	return len(n.stages)
}
