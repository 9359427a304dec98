package reports

import (
	"encoding/csv"
	"fmt"
	"io"
	"maps"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"time"
)

// writeCSV writes one tidy table with a line a value: section, rotation, item, key, value. It is read off the
// JSON document's own fields, so a key that is added there appears here too. Unknown is an empty cell.
func writeCSV(w io.Writer, r *Report) error {
	t := newTidy(w, "report", r.Demo, r.SchemaVersion, r.Period)
	t.fields("data", "", "", "", reflect.ValueOf(r.Data))
	t.block("before_period", "", reflect.ValueOf(r.BeforePeriod))
	if r.Filter != nil {
		t.fields("filter", "", "", "", reflect.ValueOf(*r.Filter))
	}
	t.fields("totals", "", "", "", reflect.ValueOf(r.Totals))
	for i := range r.Rotations {
		t.rotation(&r.Rotations[i])
	}
	t.fields("unattributed", "", "", "", reflect.ValueOf(r.Unattributed))
	return t.end()
}

// writeNoisyCSV writes the same kind of table for the alerts; the item is the rule.
func writeNoisyCSV(w io.Writer, n *Noisy) error {
	t := newTidy(w, "noisy", n.Demo, n.SchemaVersion, n.Period)
	t.fields("data", "", "", "", reflect.ValueOf(n.Data))
	if n.Filter != nil {
		t.fields("filter", "", "", "", reflect.ValueOf(*n.Filter))
	}
	for _, a := range n.Alerts {
		t.fields("alerts", "", a.Rule, "", reflect.ValueOf(a))
	}
	t.fields("plan", "", "", "", reflect.ValueOf(n.Plan))
	t.fields("left_out", "", "", "", reflect.ValueOf(n.LeftOut))
	return t.end()
}

// writeAuditCSV writes the same kind of table for the scorecards; the item is the block, and of a number the key is its own.
func writeAuditCSV(w io.Writer, a *Audit) error {
	t := newTidy(w, "audit", a.Demo, a.SchemaVersion, a.Period)
	t.write("audit", "", "", "made_with", cell(a.MadeWith))
	t.write("audit", "", "", "shared", strconv.FormatBool(a.Shared))
	t.write("audit", "", "", "fingerprint", cell(a.Fingerprint))
	t.fields("data", "", "", "", reflect.ValueOf(a.Data))
	if a.Filter != nil {
		t.fields("filter", "", "", "", reflect.ValueOf(*a.Filter))
	}
	t.value("audit", "", "", "suppressed", reflect.ValueOf(a.Suppressed))
	for _, card := range a.Rotations {
		id := cell(card.ID)
		t.write("rotation", id, "", "name", cell(card.Name))
		t.write("rotation", id, "", "time_zone", cell(card.TimeZone))
		for _, b := range card.Blocks {
			t.fields("blocks", id, b.ID, "", reflect.ValueOf(b))
		}
	}
	return t.end()
}

type tidy struct{ out *csv.Writer }

// newTidy begins a document: what every one says of itself first, under the name of the document.
func newTidy(w io.Writer, document, demo, version string, p Period) *tidy {
	t := &tidy{out: csv.NewWriter(w)}
	t.write("section", "rotation", "item", "key", "value")
	if demo != "" {
		t.write(document, "", "", "demo", cell(demo))
	}
	t.write(document, "", "", "schema_version", cell(version))
	t.fields("period", "", "", "", reflect.ValueOf(p))
	return t
}

func (t *tidy) write(section, rotation, item, key, value string) {
	_ = t.out.Write([]string{section, cell(rotation), item, key, value}) // its error stays and is told by end
}

// end tells the first error of all that was written.
func (t *tidy) end() error {
	t.out.Flush()
	return t.out.Error()
}

func (t *tidy) rotation(r *Rotation) {
	t.write("rotation", r.ID, "", "name", cell(r.Name))
	t.write("rotation", r.ID, "", "time_zone", cell(r.TimeZone))
	m := reflect.ValueOf(r.Measures)
	for i := range m.NumField() {
		if block := m.Type().Field(i).Tag.Get("json"); block != "-" {
			t.fields(block, r.ID, "", "", m.Field(i))
		}
	}
	for _, s := range r.Shifts {
		t.fields("shifts", r.ID, s.User+" "+s.Start.Format(time.RFC3339), "", reflect.ValueOf(s))
	}
	for _, a := range r.Alerts {
		t.fields("alerts", r.ID, a.Rule, "", reflect.ValueOf(a))
	}
	t.block("change", r.ID, reflect.ValueOf(r.Change))
	for _, a := range r.AlertChanges {
		t.fields("alert_changes", r.ID, a.Rule, "", reflect.ValueOf(a))
	}
	for i, a := range r.Actions {
		t.write("actions", r.ID, strconv.Itoa(i+1), "rule", cell(a))
	}
	t.beside(r)
}

