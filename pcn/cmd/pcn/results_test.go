package main

import (
	"os"
	"path/filepath"
	"regexp"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/gopcn/gopcn/pcn/cmd/pcn/internal/study"
)

// Places of the results that the repository holds.
const (
	resultsPage   = "../../../docs/results.md"
	resultsFolder = "../../../docs/results"
)

// The page of results says what the runs say that are kept beside it.
func TestResultsPage(t *testing.T) {
	text, err := os.ReadFile(resultsPage)
	require.NoError(t, err)
	page := string(text)
	var marked, kept []string
	for _, m := range regexp.MustCompile(`<!-- study (\S+) -->`).FindAllStringSubmatch(page, -1) {
		marked = append(marked, m[1])
	}
	folders, err := os.ReadDir(resultsFolder)
	require.NoError(t, err)
	for _, folder := range folders {
		kept = append(kept, folder.Name())
	}
	require.ElementsMatch(t, kept, marked, "every study has its place on the page")

	for _, name := range kept {
		f, err := study.Open(filepath.Join(resultsFolder, name))
		require.NoError(t, err)
		known, err := f.ReadDepth()
		require.NoError(t, err)
		require.NotNil(t, known, name)
		a, err := f.Accuracy(known)
		require.NoError(t, err)

		inner, err := study.Between(page, name)
		require.NoError(t, err)
		again := "pcn depth -report docs/results/" + name + " -into docs/results.md makes it again"
		require.Equal(t, "\n"+a.Markdown()+"\n", inner, again)
		table, err := a.CSV()
		require.NoError(t, err)
		saved, err := os.ReadFile(f.Path("accuracy.csv"))
		require.NoError(t, err)
		require.Equal(t, string(table), string(saved), again)
		if len(a.CosineChart().Lines) > 0 {
			cosines, err := a.CosineCSV()
			require.NoError(t, err)
			saved, err := os.ReadFile(f.Path("cosine.csv"))
			require.NoError(t, err)
			require.Equal(t, string(cosines), string(saved), again)
		}

		raw, err := os.ReadFile(f.Path("results.jsonl"))
		require.NoError(t, err)
		require.NotRegexp(t, `"dir":"([/~]|\w:)`, string(raw), "folders of one machine mean nothing on others: have -dir relative")
	}
}
