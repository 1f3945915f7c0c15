package study

import (
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"

	"github.com/gopcn/gopcn/pcn/checkpoint"
)

// Marks are the lines of a Markdown document between which the table of a study
// stands, the study named as its folder is.
func marks(study string) (begin, end string) {
	return "<!-- study " + study + " -->\n", "<!-- end of study " + study + " -->\n"
}

// Between returns what a document has between the marks of a study.
func Between(document, study string) (string, error) {
	_, inner, _, err := parts(document, study)
	return inner, err
}

// parts splits a document at the marks of a study, which stay with what they
// border on.
func parts(document, study string) (before, inner, after string, err error) {
	begin, end := marks(study)
	first, last := strings.Index(document, begin), strings.Index(document, end)
	if first < 0 || last < first {
		return "", "", "", fmt.Errorf("there is no place for the table: mark it by two lines, %q and %q",
			strings.TrimSpace(begin), strings.TrimSpace(end))
	}
	first += len(begin)
	return document[:first], document[first:last], document[last:], nil
}

// Insert puts a table into a document, between the marks of the study in a
// folder.
func Insert(path, folder, table string) error {
	text, err := os.ReadFile(path)
	if err != nil {
		return err
	}
	absolute, err := filepath.Abs(folder)
	if err != nil {
		return err
	}
	before, _, after, err := parts(string(text), filepath.Base(absolute))
	if err != nil {
		return fmt.Errorf("%s: %w", path, err)
	}
	return checkpoint.WriteFile(path, func(w io.Writer) error {
		_, err := io.WriteString(w, before+"\n"+table+"\n"+after)
		return err
	})
}
