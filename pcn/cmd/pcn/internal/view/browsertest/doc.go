// Package browsertest looks at the page and the report of pcn train in headless
// Chromium. It is a module of its own, so that nobody who builds gopcn downloads
// a driver for browsers. From the root of the repository:
//
//	go test -C pcn/cmd/pcn/internal/view/browsertest .
//
// The tests are skipped where there is no Chromium or Chrome. With
// GOPCN_SCREENSHOTS set to a folder they leave pictures there.
package browsertest
