package view

import "io"

// ReportFile is the name of the report in the folder of a run.
const ReportFile = "report.html"

// WriteReport writes what the hub knows as one HTML file, which loads nothing
// from anywhere: the live page with its data inside.
func (h *Hub) WriteReport(w io.Writer) error {
	data, _, _ := h.read(0)
	_, err := w.Write(page{
		Report: true,
		Policy: "default-src 'none'; base-uri 'none'; form-action 'none'; img-src data:; script-src " + sourceHash(scripts()) + "; style-src " + sourceHash(styles()),
		Styles: styles(), Scripts: scripts(), Data: string(data),
	}.render())
	return err
}
