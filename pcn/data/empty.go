package data

import "fmt"

// Empty returns a set without images that is otherwise as the published set of
// that name is read: mnist, fashion-mnist, cifar10, cifar100 or tiny-imagenet, or
// glyphs. It tells shape, normalisation and class names where no file is at hand,
// and takes images of one's own by [Set.Add]. The classes of tiny-imagenet have
// no names there, see [TinyImageNetClasses].
func Empty(name string) (*Set, error) {
	switch name {
	case "glyphs", "mnist", "fashion-mnist":
		s := emptyGrey(name, 28, 28, 10)
		s.ClassNames = digitNames()
		if name == "fashion-mnist" {
			s.ClassNames = garmentNames()
		}
		return s, nil
	case cifar10.name:
		return cifar10.empty(), nil
	case cifar100.name:
		return cifar100.empty(), nil
	case "tiny-imagenet":
		s := emptyTiny(name, nil)
		s.Classes = tinyClasses
		return s, nil
	}
	return nil, fmt.Errorf("data: there is no set called %q", name)
}

// TinyImageNetClasses reads the names of the classes from the folder that
// [OpenTinyImageNet] reads, and no images.
func TinyImageNetClasses(dir string) ([]string, error) {
	tree, err := findTiny(dir)
	if err != nil {
		return nil, fmt.Errorf("data: %w", err)
	}
	defer tree.close()
	classes, err := tree.classes()
	if err != nil {
		return nil, fmt.Errorf("data: %w", err)
	}
	return classes.names, nil
}

// emptyGrey is a set of grey images, normalised to (x - 0.5) / 0.5, without
// images.
func emptyGrey(name string, height, width, classes int) *Set {
	return &Set{
		Name: name, Height: height, Width: width, Channels: 1, Classes: classes,
		Table: [][256]float32{Normalise(0.5, 0.5)},
	}
}

// emptyTiny is Tiny ImageNet without images.
func emptyTiny(name string, classNames []string) *Set {
	return &Set{
		Name: name, Height: tinySide, Width: tinySide, Channels: 3,
		Classes: len(classNames), ClassNames: classNames,
		Table: [][256]float32{Normalise(0.485, 0.229), Normalise(0.456, 0.224), Normalise(0.406, 0.225)},
	}
}
