package study

import (
	"strconv"
	"strings"

	"github.com/gopcn/gopcn/pcn/cmd/pcn/internal/cli"
	"github.com/gopcn/gopcn/pcn/cmd/pcn/internal/run"
)

// A Method is a way to train, as people name it: a name such as s+fu, and
// behind colons settings that differ from those of the study, as in
// pc:latent-lr=0.3:steps=40.
type Method string

// methods are the names that a method may begin with, and what they stand for.
// Settings that are not said have the defaults of pcn train; the latent rate of
// uniform precision is said, since its default depends on the depth.
var methods = []struct {
	name, label string
	settings    string
}{
	{"bp", "BP", "rule=bp"},
	{"pc", "PC", "rule=pc precision=uniform update=settled latent-lr=0.1"},
	{"s", "PC+S", "rule=pc precision=spiking update=settled"},
	{"d", "PC+D", "rule=pc precision=decaying update=settled"},
	{"fu", "PC+FU", "rule=pc precision=uniform update=forward latent-lr=0.1"},
	{"s+fu", "PC+S+FU", "rule=pc precision=spiking update=forward"},
	{"d+fu", "PC+D+FU", "rule=pc precision=decaying update=forward"},
	{"ipc", "iPC", "rule=ipc precision=uniform latent-lr=0.1"},
	{"ipc+s", "iPC+S", "rule=ipc precision=spiking"},
	{"ipc+d", "iPC+D", "rule=ipc precision=decaying"},
}

// topPrefix and a number make a name too: backpropagation that trains only so
// many levels at the top.
const topPrefix = "bp-top"

// MethodNames lists the names that a method may begin with.
func MethodNames() []string {
	var list []string
	for _, m := range methods {
		list = append(list, m.name)
	}
	return append(list, topPrefix+"5")
}

// methodSettings are what methods decide, and studies leave to them.
var methodSettings = []string{"rule", "precision", "update", "train-top"}

// base returns the label and the settings of a method's name.
func (m Method) base() (label, settings string, err error) {
	name, _, _ := strings.Cut(string(m), ":")
	if top, ok := strings.CutPrefix(name, topPrefix); ok {
		if n, err := strconv.Atoi(top); err == nil && n > 0 {
			return "BP, top " + top + " levels", "rule=bp train-top=" + top, nil
		}
	}
	for _, known := range methods {
		if known.name == name {
			return known.label, known.settings, nil
		}
	}
	return "", "", cli.Usagef("unknown method %q%s: use %s, and settings behind colons, as in pc:latent-lr=0.3",
		name, cli.DidYouMean(name, MethodNames()), cli.Alternatives(MethodNames()))
}

// own returns the settings behind the name, as name=value; a name alone stands
// for true.
func (m Method) own() []string {
	_, rest, found := strings.Cut(string(m), ":")
	if !found {
		return nil
	}
	return strings.Split(rest, ":")
}

// Apply gives settings what the method stands for. Settings that somebody gave
// before count more than those of the method's name, and the ones behind the
// name count most.
func (m Method) Apply(s *run.Settings) error {
	_, base, err := m.base()
	if err != nil {
		return err
	}
	for _, setting := range strings.Fields(base) {
		name, value, _ := strings.Cut(setting, "=")
		if s.Given(name) {
			continue
		}
		if err := s.Set(name, value); err != nil {
			return err
		}
	}
	for _, setting := range m.own() {
		name, value, valued := strings.Cut(setting, "=")
		if !valued {
			value = "true"
		}
		if err := s.Set(name, value); err != nil {
			return cli.Usagef("method %s: %w", m, err)
		}
	}
	return nil
}

// shortNames are what labels call settings that are often varied.
var shortNames = map[string]string{"latent-lr": "rate ", "steps": "T = ", "lr": "lr ", "momentum": "momentum "}

// Label is the method as figures and tables name it.
func (m Method) Label() string {
	label, _, err := m.base()
	if err != nil {
		return string(m)
	}
	for _, setting := range m.own() {
		name, value, valued := strings.Cut(setting, "=")
		switch short, ok := shortNames[name]; {
		case ok:
			label += ", " + short + value
		case !valued || value == "true":
			label += ", " + name
		case value == "false":
			label += ", no " + name
		default:
			label += ", " + name + " " + value
		}
	}
	return label
}

// backprop says whether the method is plain backpropagation, which others are
// compared with.
func (m Method) backprop() bool { return m == "bp" }

// file is the method as part of the name of a folder.
func (m Method) file() string { return strings.NewReplacer(":", ",", "/", "_").Replace(string(m)) }
