package reports

import (
	"bytes"
	"encoding/json"
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
	a, err := openDocument(s.data)
	if _, isAltered := err.(*AlteredError); err != nil && !isAltered && hexSum(s.data) == s.dataSealed {
		return nil, err // unaltered, and still none that this program can read
	}
	var parts []string
	if s.pageSum() != s.page {
		parts = append(parts, "the visible page, or its checksum, does not match")
	}
	switch sealed := hexSum(s.data) == s.dataSealed; {
	case !sealed && err == nil:
		parts = append(parts, "the checksum of the document inside does not match, though its fingerprint does")
	case !sealed:
		parts = append(parts, "the document inside (the numbers that crywolf reads) does not match its checksum")
	case err != nil:
		parts = append(parts, "the document inside does not match its fingerprint")
	}
	if len(parts) == 0 && madeWith != "" && a.MadeWith == madeWith && !s.shows() {
		parts = append(parts, "the visible page says something else than the document inside")
	}
	if len(parts) > 0 {
		return nil, &AlteredError{parts}
	}
	return a, nil
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
	sum, err := fingerprintOf(text)
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
		return fmt.Errorf("it is no document of crywolf: it has no schema version")
	}
	knownMajor, knownMinor, _ := versionOf(SchemaVersion)
	if major > knownMajor || major == knownMajor && minor > knownMinor {
		return &NewerError{Version: version}
	}
	if !scorecards || !fingerprint {
		return fmt.Errorf("it is a document of crywolf, and no audit")
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
