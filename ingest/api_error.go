package ingest

import (
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"strings"
)

// APIError is PagerDuty's refusal of one request.
type APIError struct {
	Status  int      // HTTP status
	Code    int      // PagerDuty's error code; 0: none
	Message string   // PagerDuty's message, may be empty
	Details []string // its list of errors, may be empty
}

func (e *APIError) Error() string {
	text := fmt.Sprintf("PagerDuty answered %d %s", e.Status, http.StatusText(e.Status))
	if e.Code != 0 {
		text += fmt.Sprintf(" (code %d)", e.Code)
	}
	if said := strings.Join(append([]string{e.Message}, e.Details...), ": "); strings.Trim(said, ": ") != "" {
		text += ": " + strings.Trim(said, ": ")
	}
	return text
}

// IsRateLimit tells that the token's requests are used up.
func (e *APIError) IsRateLimit() bool { return e.Status == http.StatusTooManyRequests }

// IsTemporary tells that the trouble is PagerDuty's, or on the way to it, and may pass.
func (e *APIError) IsTemporary() bool {
	return e.Status >= 500 || e.Status == http.StatusRequestTimeout
}

// parseAPIError reads an error body. PagerDuty documents {"error": {message, code, errors: [...]}}; errors may be
// missing or a string, error itself may be a list or a string, and a body may be HTML or empty.
func parseAPIError(status int, body []byte, token string) *APIError {
	e := &APIError{Status: status}
	var doc struct {
		Error json.RawMessage `json:"error"`
	}
	if json.Unmarshal(body, &doc) != nil {
		return e
	}
	v, _ := decodeValue(doc.Error)
	switch v := v.(type) {
	case map[string]any:
		r := record(v)
		e.Message = r.text("message")
		if code, ok := r.integer("code").(int64); ok {
			e.Code = int(code)
		}
		e.Details = texts(v["errors"])
	default:
		e.Details = texts(v)
	}
	e.Message = shorten(hideIn(e.Message, token))
	for i, d := range e.Details {
		e.Details[i] = shorten(hideIn(d, token))
	}
	return e
}

// texts gives the strings of a value that may be a string, a list or anything else.
func texts(v any) []string {
	switch v := v.(type) {
	case string:
		return []string{v}
	case []any:
		var out []string
		for _, x := range v {
			if s, ok := x.(string); ok {
				out = append(out, s)
			}
		}
		return out
	}
	return nil
}

func hideIn(text, token string) string {
	if token == "" {
		return text
	}
	return strings.ReplaceAll(text, token, "[token]")
}

// shorten keeps an error line readable whatever a server puts into it, and addresses out of it.
func shorten(text string) string {
	text = maskEmails(strings.Join(strings.Fields(text), " "))
	if r := []rune(text); len(r) > 200 {
		return string(r[:200]) + "…"
	}
	return text
}

// statusOf gives the HTTP status of an APIError in err's chain, else 0.
func statusOf(err error) int {
	var e *APIError
	if errors.As(err, &e) {
		return e.Status
	}
	return 0
}

// notAllowed tells that the account or the key may not read an endpoint, or that there is no such endpoint: a
// reason to do without it.
func notAllowed(err error) bool {
	switch statusOf(err) {
	case http.StatusPaymentRequired, http.StatusForbidden, http.StatusNotFound:
		return true
	}
	return false
}

// windowTooWide tells that a smaller window may be answered where this one was not.
func windowTooWide(err error) bool {
	status := statusOf(err)
	return status == http.StatusBadRequest || status == http.StatusRequestTimeout
}
