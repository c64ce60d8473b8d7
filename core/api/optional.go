package api

import (
	"reflect"

	"github.com/danielgtaylor/huma/v2"
)

// optional is a query parameter that may be missing, which its zero value does not
// tell.
type optional[T any] struct {
	Value T
	Given bool
}

// Receiver is for huma.
func (o *optional[T]) Receiver() reflect.Value { return reflect.ValueOf(o).Elem().Field(0) }

// OnParamSet is for huma.
func (o *optional[T]) OnParamSet(given bool, _ any) { o.Given = given }

// Schema is for huma.
func (o optional[T]) Schema(r huma.Registry) *huma.Schema {
	return huma.SchemaFromType(r, reflect.TypeFor[T]())
}

func (o *optional[T]) pointer() *T {
	if !o.Given {
		return nil
	}
	return &o.Value
}
