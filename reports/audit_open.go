package reports

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"strconv"
	"strings"
)

// NewerError tells that a file was written by a crywolf whose documents this one does not know.
type NewerError struct{ Version string }

func (e *NewerError) Error() string {
	return fmt.Sprintf("it was written by a newer crywolf (schema %s; this one knows %s)", e.Version, SchemaVersion)
}

// OpenAudit reads a file that somebody handed over: a shared page, or the JSON of an audit alone. It is an error if
// anything in it was altered since crywolf wrote it, and that says which part. The page is also compared with what the
// document says where madeWith, this program and version, is what made the file; "" leaves that out. All texts of the
// document are the file's: judge it again before anything is made of it.
func OpenAudit(file []byte, madeWith string) (*Audit, error) {
	if trimmed := bytes.TrimSpace(file); len(trimmed) > 0 && trimmed[0] == '{' {
		return openDocument(trimmed)
	}
	s, err := takeApart(file)
	if err != nil {
		return nil, err
	}
	intact, sealed := s.pageSum() == s.page, hexSum(s.data) == s.dataSealed
	const otherPage = "the visible page, or its checksum, does not match"
	if sealed && !intact {
		return nil, alteredPart(otherPage)
	}
	a, err := openDocument(s.data)
	var altered *AlteredError
	switch {
	case sealed && err == nil:
		if madeWith != "" && a.MadeWith == madeWith && !s.shows() {
			return nil, alteredPart("the visible page says something else than the document inside")
		}
		return a, nil
	case sealed && errors.As(err, &altered):
		return nil, alteredPart("the document inside does not match its fingerprint")
	case sealed:
		return nil, err // as somebody sealed it, and none that this program can read
	}
	altered = &AlteredError{}
	if !intact {
		altered.Parts = append(altered.Parts, otherPage)
	}
	if err == nil {
		altered.Parts = append(altered.Parts, "the checksum of the document inside does not match, though its fingerprint does")
	} else {
		altered.Parts = append(altered.Parts, "the document inside, with the numbers that crywolf reads, does not match its checksum")
	}
	return nil, altered
}

// openDocument reads the JSON of an audit and compares its fingerprint.
func openDocument(text []byte) (*Audit, error) {
	document, err := readStrictly(text)
	if err != nil {
		return nil, err
	}
	if err := checkVersion(document); err != nil {
		return nil, err
	}
	var a Audit
	if err := json.Unmarshal(text, &a); err != nil {
		return nil, fmt.Errorf("it is no audit: %w", err)
	}
	if err := a.check(); err != nil {
		return nil, err
	}
	sum, err := fingerprintOf(document)
	if err != nil {
		return nil, err
	}
	if a.Fingerprint != sum {
		return nil, alteredPart("its content does not match its fingerprint")
	}
	a.Normalize()
	return &a, nil
}

// checkVersion reads the version before anything else is read, since a later one may hold anything.
func checkVersion(document map[string]any) error {
	version, ok := document["schema_version"].(string)
	_, scorecards := document["rotations"].([]any)
	_, fingerprint := document["fingerprint"].(string)
	major, minor, valid := versionOf(version)
	if !ok || !valid {
		return errors.New("it is no document of crywolf: it has no schema version")
	}
	knownMajor, knownMinor, _ := versionOf(SchemaVersion)
	if major > knownMajor || major == knownMajor && minor > knownMinor {
		return &NewerError{Version: version}
	}
	if !scorecards || !fingerprint {
		return errors.New("it is a document of crywolf, and no audit")
	}
	return nil
}

func versionOf(text string) (major, minor int, ok bool) {
	first, second, two := strings.Cut(text, ".")
	major, err := strconv.Atoi(first)
	if err != nil || !two || major < 0 {
		return 0, 0, false
	}
	minor, err = strconv.Atoi(second)
	return major, minor, err == nil && minor >= 0
}
