package main

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"

	"github.com/gopcn/gopcn/pcn"
	"github.com/gopcn/gopcn/pcn/checkpoint"
	"github.com/gopcn/gopcn/pcn/cmd/pcn/internal/cli"
	"github.com/gopcn/gopcn/pcn/cmd/pcn/internal/run"
)

var exportCommand = command{
	name:    "export",
	summary: "weights for other programs: safetensors or npz",
	usage: `Usage: pcn export [flags] run file
       pcn export [flags] -weights file file

Writes the weights of a trained network to a new file, as its name ends:
.safetensors (PyTorch and others) or .npz (NumPy). The run is the folder of pcn
train -out, or a file in it. Convolutions are [out, in, height, width], dense
layers [out, in]; columns behind a flattened image count channel, height, width.

  pcn export runs/bp weights.safetensors
  pcn export runs/bp -best weights.npz
`,
	groups: func() []cli.Group { return newExportFlags().groups() },
	run:    export,
}

func newExportFlags() *modelFlags { return &modelFlags{settings: run.Defaults()} }

func export(_ context.Context, args []string, s cli.Streams) error {
	f := newExportFlags()
	m, rest, err := f.open("export", func() []cli.Group { return f.groups() }, args)
	if err != nil {
		return err
	}
	if len(rest) != 1 {
		return cli.Usagef("name one file to write, such as weights.safetensors or weights.npz")
	}
	path := rest[0]
	save, known := map[string]func(string, pcn.Weights) error{
		".safetensors": checkpoint.SaveWeights, ".npz": checkpoint.SaveNPZ,
	}[filepath.Ext(path)]
	if !known {
		return cli.Usagef("%s: the name must end in .safetensors or .npz, which says the format", path)
	}
	if _, err := os.Lstat(path); !errors.Is(err, fs.ErrNotExist) {
		return fmt.Errorf("%s is there already, and nothing is overwritten: name a new file, or remove it", path)
	}
	if err := save(path, m.weights); err != nil {
		return err
	}
	values := 0
	for _, t := range append(m.weights.Parameters, m.weights.Statistics.Tensors...) {
		values += len(t.Data)
	}
	_, err = fmt.Fprintf(s.Out, "%s: %d arrays of %s values, from %s\n", path,
		len(m.weights.Parameters)+len(m.weights.Statistics.Tensors), cli.Grouped(float64(values)), m.file)
	return err
}
