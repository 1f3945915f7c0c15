package data_test

import (
	"fmt"
	"image"

	"github.com/gopcn/gopcn/pcn/data"
)

// An epoch visits the images of a set in a random order.
func Example() {
	train, test := data.GlyphsN(0, 1000, 100)
	fit, validation := train.Slice(0, 900), train.Slice(900, 1000)
	fmt.Println(fit.Len(), validation.Len(), test.Len())

	order := make([]int32, fit.Len())
	data.Order(order, 1, 0)
	batch := data.Batch{Set: fit, Places: order[:3]}
	x := make([]float32, fit.Features())
	for i := range batch.Len() {
		batch.Fill(x, i)
		fmt.Println(order[i], fit.ClassNames[batch.Label(i)])
	}
	// Output:
	// 900 100 100
	// 267 7
	// 765 5
	// 419 9
}

// Pictures of one's own, as a network that was trained on MNIST sees them.
func ExampleSet_Add() {
	set, err := data.Empty("mnist")
	if err != nil {
		fmt.Println(err)
		return
	}
	photo := image.NewGray(image.Rect(0, 0, 640, 480)) // image.Decode(file)
	if err := set.Add(photo, 7); err != nil {
		fmt.Println(err)
		return
	}
	x := make([]float32, set.Features())
	set.Fill(x, 0)
	fmt.Println(set.Len(), len(x), x[0])
	// Output: 1 784 -1
}

func ExampleNormalise() {
	table := data.Normalise(0.5, 0.5)
	fmt.Println(table[0], table[51], table[255])
	// Output: -1 -0.6 1
}

func ExampleOrder() {
	order := make([]int32, 8)
	for epoch := range 2 {
		data.Order(order, 0, epoch)
		fmt.Println(order)
	}
	// Output:
	// [4 5 2 6 7 1 3 0]
	// [6 7 5 0 1 2 3 4]
}

func ExampleGlyphs() {
	train, test := data.Glyphs(0)
	fmt.Println(train.Name, train.Len(), train.Height, train.Width, train.Channels, train.Classes)
	fmt.Println(test.Name, test.Len())

	// Every other row of an image, bright pixels only.
	image := train.Image(5)
	for y := 0; y < 28; y += 2 {
		for _, p := range image[y*28 : (y+1)*28] {
			fmt.Print(string(".#"[p/128]))
		}
		fmt.Println()
	}
	// Output:
	// glyphs train 20000 28 28 1 10
	// glyphs test 5000
	// ............................
	// ............................
	// .........########...........
	// ........##..................
	// .......###..................
	// .......####.................
	// ........########............
	// .............####...........
	// .............###............
	// ............###.............
	// .....########...............
	// ............................
	// ............................
	// ............................
}

func ExampleSet() {
	pixels := []uint8{0, 51, 255, 0}
	set := data.Set{
		Name: "two columns", Height: 1, Width: 2, Channels: 1, Classes: 2,
		Pixels: pixels, Labels: []uint8{0, 1},
		Table: [][256]float32{data.Normalise(0, 1)},
	}
	fmt.Println(set.Check())
	x := make([]float32, set.Features())
	for i := range set.Len() {
		set.Fill(x, i)
		fmt.Println(x, set.Labels[i])
	}
	// Output:
	// <nil>
	// [0 0.2] 0
	// [1 0] 1
}

func ExampleAugment() {
	set := data.Set{
		Name: "ramp", Height: 2, Width: 3, Channels: 1, Classes: 1,
		Pixels: []uint8{1, 2, 3, 4, 5, 6}, Labels: []uint8{0},
		Table: [][256]float32{data.Normalise(0, 1.0/255)},
	}
	x := make([]float32, set.Features())
	for epoch := range 3 {
		data.Augment{Flip: true, Pad: 1}.Fill(x, &set, 0, epoch, 0)
		fmt.Println(x)
	}
	// Output:
	// [0 4 5 0 0 0]
	// [5 4 0 0 0 0]
	// [5 4 0 0 0 0]
}

func ExampleOpenMNIST() {
	_, _, err := data.OpenMNIST("no-such-folder")
	fmt.Println(err)
	// Output:
	// data: the folder "no-such-folder" is missing (file does not exist); it should hold train-images-idx3-ubyte.gz and its three companions
}
