package main

import (
	"encoding/binary"
	"encoding/json"
	"os"
	"path/filepath"

	"github.com/gopcn/gopcn/pcn"
)

// dump writes what one step made of the initial parameters, for other programs
// to compare: NAME.json with the labels, names and shapes and NAME.bin with the
// little-endian float32 values of x, the parameters and, after the step, AdamW's
// first moments, which are 0.1 times the gradient.
func dump(dir, name string, trainer *pcn.Trainer, batch *pcn.Batch) error {
	type tensor struct {
		Name  string `json:"name"`
		Shape []int  `json:"shape"`
	}
	var header struct {
		Labels []int    `json:"labels"`
		Input  []int    `json:"input"` // height, width, channels
		Params []tensor `json:"params"`
	}
	in := trainer.Network().Input
	header.Input = []int{in.Height, in.Width, in.Channels}
	for _, label := range batch.Labels {
		header.Labels = append(header.Labels, int(label))
	}
	var values []float32
	for i := range batch.Len() {
		values = append(values, batch.X.Row(i)...)
	}
	for _, p := range trainer.Parameters() {
		header.Params = append(header.Params, tensor{p.Name, p.Shape})
		values = append(values, p.Data...)
	}
	trainer.Step(batch)
	for _, m := range trainer.OptimizerState().First {
		values = append(values, m.Data...)
	}
	text, err := json.Marshal(header)
	if err != nil {
		return err
	}
	if err := os.WriteFile(filepath.Join(dir, name+".json"), text, 0o666); err != nil {
		return err
	}
	bytes, err := binary.Append(nil, binary.LittleEndian, values)
	if err != nil {
		return err
	}
	return os.WriteFile(filepath.Join(dir, name+".bin"), bytes, 0o666)
}
