package energy

import (
	"encoding/json"
	"io"
	"os"
	"path/filepath"

	"github.com/gopcn/gopcn/pcn/checkpoint"
	"github.com/gopcn/gopcn/pcn/cmd/pcn/internal/plot"
)

// Save writes the report to a folder, which is made if need be: all that was seen
// as energy.csv and energy.json, and the figures as SVG and PNG. Files of these
// names are replaced. It returns their names.
func (r *Report) Save(dir string) ([]string, error) {
	if err := os.MkdirAll(dir, 0o777); err != nil {
		return nil, err
	}
	var names []string
	write := func(name string, content func(io.Writer) error) error {
		names = append(names, name)
		return checkpoint.WriteFile(filepath.Join(dir, name), content)
	}
	if err := write("energy.csv", r.WriteCSV); err != nil {
		return nil, err
	}
	if err := write("energy.json", r.WriteJSON); err != nil {
		return nil, err
	}
	for _, f := range r.figures() {
		for _, form := range forms {
			content, err := form.draw(f.HeatMap)
			if err != nil {
				return nil, err
			}
			err = write(f.name+form.ending, func(w io.Writer) error {
				_, err := w.Write(content)
				return err
			})
			if err != nil {
				return nil, err
			}
		}
	}
	return names, nil
}

// forms are those of a figure.
var forms = []struct {
	ending string
	draw   func(plot.Figure) ([]byte, error)
}{{".svg", plot.SVG}, {".png", plot.PNG}}

// WriteJSON writes one line of JSON.
func (r *Report) WriteJSON(w io.Writer) error { return json.NewEncoder(w).Encode(r) }
