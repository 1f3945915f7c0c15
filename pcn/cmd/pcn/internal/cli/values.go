package cli

import (
	"errors"
	"flag"
	"fmt"
	"math"
	"slices"
	"strconv"
)

// AnyMost is the upper end of a range that has none.
const AnyMost = math.MaxFloat32

// Choice is the value of a flag that takes one of a list of names.
func Choice(value *string, names []string) flag.Value { return choice{value, names} }

// Text is the value of a flag that takes anything.
func Text(value *string) flag.Value { return text{value} }

// Whole is the value of a flag that takes whole numbers from least on.
func Whole(value *int, least int) flag.Value { return whole{value, least} }

// Seed is the value of a flag that takes what a random seed may be.
func Seed(value *uint64) flag.Value { return seed{value} }

// Real is the value of a flag that takes numbers from least to most, both
// included.
func Real[T float32 | float64](value *T, least, most T) flag.Value {
	return real[T]{value, least, most, false}
}

// Above is the value of a flag that takes numbers greater than least, up to
// most.
func Above[T float32 | float64](value *T, least, most T) flag.Value {
	return real[T]{value, least, most, true}
}

// Toggle is the value of a flag that is true or false, and true without a value.
func Toggle(value *bool) flag.Value { return toggle{value} }

type choice struct {
	value *string
	names []string
}

func (c choice) String() string { return *c.value }

func (c choice) Set(text string) error {
	if !slices.Contains(c.names, text) {
		return fmt.Errorf("use %s%s", Alternatives(c.names), DidYouMean(text, c.names))
	}
	*c.value = text
	return nil
}

type text struct{ value *string }

func (t text) String() string         { return *t.value }
func (t text) Set(value string) error { *t.value = value; return nil }

type whole struct {
	value *int
	least int
}

func (w whole) String() string { return strconv.Itoa(*w.value) }

func (w whole) Set(text string) error {
	n, err := strconv.Atoi(text)
	if err != nil || n < w.least {
		return fmt.Errorf("want a whole number from %d on", w.least)
	}
	*w.value = n
	return nil
}

type seed struct{ value *uint64 }

func (s seed) String() string { return strconv.FormatUint(*s.value, 10) }

func (s seed) Set(text string) error {
	n, err := strconv.ParseUint(text, 10, 64)
	if err != nil {
		return errors.New("want a whole number from 0 on, less than 2^64")
	}
	*s.value = n
	return nil
}

// real takes numbers from least to most; above excludes least itself.
type real[T float32 | float64] struct {
	value       *T
	least, most T
	above       bool
}

// bits is the size of T, with which decimal numbers are rounded once only.
func (r real[T]) bits() int {
	if _, single := any(*r.value).(float32); single {
		return 32
	}
	return 64
}

func (r real[T]) String() string { return strconv.FormatFloat(float64(*r.value), 'g', -1, r.bits()) }

func (r real[T]) Set(text string) error {
	v, err := strconv.ParseFloat(text, r.bits())
	if x := T(v); err != nil || !(x >= r.least && x <= r.most) || r.above && x == r.least {
		return errors.New("want " + r.want())
	}
	*r.value = T(v)
	return nil
}

// want says what the flag takes.
func (r real[T]) want() string {
	from := fmt.Sprintf("a number from %v", r.least)
	switch {
	case r.above && r.most == AnyMost:
		return fmt.Sprintf("a number greater than %v", r.least)
	case r.most == AnyMost:
		return from + " on"
	}
	return fmt.Sprintf("%s to %v", from, r.most)
}

type toggle struct{ value *bool }

func (t toggle) String() string   { return strconv.FormatBool(*t.value) }
func (t toggle) IsBoolFlag() bool { return true }

func (t toggle) Set(text string) error {
	v, err := strconv.ParseBool(text)
	if err != nil {
		return errors.New("want true or false")
	}
	*t.value = v
	return nil
}

// Choices returns the names that a flag takes, nil if it takes other things.
func Choices(value flag.Value) []string {
	if c, ok := value.(choice); ok {
		return c.names
	}
	return nil
}
