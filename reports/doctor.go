package reports

import (
	"fmt"
	"io"
	"slices"
	"strings"
	"time"
)

// Doctor is the document of `crywolf doctor -f json`: what was looked at, what was found, and what to do about it. It has
// no secret and no record's value in it, so that it can go with a report of a fault.
type Doctor struct {
	SchemaVersion string `json:"schema_version"`
	// Demo is DemoData for the generated account, and absent otherwise.
	Demo     string    `json:"demo,omitempty"`
	MadeWith string    `json:"made_with"`
	Offline  bool      `json:"offline"`
	Findings []Finding `json:"findings"`
	// Ledger says of each kind of record what was asked for and read.
	Ledger []LedgerRow `json:"ledger"`
	// Period is that of the laws: all that was read. Null where there is nothing to work them out from.
	Period *Period `json:"period"`
	Laws   []Law   `json:"laws"`
	// Fingerprint are the parts of a report's; null where no report can be made.
	Fingerprint *FingerprintParts `json:"fingerprint_parts"`
	// Hosts are the machines that a sync would talk to.
	Hosts []string `json:"hosts"`
	// Context is what documents for people say beyond the JSON document.
	Context Context `json:"-"`
}

// FindingStatus is how a finding reads.
type FindingStatus string

// The states of a finding, mildest first.
const (
	FindingOK       FindingStatus = "ok"
	FindingInfo     FindingStatus = "info"
	FindingNotTried FindingStatus = "not_tried"
	FindingWatch    FindingStatus = "watch"
	FindingProblem  FindingStatus = "problem"
)

// FindingStatuses lists every state.
func FindingStatuses() []FindingStatus {
	return []FindingStatus{FindingOK, FindingInfo, FindingNotTried, FindingWatch, FindingProblem}
}

// Finding is one thing that was looked at.
type Finding struct {
	Section string        `json:"section"` // one of DoctorSections
	Code    string        `json:"code"`    // stable
	Status  FindingStatus `json:"status"`
	Text    string        `json:"text"`
	Fix     string        `json:"fix"` // the command or deed that mends it; "" where there is nothing to mend
}

// The sections, in their order.
const (
	DoctorToken         = "token"
	DoctorPagerDuty     = "pagerduty"
	DoctorDatabase      = "database"
	DoctorData          = "data"
	DoctorConfiguration = "configuration"
)

// DoctorSections lists the sections of findings in their order.
func DoctorSections() []string {
	return []string{DoctorToken, DoctorPagerDuty, DoctorDatabase, DoctorData, DoctorConfiguration}
}

// LedgerRow is what is known of the reading of one kind of record.
type LedgerRow struct {
	Kind        string     `json:"kind"`
	AskedSince  *time.Time `json:"asked_since"` // of its windows; null for a list without any
	AskedUntil  *time.Time `json:"asked_until"`
	ReadSince   *time.Time `json:"read_since"` // of those that were read whole
	ReadUntil   *time.Time `json:"read_until"`
	WindowCount int64      `json:"window_count"`
	// The windows by what became of them; they sum to WindowCount.
	WholeCount      int64 `json:"whole_count"`
	UnfinishedCount int64 `json:"unfinished_count"`
	TruncatedCount  int64 `json:"truncated_count"`
	RefusedCount    int64 `json:"refused_count"`

	ReceivedCount   int64      `json:"received_count"` // doubles included
	StoredCount     int64      `json:"stored_count"`
	UnreadableCount int64      `json:"unreadable_count"`
	RequestCount    int64      `json:"request_count"`
	FirstAskedAt    *time.Time `json:"first_asked_at"`
	LastReadAt      *time.Time `json:"last_read_at"`
	Reason          string     `json:"reason"` // why windows were truncated or refused; "" where none was
}

// Law is an equation between the numbers of a report, worked out anew.
type Law struct {
	Code   string   `json:"code"`
	Text   string   `json:"text"`
	Left   int64    `json:"left_count"`
	Right  int64    `json:"right_count"`
	Holds  bool     `json:"holds"`
	Broken []string `json:"broken_rotations"` // ids
}

// FingerprintParts are what a report's data.fingerprint is made of, for the period that a report has unless told.
type FingerprintParts struct {
	Period      Period `json:"period"`
	Data        string `json:"data"`
	Settings    string `json:"settings"`
	Definitions string `json:"definitions"`
	Version     string `json:"version"`
	Fingerprint string `json:"fingerprint"` // of the four
}

// Add appends a finding.
func (d *Doctor) Add(section, code string, status FindingStatus, fix, format string, args ...any) {
	d.Findings = append(d.Findings, Finding{section, code, status, fmt.Sprintf(format, args...), fix})
}

// Normalize replaces nil slices by empty ones and puts the findings into the order of their sections.
func (d *Doctor) Normalize() {
	slices.SortStableFunc(d.Findings, func(a, b Finding) int {
		return slices.Index(DoctorSections(), a.Section) - slices.Index(DoctorSections(), b.Section)
	})
	d.Findings, d.Ledger, d.Laws, d.Hosts = nonNil(d.Findings), nonNil(d.Ledger), nonNil(d.Laws), nonNil(d.Hosts)
	for i := range d.Laws {
		d.Laws[i].Broken = nonNil(d.Laws[i].Broken)
	}
}

// RenderDoctor writes the findings in one format: table, Markdown or JSON.
func RenderDoctor(w io.Writer, d *Doctor, f Format, o Options) error {
	d.Normalize()
	var b strings.Builder
	var err error
	switch f {
	case Table:
		writeDoctorTable(&b, newDoctorView(d), o)
	case Markdown:
		err = writeDoctorMarkdown(&b, newDoctorView(d))
	case JSON:
		err = WriteJSON(&b, d)
	default:
		err = fmt.Errorf("format %q is not known", f)
	}
	return finish(w, &b, f, err)
}
