package reports

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"regexp"
	"strings"
)

// A shared file is the page of an audit with the document itself inside, and a seal in its head: the SHA-256 of the page
// and of the document. The page's covers every byte of the file but the document and the two sums.
const (
	dataOpen  = `<script type="application/json" id="crywolf-audit">`
	dataClose = `</script>`
	sealLine  = `<meta name="crywolf-seal" content="page sha256:%s data sha256:%s">`
	pageHead  = "<head>\n"
	pageEnd   = "</body>"
)

var (
	sealPattern = regexp.MustCompile(`<meta name="crywolf-seal" content="page sha256:([0-9a-f]{64}) data sha256:([0-9a-f]{64})">`)
	noSum       = strings.Repeat("0", 64)
	emptySeal   = fmt.Sprintf(sealLine, noSum, noSum)
)

// ShareFile is a judged and sealed document as the file to hand over. The page is made of what the file's JSON says, read
// back, and of nothing else. A file that nobody could open is an error.
func (a *Audit) ShareFile() ([]byte, error) {
	a.Normalize()
	data, err := json.Marshal(a) // < and > escaped, so that no text can end the script element
	if err != nil {
		return nil, fmt.Errorf("write the document into the file: %w", err)
	}
	page, err := pageOf(data)
	if err != nil {
		return nil, err
	}
	head, rest, ok := strings.Cut(page, pageHead)
	end := strings.LastIndex(rest, pageEnd)
	if !ok || end < 0 {
		return nil, errors.New("the page of an audit has no head or no body")
	}
	var b bytes.Buffer
	b.WriteString(head + pageHead + emptySeal + "\n" + rest[:end] + dataOpen)
	b.Write(data)
	b.WriteString(dataClose + "\n" + rest[end:])
	s, err := takeApart(b.Bytes())
	if err != nil {
		return nil, err
	}
	file := bytes.Replace(b.Bytes(), []byte(s.seal), fmt.Appendf(nil, sealLine, s.pageSum(), hexSum(data)), 1)
	if _, err := OpenAudit(file, a.MadeWith); err != nil {
		return nil, fmt.Errorf("read the file back: %w", err)
	}
	return file, nil
}

// pageOf is the page that shows a document in JSON.
func pageOf(data []byte) (string, error) {
	var a Audit
	if err := json.Unmarshal(data, &a); err != nil {
		return "", fmt.Errorf("read the document back: %w", err)
	}
	var page strings.Builder
	err := RenderAudit(&page, &a, HTML, Options{})
	return page.String(), err
}

// sharedFile are the parts of a shared file.
type sharedFile struct {
	before, after    string // the page, without the document
	data             []byte
	seal             string // as it stands in the head
	page, dataSealed string // the sums in it
}

// takeApart finds the parts of a shared file, each of which stands in it exactly once.
func takeApart(file []byte) (sharedFile, error) {
	text := string(file)
	seals := sealPattern.FindAllStringSubmatch(text, 2)
	switch {
	case strings.Count(text, dataOpen) == 0 && len(seals) == 0:
		return sharedFile{}, errors.New("it is no shared audit of crywolf")
	case strings.Count(text, dataOpen) != 1:
		return sharedFile{}, alteredPart("the document inside the page is missing, or there are several")
	case len(seals) != 1:
		return sharedFile{}, alteredPart("the seal in the page's head is missing, damaged, or there are several")
	}
	before, rest, _ := strings.Cut(text, dataOpen)
	data, after, ok := strings.Cut(rest, dataClose)
	if !ok {
		return sharedFile{}, alteredPart("the document inside the page has no end")
	}
	return sharedFile{before: before, after: after, data: []byte(data), seal: seals[0][0], page: seals[0][1], dataSealed: seals[0][2]}, nil
}

// pageSum is the sum of all that is not the document, with zeros in place of the sums.
func (s *sharedFile) pageSum() string {
	return hexSum([]byte(strings.Replace(s.before+dataOpen+dataClose+s.after, s.seal, emptySeal, 1)))
}

// shows tells whether the page is the one that this program makes of the document.
func (s *sharedFile) shows() bool {
	page, err := pageOf(s.data)
	without := strings.Replace(s.before+strings.TrimPrefix(s.after, "\n"), s.seal+"\n", "", 1)
	return err == nil && page == without
}

// AlteredError tells which parts of a file are not as crywolf wrote them.
type AlteredError struct{ Parts []string }

func (e *AlteredError) Error() string {
	return "it was altered after crywolf wrote it: " + strings.Join(e.Parts, "; ")
}

func alteredPart(part string) error { return &AlteredError{[]string{part}} }
