package reports

import (
	"fmt"
	"math"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"
)

// filled puts a value of its own into every field of a document, whatever fields it has, so that a key that is added
// is looked at by every test here without being named. Lists have as many items as there are recommendations.
func filled[T any]() *T {
	document := new(T)
	f := filler{}
	f.fill(reflect.ValueOf(document).Elem(), "", documentNames[reflect.TypeFor[T]()])
	return document
}

var documentNames = map[reflect.Type]string{reflect.TypeFor[Report](): "report", reflect.TypeFor[Noisy](): "noisy", reflect.TypeFor[Audit](): "audit"}

// filler counts the values that it gave.
type filler struct{ n int }

func (f *filler) fill(v reflect.Value, owner, key string) {
	f.n++
	switch x := v.Addr().Interface().(type) {
	case *time.Time:
		*x = day("2026-11-01T00:00:00Z").Add(time.Duration(f.n)*25*time.Hour + time.Millisecond)
		if owner == "period" && key == "until" {
			*x = x.AddDate(8, 0, 0) // all else lies in the period, so that charts draw it
		}
		return
	case *Numbers:
		*x = Numbers{{"page_count", num(float64(f.n))}, {"slope_per_week", num(-1.5)}, {"page_ratio", nil}}
		return
	case *map[string]int64:
		*x = map[string]int64{}
		for i, name := range mapKeys[key] {
			(*x)[name] = int64(1000 + 13*(f.n+i))
		}
		return
	}
	switch v.Kind() {
	case reflect.Struct:
		for i := range v.NumField() {
			switch field := v.Type().Field(i); {
			case field.Anonymous:
				f.fill(v.Field(i), owner, key)
			case field.Type != reflect.TypeFor[Context](): // what JSON leaves out is filled, too: it must not be printed
				f.fill(v.Field(i), key, jsonKey(field))
			}
		}
	case reflect.Pointer:
		v.Set(reflect.New(v.Type().Elem()))
		f.fill(v.Elem(), owner, key)
	case reflect.Slice:
		n := 2
		switch key {
		case "alerts":
			n = len(Recommendations())
		case "blocks":
			n = len(AuditBlocks())
		}
		v.Set(reflect.MakeSlice(v.Type(), n, n))
		fallthrough
	case reflect.Array:
		for i := range v.Len() {
			f.fill(v.Index(i), owner, key)
		}
	default:
		f.scalar(v, owner, key)
	}
}

func (f *filler) scalar(v reflect.Value, owner, key string) {
	switch v.Kind() {
	case reflect.Bool:
		v.SetBool(true)
	case reflect.String:
		v.SetString(f.text(owner, key, v.Type()))
	case reflect.Int64:
		v.SetInt(int64(1000 + 13*f.n))
	case reflect.Float64:
		if _, most := bounds(key); most != nil {
			v.SetFloat(0.011 + 0.97*math.Mod(float64(f.n)*0.6180339887, 1)) // a share, and hardly the same one twice
		} else {
			v.SetFloat(2000.25 + 13*float64(f.n))
		}
	default:
		panic(fmt.Sprintf("%s: no value for a %s", key, v.Type()))
	}
}

// text is one of the key's words, or a text with all that Markdown and HTML act on.
func (f *filler) text(owner, key string, kind reflect.Type) string {
	words := wordsOf(owner, key)
	if kind == reflect.TypeFor[Status]() {
		words = statuses
	}
	switch {
	case words != nil:
		return words[f.n%len(words)]
	case key == "schema_version":
		return SchemaVersion
	case key == "fingerprint":
		return strings.Repeat("0f", 32)
	case patterns[key] == ruleID:
		return fmt.Sprintf("%08x", 0x0a000000+f.n)
	}
	return fmt.Sprintf("%s %d <b> & | *x* _y_ [z](w) `", key, f.n)
}

func jsonKey(f reflect.StructField) string {
	key, _, _ := strings.Cut(f.Tag.Get("json"), ",")
	return key
}

// filledReport is a filled report as one could be: every recommendation is there, and what to do first is of its alerts.
func filledReport() *Report {
	r := filled[Report]()
	for i := range r.Rotations {
		rot := &r.Rotations[i]
		for j := range rot.Alerts {
			rot.Alerts[j].Recommendation, rot.Alerts[j].Evidence = word(Recommendations()[j]), word("strong")
		}
		c := rot.Comparison
		for _, d := range []*Difference{c.PageRate, c.Acknowledge, c.Resolve} {
			d.Points = nil // a change has one measure
		}
		c.NightShare.Ratio, c.NonActionable.Ratio = nil, nil
		rot.Actions = []string{rot.Alerts[0].Rule, rot.Alerts[1].Rule, rot.Alerts[3].Rule}
	}
	r.Context = sample().Context
	r.Context.MinGroup = 0
	return r
}

func filledNoisy() *Noisy {
	n := filled[Noisy]()
	for i := range n.Alerts {
		n.Alerts[i].Recommendation, n.Alerts[i].Evidence = Recommendations()[i], []string{"strong", "fair", thin}[i%3]
	}
	n.Context = noisySample().Context
	n.Normalize()
	return n
}

