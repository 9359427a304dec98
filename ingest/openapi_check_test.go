package ingest

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strings"

	"github.com/getkin/kin-openapi/openapi3"
	"github.com/getkin/kin-openapi/openapi3filter"
	"github.com/getkin/kin-openapi/routers"
)

// trade is a request and its answer.
type trade struct {
	request *http.Request
	status  int
	header  http.Header
	body    []byte
}

// route finds the operation of a request. Of two paths that fit, the one without a parameter is meant: it is listed first.
func (c contract) route(r *http.Request) (*routers.Route, map[string]string) {
	parts := strings.Split(r.URL.EscapedPath(), "/")
	for _, path := range contractPaths {
		pattern, parameters := strings.Split(path, "/"), map[string]string{}
		fits := len(pattern) == len(parts)
		for i := 0; fits && i < len(parts); i++ {
			if strings.HasPrefix(pattern[i], "{") {
				parameters[strings.Trim(pattern[i], "{}")] = parts[i]
			} else {
				fits = pattern[i] == parts[i]
			}
		}
		if fits {
			item := c.doc.Paths.Value(path)
			return &routers.Route{Spec: c.doc, Path: path, PathItem: item, Method: http.MethodGet, Operation: item.Get}, parameters
		}
	}
	return nil, nil
}

func (c contract) input(r *http.Request) (*openapi3filter.RequestValidationInput, error) {
	route, parameters := c.route(r)
	if route == nil || r.Method != http.MethodGet {
		return nil, fmt.Errorf("the schema knows no %s %s", r.Method, r.URL.Path)
	}
	return &openapi3filter.RequestValidationInput{Request: r, PathParams: parameters, Route: route,
		Options: &openapi3filter.Options{IncludeResponseStatus: true, SkipSettingDefaults: true}}, nil
}

// checkRequest holds a request against the contract; a parameter that it does not name would be ignored without a word.
func (c contract) checkRequest(r *http.Request) error {
	in, err := c.input(r)
	if err != nil {
		return err
	}
	for name := range r.URL.Query() {
		if in.Route.Operation.Parameters.GetByInAndName("query", name) == nil {
			return fmt.Errorf("%s has no parameter %s", in.Route.Path, name)
		}
	}
	return openapi3filter.ValidateRequest(context.Background(), in)
}

// refuses tells whether an answer breaks the contract, without saying where: that is many times as fast.
func (c contract) refuses(x trade) bool { return c.visitAnswer(x, openapi3.FailFast()) != nil }

// checkAnswer holds an answer against the contract.
func (c contract) checkAnswer(x trade) error {
	if !c.refuses(x) {
		return nil
	}
	return c.visitAnswer(x)
}

func (c contract) visitAnswer(x trade, opts ...openapi3.SchemaValidationOption) error {
	in, err := c.input(x.request)
	if err != nil {
		return err
	}
	in.Options.SchemaValidationOptions = opts
	return openapi3filter.ValidateResponse(context.Background(), &openapi3filter.ResponseValidationInput{RequestValidationInput: in,
		Status: x.status, Header: x.header, Body: io.NopCloser(bytes.NewReader(x.body)), Options: in.Options})
}

// undocumented collects the places of an answer's keys that no schema names.
func (c contract) undocumented(x trade, found map[string]bool) error {
	route, _ := c.route(x.request)
	var value any
	if err := json.Unmarshal(x.body, &value); err != nil {
		return err
	}
	if content := route.Operation.Responses.Status(x.status).Value.Content.Get("application/json"); content != nil {
		unknownKeys([]*openapi3.Schema{content.Schema.Value}, value, route.Path, found)
	}
	return nil
}

// unknownKeys collects the places of keys that none of a value's schemas names. An object for which they name none at all
// may hold anything.
func unknownKeys(schemas []*openapi3.Schema, value any, at string, found map[string]bool) {
	var pieces, items []*openapi3.Schema
	named := map[string][]*openapi3.Schema{}
	for _, s := range schemas {
		pieces = appendPieces(pieces, s)
	}
	for _, p := range pieces {
		if p.Items != nil {
			items = append(items, p.Items.Value)
		}
		for name, s := range p.Properties {
			named[name] = append(named[name], s.Value)
		}
	}
	switch value := value.(type) {
	case []any:
		for _, v := range value {
			unknownKeys(items, v, at+"[]", found)
		}
	case map[string]any:
		for key, v := range value {
			switch {
			case len(named) == 0:
			case named[key] == nil:
				found[at+"."+key] = true
			default:
				unknownKeys(named[key], v, at+"."+key, found)
			}
		}
	}
}

// appendPieces appends a schema and all that it is put together from.
func appendPieces(pieces []*openapi3.Schema, s *openapi3.Schema) []*openapi3.Schema {
	pieces = append(pieces, s)
	for _, list := range []openapi3.SchemaRefs{s.AllOf, s.AnyOf, s.OneOf} {
		for _, part := range list {
			pieces = appendPieces(pieces, part.Value)
		}
	}
	return pieces
}

// reason is the innermost cause of a refusal: what kin-openapi prints of it can be pages long. Of alternatives it follows
// the one of the right type that got farthest.
func reason(err error) string {
	var schema *openapi3.SchemaError
	if !errors.As(err, &schema) {
		return err.Error()
	}
	at := strings.Join(schema.JSONPointer(), "/")
	best := ""
	for _, branch := range schema.Schema.AnyOf {
		why := ""
		if err := branch.Value.VisitJSON(schema.Value, openapi3.VisitAsResponse()); err != nil {
			why = reason(err)
		}
		if best == "" || strings.HasPrefix(best, "type: ") && !strings.HasPrefix(why, "type: ") {
			best = why
		}
	}
	if best != "" {
		return at + ": " + best
	}
	if schema.Origin != nil {
		return strings.TrimSuffix(at+": ", ": ") + reason(schema.Origin)
	}
	shown := fmt.Sprint(schema.Value)
	return fmt.Sprintf("%s: %s, and is %.60s", at, schema.Reason, shown)
}
