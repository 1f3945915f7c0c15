package view

import (
	"fmt"
	"net"
	"strconv"
)

// Address checks where a page is to be served, [host]:port, and puts the
// loopback address for a missing host: other machines see the page only where
// an address is named that they reach. Port 0 stands for any free one.
func Address(text string) (string, error) {
	host, port, err := net.SplitHostPort(text)
	if err != nil {
		if _, e := strconv.ParseUint(text, 10, 16); e == nil {
			return "", fmt.Errorf("want [host]:port: write :%s", text)
		}
		return "", fmt.Errorf("want [host]:port, such as :8080")
	}
	if _, err := strconv.ParseUint(port, 10, 16); err != nil {
		return "", fmt.Errorf("want a port from 0 to 65535 after the colon, such as :8080")
	}
	if host == "" {
		host = "127.0.0.1"
	}
	return net.JoinHostPort(host, port), nil
}
