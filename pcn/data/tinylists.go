package data

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"slices"
	"strings"
)

// A tinyClassList is the classes of Tiny ImageNet by label.
type tinyClassList struct {
	ids, names []string
	labels     map[string]uint8
}

// largestList is three times the size of the largest list, words.txt.
const largestList = 1 << 23

// classes reads wnids.txt, and the names out of words.txt.
func (t *tinyTree) classes() (classes *tinyClassList, err error) {
	err = t.file("wnids.txt", largestList, func(r io.Reader) (err error) {
		classes, err = parseTinyClasses(r)
		return err
	})
	if err != nil {
		return nil, err
	}
	return classes, t.file("words.txt", largestList, classes.parseNames)
}

// labels reads a list of images: the label of each.
func (t *tinyTree) labels(name string, classes *tinyClassList) (labels map[string]uint8, err error) {
	err = t.file(name, largestList, func(r io.Reader) (err error) {
		labels, err = parseTinyLabels(r, classes)
		return err
	})
	return labels, err
}

// parseTinyClasses reads one class a line; empty lines do not count.
func parseTinyClasses(r io.Reader) (*tinyClassList, error) {
	classes := &tinyClassList{labels: map[string]uint8{}}
	err := eachLine(r, func(line string) error {
		id := strings.TrimSpace(line)
		if id == "" {
			return nil
		}
		// The class becomes a part of paths.
		if !fs.ValidPath(id) || id == "." || strings.ContainsAny(id, "/\\ \t\x00") {
			return fmt.Errorf("%q cannot be the name of a class, such as n01443537", shorten(id))
		}
		if _, twice := classes.labels[id]; twice {
			return fmt.Errorf("class %s is listed twice", id)
		}
		if len(classes.ids) == tinyClasses {
			return fmt.Errorf("more than %d classes", tinyClasses)
		}
		classes.labels[id] = uint8(len(classes.ids))
		classes.ids = append(classes.ids, id)
		return nil
	})
	if err == nil && len(classes.ids) == 0 {
		err = errors.New("no class is listed; " + getAgain)
	}
	if err != nil {
		return nil, err
	}
	classes.names = slices.Clone(classes.ids)
	return classes, nil
}

// parseNames reads the first name of each class. Lines are the class, a tab
// and its names, separated by commas; most are of classes that this set has
// not. A class that is not there keeps its number for a name.
func (c *tinyClassList) parseNames(r io.Reader) error {
	return eachLine(r, func(line string) error {
		id, names, _ := strings.Cut(line, "\t")
		label, ours := c.labels[id]
		if !ours {
			return nil
		}
		name, _, _ := strings.Cut(names, ",")
		if name = strings.TrimSpace(name); name != "" {
			c.names[label] = name
		}
		return nil
	})
}

// parseTinyLabels reads lines whose first columns are the file and the class.
func parseTinyLabels(r io.Reader, classes *tinyClassList) (map[string]uint8, error) {
	labels := map[string]uint8{}
	err := eachLine(r, func(line string) error {
		columns := strings.Fields(line)
		switch len(columns) {
		case 0:
			return nil
		case 1:
			return fmt.Errorf("%q names no class; a line begins with the file and its class", shorten(line))
		}
		name, id := columns[0], columns[1]
		label, known := classes.labels[id]
		if !known {
			return fmt.Errorf("%s has class %q, which wnids.txt does not list", shorten(name), shorten(id))
		}
		if _, twice := labels[name]; twice {
			return fmt.Errorf("%s is listed twice", shorten(name))
		}
		labels[name] = label
		return nil
	})
	return labels, err
}

// longestLine is far more than any line of the lists has.
const longestLine = 1 << 16

// eachLine calls do with each line, and adds the line's number to its error.
func eachLine(r io.Reader, do func(line string) error) error {
	scanner := bufio.NewScanner(r)
	scanner.Buffer(nil, longestLine)
	n := 0
	for scanner.Scan() {
		n++
		if err := do(scanner.Text()); err != nil {
			return fmt.Errorf("line %d: %w", n, err)
		}
	}
	if errors.Is(scanner.Err(), bufio.ErrTooLong) {
		return fmt.Errorf("line %d has more than %d bytes; this is no list of the set", n+1, longestLine)
	}
	return scanner.Err()
}

// shorten cuts what a file says to a length that an error message bears.
func shorten(text string) string {
	const most = 40
	if len(text) > most {
		return text[:most] + "..."
	}
	return text
}
