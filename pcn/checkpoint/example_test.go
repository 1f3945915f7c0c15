package checkpoint_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"

	"github.com/gopcn/gopcn/kernels"
	"github.com/gopcn/gopcn/pcn"
	"github.com/gopcn/gopcn/pcn/checkpoint"
	"github.com/gopcn/gopcn/pcn/data"
	"github.com/gopcn/gopcn/pcn/models"
)

// A run is interrupted in the middle of its second epoch, and another process
// goes on from the file.
func Example() {
	dir, err := os.MkdirTemp("", "run")
	if err != nil {
		fmt.Println(err)
		return
	}
	defer os.RemoveAll(dir)
	path := filepath.Join(dir, "checkpoint.safetensors")

	net, _ := models.Parse("mlp:784-32-32-10", kernels.GELU)
	train, _ := data.GlyphsN(0, 1280, 0)
	cfg := pcn.DefaultConfig()

	first, err := pcn.NewTrainer(net, cfg)
	if err != nil {
		fmt.Println(err)
		return
	}
	defer first.Close()
	powerCut := errors.New("power cut")
	_, err = pcn.Fit(context.Background(), first, train, pcn.FitOptions{Epochs: 3, OnProgress: func(p pcn.Progress) error {
		if p.Epoch == 1 && p.Batch == 5 {
			return powerCut
		}
		if p.Batch%2 == 1 {
			return nil // save after every second batch
		}
		return checkpoint.Capture(first, p).Save(path)
	}})
	fmt.Println(err)

	second, err := pcn.NewTrainer(net, cfg)
	if err != nil {
		fmt.Println(err)
		return
	}
	defer second.Close()
	c, err := checkpoint.Load(path)
	if err != nil {
		fmt.Println(err)
		return
	}
	if err := c.Restore(second); err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println("go on in epoch", c.Progress.Epoch, "after batch", c.Progress.Batch)
	history, err := pcn.Fit(context.Background(), second, train, pcn.FitOptions{Epochs: 3, Start: c.Progress})
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(len(history), "epochs finished")
	// Output:
	// power cut
	// go on in epoch 1 after batch 4
	// 2 epochs finished
}

// Weights go to another program and come back.
func ExampleSaveWeights() {
	dir, err := os.MkdirTemp("", "weights")
	if err != nil {
		fmt.Println(err)
		return
	}
	defer os.RemoveAll(dir)
	path := filepath.Join(dir, "weights.safetensors")

	net, _ := models.Parse("mlp:784-32-10", kernels.GELU)
	trainer, err := pcn.NewTrainer(net, pcn.DefaultConfig())
	if err != nil {
		fmt.Println(err)
		return
	}
	defer trainer.Close()
	if err := checkpoint.SaveWeights(path, trainer.Weights()); err != nil {
		fmt.Println(err)
		return
	}
	// In Python: safetensors.torch.load_file("weights.safetensors")

	weights, err := checkpoint.LoadWeights(path, net)
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(trainer.SetWeights(weights))
	// Output: <nil>
}

// A file of weights is all that prediction takes: no trainer, no data set. The
// weights may come from another program.
func ExampleLoadWeights() {
	dir, err := os.MkdirTemp("", "weights")
	if err != nil {
		fmt.Println(err)
		return
	}
	defer os.RemoveAll(dir)
	path := filepath.Join(dir, "weights.safetensors")
	net, _ := models.Parse("mlp:784-32-10", kernels.GELU)
	if err := checkpoint.SaveWeights(path, pcn.InitialWeights(net, 0, 1)); err != nil {
		fmt.Println(err)
		return
	}

	weights, err := checkpoint.LoadWeights(path, net)
	if err != nil {
		fmt.Println(err)
		return
	}
	predictor, err := pcn.NewPredictor(net, weights, pcn.CrossEntropy, nil)
	if err != nil {
		fmt.Println(err)
		return
	}
	x, probabilities := kernels.NewMatrix(1, 784), kernels.NewMatrix(1, 10)
	predictor.Probabilities(predictor.NewWorkspace(1), probabilities, x)
	fmt.Printf("%.2f\n", probabilities.Row(0)[3])
	// Output: 0.10
}

// Any file can be written so that nobody sees a part of it.
func ExampleWriteFile() {
	dir, err := os.MkdirTemp("", "report")
	if err != nil {
		fmt.Println(err)
		return
	}
	defer os.RemoveAll(dir)
	path := filepath.Join(dir, "report.txt")
	if err := checkpoint.WriteFile(path, func(w io.Writer) error {
		_, err := fmt.Fprintln(w, "accuracy 87.9 %")
		return err
	}); err != nil {
		fmt.Println(err)
		return
	}
	text, err := os.ReadFile(path)
	fmt.Print(string(text), err)
	// Output:
	// accuracy 87.9 %
	// <nil>
}