// beside writes the blocks of a rotation that charts are drawn from, and what the period before was like.
func (t *tidy) beside(r *Rotation) {
	t.value("before", r.ID, "", "before", reflect.ValueOf(r.Before))
	t.value("comparison", r.ID, "", "comparison", reflect.ValueOf(r.Comparison))
	for day, hours := range r.HourOfWeek {
		for hour, n := range hours {
			t.write("hour_of_week", r.ID, fmt.Sprintf("%s %02d", weekdays[day], hour), "page_count", strconv.FormatInt(n, 10))
		}
	}
	for _, s := range r.Sources {
		t.fields("sources", r.ID, s.Source, "", reflect.ValueOf(s))
	}
	for _, w := range r.Weeks {
		t.fields("weeks", r.ID, w.Start.Format(time.DateOnly), "", reflect.ValueOf(w))
	}
	for i, b := range r.ResolveHistogram {
		t.fields("resolve_histogram", r.ID, strconv.Itoa(i+1), "", reflect.ValueOf(b))
	}
	for _, f := range r.FlappingRules {
		t.fields("flapping_rules", r.ID, f.Rule, "", reflect.ValueOf(f))
	}
	t.fields("follow_the_sun", r.ID, "", "", reflect.ValueOf(r.FollowTheSun))
	t.fields("toil", r.ID, "", "", reflect.ValueOf(r.Toil))
	t.value("spread", r.ID, "", "spread", reflect.ValueOf(r.Spread))
}

var weekdays = [7]string{"Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"}

// block writes the fields of a struct that may be unknown; then it is one empty cell under the section's own name.
func (t *tidy) block(section, rotation string, v reflect.Value) {
	if v.IsNil() {
		t.value(section, rotation, "", section, v)
		return
	}
	t.fields(section, rotation, "", "", v.Elem())
}

// fields writes the fields of a struct under their JSON keys; nested keys are joined by a point.
func (t *tidy) fields(section, rotation, item, prefix string, v reflect.Value) {
	for i := range v.NumField() {
		key, option, _ := strings.Cut(v.Type().Field(i).Tag.Get("json"), ",")
		if key != "-" && !(option == "omitempty" && v.Field(i).IsZero()) {
			t.value(section, rotation, item, prefix+key, v.Field(i))
		}
	}
}

func (t *tidy) value(section, rotation, item, key string, v reflect.Value) {
	if v.Kind() == reflect.Pointer {
		if v.IsNil() {
			t.write(section, rotation, cell(item), key, "")
			return
		}
		v = v.Elem()
	}
	switch x := v.Interface().(type) {
	case Numbers:
		for _, n := range x {
			t.value("numbers", rotation, item, cell(n.Key), reflect.ValueOf(n.Value))
		}
	case time.Time:
		t.write(section, rotation, cell(item), key, x.UTC().Format(time.RFC3339Nano)) // as JSON has it
	case string:
		t.write(section, rotation, cell(item), key, cell(x))
	case map[string]int64:
		for _, k := range slices.Sorted(maps.Keys(x)) {
			t.write(section, rotation, cell(item), key+"."+k, strconv.FormatInt(x[k], 10))
		}
	default:
		t.other(section, rotation, item, key, v)
	}
}

func (t *tidy) other(section, rotation, item, key string, v reflect.Value) {
	switch v.Kind() {
	case reflect.Struct:
		t.fields(section, rotation, item, key+".", v)
	case reflect.Slice, reflect.Array:
		for i := range v.Len() {
			n := strings.TrimSpace(item + " " + strconv.Itoa(i+1)) // the second reason of a rule is "a3f91c22 2"
			if _, isTime := v.Index(i).Interface().(time.Time); v.Index(i).Kind() == reflect.Struct && !isTime {
				t.fields(section, rotation, n, key+".", v.Index(i))
			} else {
				t.value(section, rotation, n, key, v.Index(i))
			}
		}
	case reflect.String: // a type of its own, such as Status
		t.write(section, rotation, cell(item), key, cell(v.String()))
	case reflect.Float64:
		t.write(section, rotation, cell(item), key, strconv.FormatFloat(v.Float(), 'g', -1, 64))
	default: // integers and booleans
		t.write(section, rotation, cell(item), key, fmt.Sprint(v.Interface()))
	}
}

// cell cleans a text and keeps a spreadsheet from taking it for a formula.
func cell(s string) string { return CSVText(Clean(s)) }

// CSVText puts an apostrophe before a text that a spreadsheet would run as a formula.
func CSVText(s string) string {
	if s != "" && strings.ContainsRune("=+-@\t\r", rune(s[0])) {
		return "'" + s
	}
	return s
}
