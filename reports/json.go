package reports

import (
	"encoding/json"
	"io"
)

func writeJSON(w io.Writer, document any) error {
	e := json.NewEncoder(w)
	e.SetEscapeHTML(false) // "<" in a title stays readable; HTML is escaped where HTML is made
	e.SetIndent("", "  ")
	return e.Encode(document)
}
