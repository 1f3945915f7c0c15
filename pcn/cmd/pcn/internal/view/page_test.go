package view

import (
	"encoding/json"
	"fmt"
	"io/fs"
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// Every embedded file is part of the page, and each script is small enough to
// be read.
func TestAssetsAreUsed(t *testing.T) {
	used := map[string]bool{"assets/page.html": true}
	for _, name := range styleNames {
		used["assets/css/"+name+".css"] = true
	}
	for _, name := range scriptNames {
		used["assets/js/"+name+".js"] = true
	}
	require.NoError(t, fs.WalkDir(assets, "assets", func(path string, d fs.DirEntry, err error) error {
		if err == nil && !d.IsDir() {
			require.True(t, used[path], path)
			delete(used, path)
		}
		return err
	}))
	require.Empty(t, used)
}

// outside finds what a page could load from elsewhere.
var outside = regexp.MustCompile(`(?i)(https?:)?//[a-z0-9][-a-z0-9.]*\.[a-z]{2,}|@import|url\(\s*["']?[^#"')]`)

// namespaces are names, not addresses.
func withoutNamespaces(text string) string {
	return strings.ReplaceAll(text, "http://www.w3.org/2000/svg", "")
}

func TestNothingIsLoadedFromElsewhere(t *testing.T) {
	require.Empty(t, outside.FindAllString(withoutNamespaces(string(livePage())+styles()+scripts()), -1))
	for _, bad := range []string{`<script src="https://cdn.example.com/x.js">`, `<img src=//evil.example/x>`, `@import "x"`, `url(x.png)`, `url("data.png")`} {
		require.NotEmpty(t, outside.FindString(bad), bad)
	}
}

func report(t *testing.T, h *Hub) string {
	t.Helper()
	var text strings.Builder
	require.NoError(t, h.WriteReport(&text))
	return text.String()
}

var dataBlock = regexp.MustCompile(`(?s)<script type="application/json" id="report">(.*?)</script>`)

func TestReportHoldsTheData(t *testing.T) {
	h := NewHub()
	emit(h, `{"event":"start","settings":{"data":"glyphs"}}`)
	emit(h, `{"event":"done","test_accuracy":0.75}`)
	page := report(t, h)
	var s state
	s.apply(t, []byte(dataBlock.FindStringSubmatch(page)[1]))
	require.Equal(t, h.state(t), &s)
	require.NotContains(t, page, `src="`)
	require.NotContains(t, page, `rel="stylesheet"`)
	require.Empty(t, outside.FindAllString(withoutNamespaces(page), -1))
}

// Names of folders and messages may hold anything.
func TestReportCannotBeBrokenOutOf(t *testing.T) {
	h := NewHub()
	evil := "</script><script>alert(1)</script><!--"
	line, err := json.Marshal(map[string]any{"event": "warning", "message": evil})
	require.NoError(t, err)
	emit(h, "%s", strings.NewReplacer(`\u003c`, "<", `\u003e`, ">").Replace(string(line))) // as other programs would write it
	page := report(t, h)
	require.NotContains(t, page, "<script>alert")
	var s state
	s.apply(t, []byte(dataBlock.FindStringSubmatch(page)[1]))
	require.Equal(t, evil, s.lists["warning"][0].(map[string]any)["message"])
}

// The policy of a report allows the script and the style in it, and no others.
func TestPolicyOfReports(t *testing.T) {
	page := report(t, NewHub())
	policy := regexp.MustCompile(`http-equiv="Content-Security-Policy" content="([^"]*)"`).FindStringSubmatch(page)[1]
	script := regexp.MustCompile(`(?s)<script>(.*?)</script>`).FindAllStringSubmatch(page, -1)
	style := regexp.MustCompile(`(?s)<style>(.*?)</style>`).FindAllStringSubmatch(page, -1)
	require.Len(t, script, 1)
	require.Len(t, style, 1)
	require.Equal(t, fmt.Sprintf("default-src 'none'; base-uri 'none'; form-action 'none'; img-src data:; script-src %s; style-src %s",
		sourceHash(script[0][1]), sourceHash(style[0][1])), policy)
}
