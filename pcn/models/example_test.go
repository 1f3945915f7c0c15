package models_test

import (
	"fmt"

	"github.com/gopcn/gopcn/pcn"
	"github.com/gopcn/gopcn/pcn/models"
)

// Grey images of 28x28, a quarter of the channels, batch normalisation.
func ExampleNew() {
	o := models.CIFAR()
	o.Input, o.Width, o.BatchNorm = pcn.Image(28, 28, 1), 0.25, true
	net, err := models.New("vgg5", o)
	if err != nil {
		fmt.Println(err)
		return
	}
	for i, shape := range net.Shapes() {
		fmt.Println(net.Nodes[i].Name, net.Nodes[i].Ops, shape)
	}
	// Output:
	// n0 [conv 3x3 32 padding 1 batchnorm gelu maxpool 2x2] 14x14x32
	// n1 [conv 3x3 64 padding 1 batchnorm gelu maxpool 2x2] 7x7x64
	// n2 [conv 3x3 128 padding 1 batchnorm gelu maxpool 2x2] 3x3x128
	// n3 [conv 3x3 128 padding 1 batchnorm gelu maxpool 2x2] 128
	// out [flatten dense 10] 10
}
