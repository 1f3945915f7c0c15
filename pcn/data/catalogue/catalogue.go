// Package catalogue says which files the published data sets consist of, where
// they come from and how to tell that a file is the published one. It opens no
// set and no connection: packages data and fetch do.
package catalogue

import "slices"

// A Set is a published data set.
type Set struct {
	// Name is what commands call the set, Title what its publishers call it.
	Name, Title string

	// Train, Test and Classes are how many there are, Image is the size of an
	// image and its colours.
	Train, Test, Classes int
	Image                string

	// Files are what the publishers offer, and what the readers of package data
	// take as it is.
	Files []File

	// Loose are the names, with slashes, of files out of the archive: if one of
	// them lies in the folder, the reader takes the files that are unpacked and
	// not the archive. None of them has a published checksum.
	Loose []string

	// Folder is the folder inside the archive, or "".
	Folder string

	// Page is where the publishers describe the set. Origins are the addresses,
	// ending in a slash, under which Files can be had: the publishers' own first,
	// then copies.
	Page    string
	Origins []string

	// Licence and Cite are what a user of the set must know.
	Licence, Cite string
}

// A File is a published file.
type File struct {
	Name string
	Size int64

	// MD5 and SHA256 are checksums in hexadecimal. The publishers of Fashion-MNIST
	// and CIFAR state the MD5; the others are those on which several
	// independent users of the files agree.
	MD5, SHA256 string
}

// Sets returns all sets of the catalogue.
func Sets() []Set { return slices.Clone(sets) }

// Names returns the names of all sets.
func Names() []string {
	var names []string
	for _, s := range sets {
		names = append(names, s.Name)
	}
	return names
}

// Find returns the set of that name, and whether there is one.
func Find(name string) (Set, bool) {
	for _, s := range sets {
		if s.Name == name {
			return s, true
		}
	}
	return Set{}, false
}

// Size returns the size of all files of the set together.
func (s *Set) Size() int64 {
	total := int64(0)
	for _, f := range s.Files {
		total += f.Size
	}
	return total
}
