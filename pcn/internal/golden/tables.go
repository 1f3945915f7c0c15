package golden

import (
	"bytes"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
)

// An ActivationTable has values and slopes of activation functions at X.
type ActivationTable struct {
	Schema       string               `json:"schema"`
	X            []float64            `json:"x"`
	Value, Slope map[string][]float64 // by function
}

// LoadActivations reads table_activations.json.
func LoadActivations(path string) (*ActivationTable, error) {
	t := &ActivationTable{}
	if err := decodeFile(path, t); err != nil {
		return nil, err
	}
	if t.Schema != "pc-activations/1" || len(t.X) == 0 || len(t.Value) == 0 || len(t.Slope) != len(t.Value) {
		return nil, fmt.Errorf("golden: %s: not a table of activations", filepath.Base(path))
	}
	for fn := range t.Value {
		if len(t.Value[fn]) != len(t.X) || len(t.Slope[fn]) != len(t.X) {
			return nil, fmt.Errorf("golden: %s: %s has not one value and slope for each x", filepath.Base(path), fn)
		}
	}
	return t, nil
}

// A ScheduleTable has precision schedules and learning-rate schedules.
type ScheduleTable struct {
	Precision    []PrecisionTable
	LearningRate []LearningRateTable
}

// A PrecisionTable has P[i][t] of level i at step t.
type PrecisionTable struct {
	Precision Precision
	T, N      int
	P         [][]float64
}

// A LearningRateTable has the rate Value[k] after Count[k] optimiser steps.
type LearningRateTable struct {
	LearningRate LearningRate
	Count        []int
	Value        []float64
}

// LoadSchedules reads table_schedules.json.
func LoadSchedules(path string) (*ScheduleTable, error) {
	b, err := os.ReadFile(path)
	if err != nil {
		return nil, err
	}
	o, err := parseObject(b, filepath.Base(path))
	if err != nil {
		return nil, fmt.Errorf("golden: %w", err)
	}
	t := &ScheduleTable{}
	var schema string
	o.oneOf("schema", &schema, "pc-schedules/1")
	o.list("precision",
		func(n int) { t.Precision = make([]PrecisionTable, n) },
		func(i int, s *object) { t.Precision[i].decode(s) })
	o.list("learning_rate",
		func(n int) { t.LearningRate = make([]LearningRateTable, n) },
		func(i int, s *object) { t.LearningRate[i].decode(s) })
	if err := o.done(); err != nil {
		return nil, fmt.Errorf("golden: %w", err)
	}
	return t, nil
}

func (p *PrecisionTable) decode(o *object) {
	o.need("T", &p.T)
	o.need("N", &p.N)
	o.need("p", &p.P)
	p.Precision.decode(o)
	if len(p.P) != p.N {
		o.fail("p", fmt.Errorf("%d rows for %d levels", len(p.P), p.N))
	}
	for i, row := range p.P {
		if len(row) != p.T {
			o.fail("p", fmt.Errorf("row %d has %d of %d steps", i, len(row), p.T))
		}
	}
}

func (l *LearningRateTable) decode(o *object) {
	o.sub("lr", l.LearningRate.decode)
	o.need("count", &l.Count)
	o.need("value", &l.Value)
	if len(l.Count) != len(l.Value) {
		o.fail("value", fmt.Errorf("%d values for %d counts", len(l.Value), len(l.Count)))
	}
}

func decodeFile(path string, v any) error {
	b, err := os.ReadFile(path)
	if err != nil {
		return err
	}
	d := json.NewDecoder(bytes.NewReader(b))
	d.DisallowUnknownFields()
	if err := d.Decode(v); err != nil {
		return fmt.Errorf("golden: %s: %w", filepath.Base(path), err)
	}
	return nil
}
