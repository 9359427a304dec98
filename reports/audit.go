package reports

import (
	"bytes"
	"encoding/json"
	"fmt"
	"time"
)

// Audit is the document of `crywolf audit -f json`: a scorecard a rotation for somebody who may come to carry its
// pager. There is no overall score: each block says what it knows, against which limit, and whose limit that is.
type Audit struct {
	SchemaVersion string `json:"schema_version"`
	// Demo is DemoData for the generated account, and absent otherwise.
	Demo     string  `json:"demo,omitempty"`
	MadeWith string  `json:"made_with"` // crywolf and its version
	Shared   bool    `json:"shared"`    // true where names, titles and services were taken out to hand it over
	Period   Period  `json:"period"`
	Filter   *Filter `json:"filter,omitempty"`
	Data     Data    `json:"data"`
	// Rotations are sorted by id; in a shared document, where ids are letters, too.
	Rotations []Scorecard `json:"rotations"`
	// Suppressed are the keys of small numbers that a shared document leaves out: "A/help/never_acknowledged_count".
	Suppressed []string `json:"suppressed"`
	// Fingerprint is the SHA-256 of the document's own content (hex); Seal fills it in and OpenAudit compares it.
	Fingerprint string `json:"fingerprint"`
	// Context is what documents for people say beyond the JSON document.
	Context Context `json:"-"`
}

// Scorecard is one rotation's part of an audit: the blocks in the order of AuditBlocks.
type Scorecard struct {
	ID       string  `json:"id"`
	Name     string  `json:"name"`
	TimeZone string  `json:"time_zone"`
	Blocks   []Block `json:"blocks"`
}

// Status is what an audit makes of a block or a check.
type Status string

// The states. Ask is a value that is missing, too thin or near its limit: each becomes a question to put to the team.
const (
	StatusOK            Status = "ok"
	StatusAlarm         Status = "alarm"
	StatusInfo          Status = "info"
	StatusNotApplicable Status = "not_applicable"
	StatusAsk           Status = "ask"
)

// Block is one topic of a scorecard: its numbers, what they amount to, and the limit they are held against.
type Block struct {
	ID          string   `json:"block"` // one of AuditBlocks
	Title       string   `json:"title"`
	Status      Status   `json:"status"`
	Finding     string   `json:"finding"` // one sentence, made by rule from the numbers
	Limit       *float64 `json:"limit"`   // of the block's first check; null where nothing is compared
	LimitKey    string   `json:"limit_key"`
	LimitSource string   `json:"limit_source"`
	Numbers     Numbers  `json:"numbers"`
	// The rest is of some blocks only.
	Verdict   *string       `json:"verdict,omitempty"`   // nights_elsewhere: follow-the-sun, partial, single region, unknown; trend: rising, falling, steady
	Weeks     []AuditWeek   `json:"weeks,omitempty"`     // trend
	Sources   []AuditSource `json:"sources,omitempty"`   // tools
	Checks    []Check       `json:"checks,omitempty"`    // checks
	Questions []Question    `json:"questions,omitempty"` // cannot_be_known: what to ask instead
}

// AuditWeek is a Week whose small counts a shared document may leave out; nil is left out or unknown.
type AuditWeek struct {
	Start              time.Time `json:"start"`
	End                time.Time `json:"end"`
	OnCallSeconds      int64     `json:"on_call_seconds"`
	PageCount          *int64    `json:"page_count"`
	NightPageCount     *int64    `json:"night_page_count"`
	NonActionableRatio *float64  `json:"non_actionable_ratio"`
	PagesPer12h        *float64  `json:"pages_per_12h"`
	// NonActionablePageCount is what the ratio counts, where it is known: it says whether the ratio may be shared.
	NonActionablePageCount *int64 `json:"-"`
}

// AuditSource is a Source whose small counts a shared document may leave out; nil is left out.
type AuditSource struct {
	Source    string   `json:"source"`
	PageCount *int64   `json:"page_count"`
	PageRatio *float64 `json:"page_ratio"`
}