// filledAudit has every block once in a rotation, and what is of some blocks only in these.
func filledAudit() *Audit {
	a := filled[Audit]()
	for i := range a.Rotations {
		card := &a.Rotations[i]
		for j := range card.Blocks {
			b := &card.Blocks[j]
			if b.ID = AuditBlocks()[j]; b.ID != BlockTrend {
				b.Weeks = nil
			}
			if b.ID != BlockTools {
				b.Sources = nil
			}
			if b.ID != BlockChecks {
				b.Checks = nil
			}
			if b.ID != BlockCannotBeKnown {
				b.Questions = nil
			}
		}
		for j, in := range []string{BlockNoise, BlockHelp} {
			c := &card.block(BlockChecks).Checks[j] // of a number that is there
			c.ID, c.Block, c.Key = auditChecks[j].id, in, "page_count"
		}
		a.Suppressed[i] = card.ID + "/" + BlockTrend + "/page_ratio"
	}
	a.Context = sample().Context
	return a
}

// TestFilledIsFull: nothing in a filled document is empty, so nothing escapes the tests that use it.
func TestFilledIsFull(t *testing.T) {
	for name, document := range map[string]any{"report": filledReport(), "noisy": filledNoisy(), "audit": filledAudit()} {
		all := leavesOf(document)
		if len(all) < 100 {
			t.Errorf("%s has only %d leaves", name, len(all))
		}
		for _, l := range all {
			if l.value.IsZero() {
				t.Errorf("%s: %s is empty", name, l.at)
			}
		}
	}
}

// leaf is one value of a document.
type leaf struct {
	path    string // keys joined by points, lists as []
	at      string // with the places in lists
	value   reflect.Value
	pointer reflect.Value // that leads to it; invalid where the value is always known
}

// leavesOf are all values of the document that a pointer leads to, as its JSON has them: numbers, texts, times, truths
// and whole maps.
func leavesOf(document any) []leaf {
	var out []leaf
	var walk func(path, at string, v, pointer reflect.Value)
	walk = func(path, at string, v, pointer reflect.Value) {
		_, isTime := v.Interface().(time.Time)
		_, isNumbers := v.Interface().(Numbers)
		switch {
		case isTime, isNumbers:
			out = append(out, leaf{path, at, v, pointer})
		case v.Kind() == reflect.Pointer:
			if !v.IsNil() {
				walk(path, at, v.Elem(), v)
			}
		case v.Kind() == reflect.Struct:
			for i := range v.NumField() {
				switch f := v.Type().Field(i); {
				case f.Anonymous:
					walk(path, at, v.Field(i), reflect.Value{})
				case jsonKey(f) != "-":
					walk(strings.TrimPrefix(path+"."+jsonKey(f), "."), strings.TrimPrefix(at+"."+jsonKey(f), "."), v.Field(i), reflect.Value{})
				}
			}
		case v.Kind() == reflect.Slice, v.Kind() == reflect.Array:
			for i := range v.Len() {
				walk(path+"[]", fmt.Sprintf("%s[%d]", at, i), v.Index(i), reflect.Value{})
			}
		default:
			out = append(out, leaf{path, at, v, pointer})
		}
	}
	walk("", "", reflect.ValueOf(document).Elem(), reflect.Value{})
	return out
}

// other changes a value into another that its key can have.
func (l leaf) other() {
	key := l.path[strings.LastIndex(l.path, ".")+1:]
	key = strings.ReplaceAll(key, "[]", "")
	switch x := l.value.Addr().Interface().(type) {
	case *time.Time:
		*x = x.Add(100 * time.Hour)
		return
	case *Numbers:
		*x = append(Numbers{{"other_count", num(7)}}, *x...)
		return
	case *map[string]int64:
		for name := range *x {
			(*x)[name] += 7777
		}
		return
	}
	switch l.value.Kind() {
	case reflect.Bool:
		l.value.SetBool(!l.value.Bool())
	case reflect.Int64:
		l.value.SetInt(l.value.Int() + 7777)
	case reflect.Float64:
		if _, most := bounds(key); most == nil {
			l.value.SetFloat(l.value.Float()*2 + 11111)
		} else {
			l.value.SetFloat(math.Mod(l.value.Float()+0.43, 1))
		}
	case reflect.String:
		words := fixedWords[key]
		for _, w := range []string{"gaps[].kind", "excluded[].kind", "follow_the_sun.verdict", "blocks[].verdict"} {
			if strings.HasSuffix(l.path, w) {
				words = fixedWords[strings.ReplaceAll(w, "[]", "")]
			}
		}
		switch i := slices.Index(words, l.value.String()); {
		case i >= 0 && len(words) > 1:
			l.value.SetString(words[(i+1)%len(words)])
		case l.value.Type() == reflect.TypeFor[Status]():
			l.value.SetString(statuses[(slices.Index(statuses, l.value.String())+1)%len(statuses)])
		default:
			l.value.SetString("other " + l.value.String())
		}
	}
}
