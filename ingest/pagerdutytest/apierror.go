package pagerdutytest

import (
	"encoding/json"
	"net/http"
)

// apiError is an answer that is not 200, in the shape
// {"error": {"message", "code", "errors"}}.
type apiError struct {
	status  int
	Code    int      `json:"code"`
	Message string   `json:"message"`
	Errors  []string `json:"errors,omitempty"`
}

func (e *apiError) body() []byte {
	b, _ := json.Marshal(map[string]*apiError{"error": e})
	return b
}

func invalidInput(errors ...string) *apiError {
	return &apiError{http.StatusBadRequest, 2001, "Invalid Input Provided", errors}
}

func badArguments(errors ...string) *apiError {
	return &apiError{http.StatusBadRequest, 2002, "Arguments Caused Error", errors}
}

func notFound() *apiError {
	return &apiError{http.StatusNotFound, 2100, "Not Found", nil}
}

// errorOf returns the error body that PagerDuty sends with a status.
func errorOf(status int) *apiError {
	switch status {
	case http.StatusUnauthorized:
		return &apiError{status, 2006, "Authentication failed", []string{"Invalid token"}}
	case http.StatusPaymentRequired:
		return &apiError{status, 2014, "Account does not have the abilities to perform the action", []string{"Upgrade your plan"}}
	case http.StatusForbidden:
		return &apiError{status, 2010, "Access Denied", nil}
	case http.StatusNotFound:
		return notFound()
	case http.StatusMethodNotAllowed:
		return &apiError{status, 2000, "Method Not Allowed", nil}
	case http.StatusRequestTimeout:
		return &apiError{status, 2016, "The request took too long to process", nil}
	case http.StatusTooManyRequests:
		return &apiError{status, 2020, "Rate Limit Exceeded", nil}
	}
	return &apiError{status, 2000, "Internal Server Error", nil}
}
