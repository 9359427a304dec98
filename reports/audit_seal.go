package reports

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
)

// Seal fills in the fingerprint of the document's content.
func (a *Audit) Seal() error {
	a.Normalize()
	text, err := json.Marshal(a)
	if err != nil {
		return fmt.Errorf("fingerprint the audit: %w", err)
	}
	document, err := readStrictly(text)
	if err != nil {
		return fmt.Errorf("fingerprint the audit: %w", err)
	}
	a.Fingerprint, err = fingerprintOf(document)
	return err
}

// fingerprintOf is the SHA-256 (hex) of a JSON document without its own fingerprint, in canonical form: keys sorted, no
// white space, numbers as they are written. It takes the fingerprint out of the document.
func fingerprintOf(document map[string]any) (string, error) {
	delete(document, "fingerprint")
	canonical, err := json.Marshal(document)
	if err != nil {
		return "", fmt.Errorf("put the document into canonical form: %w", err)
	}
	return hexSum(canonical), nil
}

func hexSum(text []byte) string {
	sum := sha256.Sum256(text)
	return hex.EncodeToString(sum[:])
}

// deepest is how far objects and lists may nest; a document of ours needs a dozen levels.
const deepest = 32

// readStrictly reads a JSON object. What two readers could take differently is an error: a key that stands twice, or
// anything behind the object.
func readStrictly(text []byte) (map[string]any, error) {
	d := json.NewDecoder(bytes.NewReader(text))
	d.UseNumber()
	value, err := readValue(d, 0)
	if err != nil {
		return nil, err
	}
	document, ok := value.(map[string]any)
	if !ok {
		return nil, errors.New("it is no JSON object")
	}
	if _, err := d.Token(); err != io.EOF {
		return nil, errors.New("something stands behind its JSON object")
	}
	return document, nil
}

func readValue(d *json.Decoder, depth int) (any, error) {
	token, err := nextToken(d)
	if err != nil {
		return nil, err
	}
	opening, ok := token.(json.Delim)
	switch {
	case !ok:
		return token, nil
	case depth == deepest:
		return nil, fmt.Errorf("its JSON is nested deeper than %d levels", deepest)
	case opening == '[':
		return readList(d, depth+1)
	}
	return readObject(d, depth+1)
}

func nextToken(d *json.Decoder) (json.Token, error) {
	token, err := d.Token()
	if err != nil {
		return nil, fmt.Errorf("it is no whole JSON: %w", err)
	}
	return token, nil
}

func readList(d *json.Decoder, depth int) (any, error) {
	list := []any{}
	for d.More() {
		value, err := readValue(d, depth)
		if err != nil {
			return nil, err
		}
		list = append(list, value)
	}
	_, err := nextToken(d)
	return list, err
}

func readObject(d *json.Decoder, depth int) (any, error) {
	object := map[string]any{}
	for d.More() {
		token, err := nextToken(d)
		if err != nil {
			return nil, err
		}
		key, _ := token.(string) // between the braces the decoder lets nothing else be a key
		if _, twice := object[key]; twice {
			return nil, fmt.Errorf("its JSON has the key %q twice", Cut(Clean(key), 40))
		}
		if object[key], err = readValue(d, depth); err != nil {
			return nil, err
		}
	}
	_, err := nextToken(d)
	return object, err
}
