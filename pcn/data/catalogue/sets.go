package catalogue

var sets = []Set{
	{
		Name: "mnist", Title: "MNIST",
		Train: 60000, Test: 10000, Classes: 10, Image: "28x28 grey",
		Files: []File{
			{"train-images-idx3-ubyte.gz", 9912422, "f68b3c2dcbeaaa9fbdd348bbdeb94873", "440fcabf73cc546fa21475e81ea370265605f56be210a4024d2ca8f203523609"},
			{"train-labels-idx1-ubyte.gz", 28881, "d53e105ee54ea40749a09fcbcd1e9432", "3552534a0a558bbed6aed32b30c495cca23d567ec52cac8be1a0730e8010255c"},
			{"t10k-images-idx3-ubyte.gz", 1648877, "9fb629c4189551a2d022fa330f9573f3", "8d422c7b0a1c1c79245a5bcf07fe86e33eeafee792b84584aec276f5a2dbc4e6"},
			{"t10k-labels-idx1-ubyte.gz", 4542, "ec29112dd5afa0611ce80d1b7f02629c", "f7ae60f92e00ec6debd23a6088c31dbd2371eca3ffa0defaefb259924204aec6"},
		},
		Page: "http://yann.lecun.com/exdb/mnist/",
		Origins: []string{
			"http://yann.lecun.com/exdb/mnist/", // has refused downloads since 2024
			"https://ossci-datasets.s3.amazonaws.com/mnist/",
			"https://storage.googleapis.com/cvdf-datasets/mnist/",
		},
		Licence: "the publishers give no licence text; commonly redistributed as CC BY-SA 3.0, copyright Y. LeCun and C. Cortes",
		Cite:    "Y. LeCun, L. Bottou, Y. Bengio, P. Haffner: Gradient-Based Learning Applied to Document Recognition, Proceedings of the IEEE 86(11), 1998",
	},
	{
		Name: "fashion-mnist", Title: "Fashion-MNIST",
		Train: 60000, Test: 10000, Classes: 10, Image: "28x28 grey",
		Files: []File{
			{"train-images-idx3-ubyte.gz", 26421880, "8d4fb7e6c68d591d4c3dfef9ec88bf0d", "3aede38d61863908ad78613f6a32ed271626dd12800ba2636569512369268a84"},
			{"train-labels-idx1-ubyte.gz", 29515, "25c81989df183df01b3e8a0aad5dffbe", "a04f17134ac03560a47e3764e11b92fc97de4d1bfaf8ba1a3aa29af54cc90845"},
			{"t10k-images-idx3-ubyte.gz", 4422102, "bef4ecab320f06d8554ea6380940ec79", "346e55b948d973a97e58d2351dde16a484bd415d4595297633bb08f03db6a073"},
			{"t10k-labels-idx1-ubyte.gz", 5148, "bb300cfdad3c16e7a12a480ee83cd310", "67da17c76eaffca5446c3361aaab5c3cd6d1c2608764d35dfb1850b086bf8dd5"},
		},
		Page: "https://github.com/zalandoresearch/fashion-mnist",
		Origins: []string{
			"http://fashion-mnist.s3-website.eu-central-1.amazonaws.com/",
			"https://github.com/zalandoresearch/fashion-mnist/raw/master/data/fashion/",
		},
		Licence: "MIT, copyright 2017 Zalando SE",
		Cite:    "H. Xiao, K. Rasul, R. Vollgraf: Fashion-MNIST: a Novel Image Dataset for Benchmarking Machine Learning Algorithms, arXiv:1708.07747, 2017",
	},
	{
		Name: "cifar10", Title: "CIFAR-10",
		Train: 50000, Test: 10000, Classes: 10, Image: "32x32 colour",
		Files: []File{
			{"cifar-10-binary.tar.gz", 170052171, "c32a1d4ab5d03f1284b67883e8d87530", "c4a38c50a1bc5f3a1c5537f2155ab9d68f9f25eb1ed8d9ddda3db29a59bca1dd"},
		},
		Loose:   packed("data_batch_1.bin"),
		Folder:  "cifar-10-batches-bin",
		Page:    "https://www.cs.toronto.edu/~kriz/cifar.html",
		Origins: []string{"https://www.cs.toronto.edu/~kriz/"},
		Licence: "the publishers give no licence text; they ask users to cite",
		Cite:    "A. Krizhevsky: Learning Multiple Layers of Features from Tiny Images, technical report, 2009",
	},
	{
		Name: "cifar100", Title: "CIFAR-100",
		Train: 50000, Test: 10000, Classes: 100, Image: "32x32 colour",
		Files: []File{
			{"cifar-100-binary.tar.gz", 168513733, "03b5dce01913d631647c71ecec9e9cb8", "58a81ae192c23a4be8b1804d68e518ed807d710a4eb253b1f2a199162a40d8ec"},
		},
		Loose:   packed("train.bin"),
		Folder:  "cifar-100-binary",
		Page:    "https://www.cs.toronto.edu/~kriz/cifar.html",
		Origins: []string{"https://www.cs.toronto.edu/~kriz/"},
		Licence: "the publishers give no licence text; they ask users to cite",
		Cite:    "A. Krizhevsky: Learning Multiple Layers of Features from Tiny Images, technical report, 2009",
	},
	{
		Name: "tiny-imagenet", Title: "Tiny ImageNet",
		Train: 100000, Test: 10000, Classes: 200, Image: "64x64 colour",
		Files: []File{
			{"tiny-imagenet-200.zip", 248100043, "90528d7ca1a48142e341f4ef8d21d0de", "6198c8ae015e2b3e007c7841da39ec069199b9aa3bfa943a462022fe5e43c821"},
		},
		Loose:   []string{"wnids.txt", "tiny-imagenet-200/wnids.txt"},
		Folder:  "tiny-imagenet-200",
		Page:    "http://cs231n.stanford.edu/",
		Origins: []string{"http://cs231n.stanford.edu/"},
		Licence: "the publishers give no licence text; the images are of ImageNet, whose terms allow non-commercial research and education",
		Cite:    "Y. Le, X. Yang: Tiny ImageNet Visual Recognition Challenge, CS 231N, Stanford, 2015; O. Russakovsky et al.: ImageNet Large Scale Visual Recognition Challenge, IJCV 115(3), 2015",
	},
}

// packed returns the names under which the reader of CIFAR files finds a file.
func packed(name string) []string { return []string{name, name + ".gz", name + ".bz2"} }
