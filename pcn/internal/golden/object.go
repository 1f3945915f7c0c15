package golden

import (
	"encoding/json"
	"errors"
	"fmt"
	"slices"
)

// An object decodes a JSON object field by field and remembers what went
// wrong first. Unlike decoding into a struct it notices fields that are
// missing, null or unknown.
type object struct {
	path   string
	fields map[string]json.RawMessage
	err    error
}

func parseObject(b []byte, path string) (*object, error) {
	o := &object{path: path}
	if err := json.Unmarshal(b, &o.fields); err != nil {
		return nil, fmt.Errorf("%s: %w", path, err)
	}
	if o.fields == nil {
		return nil, fmt.Errorf("%s: null", path)
	}
	return o, nil
}

// has reports whether a field is there.
func (o *object) has(key string) bool {
	_, ok := o.fields[key]
	return ok
}

// need decodes a field that must be there and not be null.
func (o *object) need(key string, v any) {
	b, ok := o.fields[key]
	if !ok || string(b) == "null" {
		o.fail(key, errors.New("is missing"))
	}
	o.may(key, v)
}

// may decodes a field if it is there and not null.
func (o *object) may(key string, v any) {
	b, ok := o.fields[key]
	delete(o.fields, key)
	if !ok || string(b) == "null" {
		return
	}
	if err := json.Unmarshal(b, v); err != nil {
		o.fail(key, err)
	}
}

// oneOf decodes a string field that must have one of the given values.
func (o *object) oneOf(key string, v *string, values ...string) {
	o.need(key, v)
	if o.err == nil && !slices.Contains(values, *v) {
		o.fail(key, fmt.Errorf("unknown %q, want one of %q", *v, values))
	}
}

// sub decodes a field that is an object by the given function.
func (o *object) sub(key string, decode func(*object)) {
	b, ok := o.fields[key]
	delete(o.fields, key)
	if !ok {
		o.fail(key, errors.New("is missing"))
		return
	}
	o.nested(b, o.path+"."+key, decode)
}

// list decodes a field that is a list of objects; size is told their number
// first.
func (o *object) list(key string, size func(int), decode func(int, *object)) {
	var items []json.RawMessage
	o.need(key, &items)
	size(len(items))
	for i, b := range items {
		o.nested(b, fmt.Sprintf("%s.%s[%d]", o.path, key, i), func(s *object) { decode(i, s) })
	}
}

func (o *object) nested(b []byte, path string, decode func(*object)) {
	s, err := parseObject(b, path)
	if err == nil {
		decode(s)
		err = s.done()
	}
	if o.err == nil {
		o.err = err
	}
}

func (o *object) fail(key string, err error) {
	if o.err == nil {
		o.err = fmt.Errorf("%s.%s: %w", o.path, key, err)
	}
}

// done returns the first error; a field that nobody asked for is one.
func (o *object) done() error {
	if o.err != nil {
		return o.err
	}
	for key := range o.fields {
		return fmt.Errorf("%s: unknown field %q", o.path, key)
	}
	return nil
}
