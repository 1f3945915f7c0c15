package checkpoint

import (
	"fmt"
	"io"
	"reflect"
	"slices"
	"strings"

	"github.com/gopcn/gopcn/pcn"
	"github.com/gopcn/gopcn/pcn/npz"
	"github.com/gopcn/gopcn/pcn/safetensors"
)

// SaveWeights writes weights alone to a file, as [WriteFile] does: parameters and
// running statistics, without what an optimiser remembers. Equal weights are
// equal bytes.
func SaveWeights(path string, w pcn.Weights) error {
	return save(path, &safetensors.File{
		Metadata: map[string]string{keyFormat: "pt", keyKind: kindWeights},
		Tensors:  slices.Concat(renamed("", w.Parameters), renamed("", w.Statistics.Tensors)),
	})
}

// SaveNPZ writes weights to a file that numpy.load reads, with the names and the
// layouts of SaveWeights.
func SaveNPZ(path string, w pcn.Weights) error {
	return WriteFile(path, func(out io.Writer) error {
		file := npz.NewWriter(out)
		for _, t := range slices.Concat(renamed("", w.Parameters), renamed("", w.Statistics.Tensors)) {
			if err := file.Write(t.Name, t.Shape, t.Data); err != nil {
				return err
			}
		}
		return file.Close()
	})
}

// LoadWeights reads the weights for a network, which must be valid, from a file
// of SaveWeights, from a checkpoint, or from a file that another program wrote
// with the same names and shapes. Values of other types are converted to the
// nearest float32. The file must have each of the network's tensors and no
// others; what it may have besides are PyTorch's num_batches_tracked.
func LoadWeights(path string, net *pcn.Network) (pcn.Weights, error) {
	f, err := load(path)
	if err != nil {
		return pcn.Weights{}, err
	}
	w, initial := pcn.InitialWeights(net, 0, 1), pcn.InitialWeights(net, 0, 1)
	if err := fill(&w, f); err != nil {
		return pcn.Weights{}, fmt.Errorf("checkpoint: %s: %w: %w; give it the network that the weights are of", path, ErrMismatch, err)
	}
	w.Statistics.Moved = !reflect.DeepEqual(w.Statistics, initial.Statistics)
	return w, nil
}

// fill replaces initial weights by those of a file.
func fill(w *pcn.Weights, f *safetensors.File) error {
	all := byName(f.Tensors)
	for _, list := range [][]pcn.Tensor{w.Parameters, w.Statistics.Tensors} {
		for i := range list {
			name := torchName(list[i].Name)
			t, ok := all[name]
			switch {
			case !ok:
				return fmt.Errorf("it has no %q, of the shape %v, which the network needs", name, list[i].Shape)
			case !slices.Equal(t.Shape, list[i].Shape):
				return fmt.Errorf("%q has the shape %v, but the network needs %v", name, t.Shape, list[i].Shape)
			}
			delete(all, name)
			t.Name = list[i].Name
			list[i] = t
		}
	}
	for _, t := range f.Tensors {
		if _, left := all[t.Name]; left && !besides(t.Name, f.Metadata[keyKind]) {
			return fmt.Errorf("it has %q, of the shape %v, which the network knows nothing of", t.Name, t.Shape)
		}
	}
	return nil
}

// besides reports whether a file may have a tensor that is no weight.
func besides(name, kind string) bool {
	return strings.HasSuffix(name, ".num_batches_tracked") || kind == kindCheckpoint && strings.HasPrefix(name, "optimizer.")
}
