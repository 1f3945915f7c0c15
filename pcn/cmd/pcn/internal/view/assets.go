package view

import (
	"bytes"
	"crypto/sha256"
	"embed"
	"encoding/base64"
	"encoding/hex"
	"strings"
	"sync"
	"text/template"
)

//go:embed assets
var assets embed.FS

// The files of the page. Scripts are one program, in this order.
var (
	styleNames  = []string{"look", "head", "figures", "sheets"}
	scriptNames = []string{"state", "numbers", "elements", "scales", "figure", "chart", "heatmap", "figures", "head", "sheets", "connection", "main"}
)

var styles = sync.OnceValue(func() string { return joinFiles("css", styleNames) })

var scripts = sync.OnceValue(func() string { return joinFiles("js", scriptNames) })

func joinFiles(kind string, names []string) string {
	var all strings.Builder
	for _, name := range names {
		all.WriteString(mustRead(kind + "/" + name + "." + kind))
		all.WriteByte('\n')
	}
	return all.String()
}

// mustRead reads an embedded file, which is there or the binary is wrong.
func mustRead(name string) string {
	content, err := assets.ReadFile("assets/" + name)
	if err != nil {
		panic(err)
	}
	return string(content)
}

var pageTemplate = sync.OnceValue(func() *template.Template {
	return template.Must(template.New("page").Parse(mustRead("page.html")))
})

// pageVersion tells the page of this program from those of others.
var pageVersion = sync.OnceValue(func() string {
	sum := sha256.Sum256([]byte(mustRead("page.html") + styles() + scripts()))
	return hex.EncodeToString(sum[:8])
})

// page fills page.html in. It is a template of text: none of it comes from
// outside but Data, which is JSON without <, > and &.
type page struct {
	Version string
	Report  bool

	// Of a report only:
	Policy, Styles, Scripts, Data string
}

func (p page) render() []byte {
	p.Version = pageVersion()
	var text bytes.Buffer
	if err := pageTemplate().Execute(&text, p); err != nil {
		panic(err) // the template and its fields are constant
	}
	return text.Bytes()
}

func livePage() []byte { return page{}.render() }

// sourceHash names an inline script or style in a Content-Security-Policy.
func sourceHash(text string) string {
	sum := sha256.Sum256([]byte(text))
	return "'sha256-" + base64.StdEncoding.EncodeToString(sum[:]) + "'"
}
