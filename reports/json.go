package reports

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"unicode"
)

// WriteJSON writes a document, indented. Texts in it are those of PagerDuty, letter by letter; what a terminal would obey
// in them is written as JSON's \u escapes, so that a document may be printed, and read back as it was.
func WriteJSON(w io.Writer, document any) error {
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false) // "<" in a title stays readable; HTML is escaped where HTML is made
	e.SetIndent("", "  ")
	if err := e.Encode(document); err != nil {
		return err
	}
	_, err := w.Write(escapeControls(b.Bytes()))
	return err
}

// escapeControls escapes what encoding/json leaves: DEL, the controls of 8 bits, and the marks that turn the direction of
// text. None of them can stand outside a string of JSON.
func escapeControls(text []byte) []byte {
	isControl := func(c rune) bool {
		return c != '\n' && unicode.IsControl(c) || unicode.Is(unicode.Bidi_Control, c) || c == '\ufeff'
	}
	if bytes.IndexFunc(text, isControl) < 0 {
		return text
	}
	var b bytes.Buffer
	for _, c := range string(text) {
		if isControl(c) {
			fmt.Fprintf(&b, `\u%04x`, c)
		} else {
			b.WriteRune(c)
		}
	}
	return b.Bytes()
}