// Check holds one number against one limit.
type Check struct {
	ID          string   `json:"check"`
	Block       string   `json:"block"`
	Status      Status   `json:"status"`
	Key         string   `json:"key"` // of the block's Numbers
	Value       *float64 `json:"value"`
	Low         *float64 `json:"low"` // 95% bounds where the value is a share
	High        *float64 `json:"high"`
	N           *int64   `json:"n"` // what the value counts over
	Limit       *float64 `json:"limit"`
	LimitSource string   `json:"limit_source"`
	Text        string   `json:"text"`
}

// Question is one to put to a team, with what a good and a poor answer sounds like.
type Question struct {
	ID   string `json:"question"`
	Text string `json:"text"`
	Good string `json:"good"`
	Poor string `json:"poor"`
	Why  string `json:"why"` // the cell that leads to it; "" where the answer is in no PagerDuty account
}

// The blocks of a scorecard, in their order (ux.md 2.4, without a score).
const (
	BlockLabel           = "label"
	BlockSummary         = "summary"
	BlockWeekOnCall      = "week_on_call"
	BlockHowOften        = "how_often"
	BlockNoise           = "noise"
	BlockFairness        = "fairness"
	BlockHelp            = "help"
	BlockTrend           = "trend"
	BlockChecks          = "checks"
	BlockNightsElsewhere = "nights_elsewhere"
	BlockTools           = "tools"
	BlockCannotBeKnown   = "cannot_be_known"
)

// AuditBlocks lists every block in the order in which a scorecard has them.
func AuditBlocks() []string {
	return []string{BlockLabel, BlockSummary, BlockWeekOnCall, BlockHowOften, BlockNoise, BlockFairness, BlockHelp, BlockTrend,
		BlockNightsElsewhere, BlockTools, BlockChecks, BlockCannotBeKnown}
}

// Numbers are a block's values under keys that carry their unit, in a fixed order. In JSON they are one object.
type Numbers []AuditNumber

// AuditNumber is one value; nil is unknown.
type AuditNumber struct {
	Key   string
	Value *float64
}

// Get is the value of a key; nil where it is unknown or not there.
func (n Numbers) Get(key string) *float64 {
	for _, x := range n {
		if x.Key == key {
			return x.Value
		}
	}
	return nil
}

// Set puts a value under a key, at the end where the key is new.
func (n *Numbers) Set(key string, value *float64) {
	for i := range *n {
		if (*n)[i].Key == key {
			(*n)[i].Value = value
			return
		}
	}
	*n = append(*n, AuditNumber{key, value})
}

// MarshalJSON writes an object with the keys in their order.
func (n Numbers) MarshalJSON() ([]byte, error) {
	var b bytes.Buffer
	b.WriteByte('{')
	for i, x := range n {
		if i > 0 {
			b.WriteByte(',')
		}
		key, err := json.Marshal(x.Key)
		if err != nil {
			return nil, err
		}
		value, err := json.Marshal(x.Value)
		if err != nil {
			return nil, fmt.Errorf("write %s: %w", x.Key, err)
		}
		b.Write(key)
		b.WriteByte(':')
		b.Write(value)
	}
	b.WriteByte('}')
	return b.Bytes(), nil
}

// UnmarshalJSON reads an object and keeps the order of its keys.
func (n *Numbers) UnmarshalJSON(text []byte) error {
	d := json.NewDecoder(bytes.NewReader(text))
	if t, err := d.Token(); err != nil || t != json.Delim('{') {
		return fmt.Errorf("numbers are an object: %v", err)
	}
	*n = Numbers{}
	for d.More() {
		key, err := d.Token()
		if err != nil {
			return err
		}
		var value *float64
		if err := d.Decode(&value); err != nil {
			return fmt.Errorf("read %v: %w", key, err)
		}
		*n = append(*n, AuditNumber{key.(string), value})
	}
	_, err := d.Token()
	return err
}
