package golden

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
)

// Schema is the version of the case files this package reads.
const Schema = "pc-golden/1"

// Files returns the case files of a directory, in ascending order: every
// *.json but the tables.
func Files(dir string) ([]string, error) {
	all, err := filepath.Glob(filepath.Join(dir, "*.json"))
	if err != nil {
		return nil, err
	}
	files := slices.DeleteFunc(all, func(path string) bool {
		return strings.HasPrefix(filepath.Base(path), "table_")
	})
	if len(files) == 0 {
		return nil, fmt.Errorf("golden: no case files in %s", dir)
	}
	return files, nil
}

// Load reads a case file.
func Load(path string) (*Case, error) {
	b, err := os.ReadFile(path)
	if err != nil {
		return nil, err
	}
	c, err := Parse(b)
	if err != nil {
		return nil, fmt.Errorf("golden: %s: %w", filepath.Base(path), err)
	}
	return c, nil
}

// Parse decodes a case and checks that it is complete and consistent.
func Parse(b []byte) (*Case, error) {
	o, err := parseObject(b, "case")
	if err != nil {
		return nil, err
	}
	c := &Case{}
	var schema string
	o.oneOf("schema", &schema, Schema)
	o.need("case", &c.Name)
	o.may("description", &c.Description)
	o.sub("network", c.Network.decode)
	o.sub("hyper", c.Hyper.decode)
	o.need("batch_size", &c.BatchSize)
	o.need("params", &c.Params)
	o.need("bn_state", &c.Stats)
	o.list("batches",
		func(n int) { c.Batches = make([]Batch, n) },
		func(i int, s *object) {
			s.need("x", &c.Batches[i].X)
			s.need("y", &c.Batches[i].Y)
		})
	o.need("eval_x", &c.EvalX)
	var expected json.RawMessage
	o.need("expected", &expected)
	if err := o.done(); err != nil {
		return nil, err
	}
	if c.Expected, err = decodeExpected(expected); err != nil {
		return nil, err
	}
	if err := c.check(); err != nil {
		return nil, err
	}
	return c, nil
}

// check looks for what decoding cannot see: tensors that must be full, shapes,
// names, and expectations that must be there.
func (c *Case) check() error {
	for _, group := range []map[string]*Tensor{c.Params, c.Stats} {
		for name, t := range group {
			if err := wantFull(name, t); err != nil {
				return err
			}
		}
	}
	if len(c.Batches) == 0 {
		return fmt.Errorf("there are no batches")
	}
	for i, b := range c.Batches {
		if err := wantFull(fmt.Sprintf("batches[%d].x", i), b.X); err != nil {
			return err
		}
		if err := wantFull(fmt.Sprintf("batches[%d].y", i), b.Y); err != nil {
			return err
		}
		if len(b.X.Shape) == 0 || b.X.Shape[0] != c.BatchSize {
			return fmt.Errorf("batches[%d].x: shape %v is no batch of %d", i, b.X.Shape, c.BatchSize)
		}
	}
	if err := wantFull("eval_x", c.EvalX); err != nil {
		return err
	}
	// The reference network knows how shapes and names must fit.
	if _, err := c.Trainer(); err != nil {
		return err
	}
	return c.checkExpected()
}

func wantFull(name string, t *Tensor) error {
	if t == nil || t.Data == nil {
		return fmt.Errorf("%s: want a full tensor", name)
	}
	return nil
}
