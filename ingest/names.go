package ingest

import (
	"fmt"
	"sort"
	"strings"
	"unicode"
	"unicode/utf8"
)

// nameMask stands where a person's name stood.
const nameMask = "[name]"

// nameBook knows people's names, so that they can be taken out of texts, and who was only met in a reference.
// It is used by one goroutine.
type nameBook struct {
	byFirst map[string][]string // lower-cased first word → names that start with it, longest first
	known   map[string]bool     // every name in the book
	byUser  map[string]string   // user id → name, of users met since the last take
	listed  map[string]bool     // user ids that the database has
}

func newNameBook() *nameBook {
	return &nameBook{
		byFirst: map[string][]string{}, known: map[string]bool{},
		byUser: map[string]string{}, listed: map[string]bool{},
	}
}

// add puts a name into the book.
func (b *nameBook) add(name string) {
	name = strings.Join(strings.Fields(name), " ")
	if !isName(name) || b.known[name] {
		return
	}
	b.known[name] = true
	key := strings.ToLower(firstWord(name))
	names := append(b.byFirst[key], name)
	sort.Slice(names, func(i, j int) bool {
		if len(names[i]) != len(names[j]) {
			return len(names[i]) > len(names[j])
		}
		return names[i] < names[j]
	})
	b.byFirst[key] = names
}

// knows tells whether a name is in the book, or is none that can be in it.
func (b *nameBook) knows(name string) bool {
	name = strings.Join(strings.Fields(name), " ")
	return !isName(name) || b.known[name]
}

// isName tells names from single letters, numbers and addresses, which can't be told from text.
func isName(name string) bool {
	return utf8.RuneCountInString(name) >= 2 && firstWord(name) != "" && !strings.Contains(name, "@")
}

// meet notes a user reference: its name goes into the book, and a user that the database lacks is remembered.
func (b *nameBook) meet(user record) {
	name := user.text("name")
	if name == "" {
		name = user.text("summary")
	}
	b.add(name)
	b.add(user.text("summary"))
	id, ok := user.id("id").(string)
	if !ok || b.listed[id] {
		return
	}
	if b.byUser[id] == "" {
		b.byUser[id] = name
	}
}

// takeMet gives the users met that the database lacks, id → name, and counts them as listed from here on.
func (b *nameBook) takeMet() map[string]string {
	met := b.byUser
	b.byUser = map[string]string{}
	for id, name := range met {
		b.listed[id] = name != "" // a nameless reference may be followed by one with the name
	}
	return met
}

func isWord(r rune) bool { return unicode.IsLetter(r) || unicode.IsDigit(r) || r == '_' }

func firstWord(s string) string {
	if i := strings.IndexFunc(s, func(r rune) bool { return !isWord(r) }); i >= 0 {
		return s[:i]
	}
	return s
}

// mask replaces every whole-word occurrence of a known name. With fullOnly it leaves names of one word alone:
// outside of summaries such a name may be an ordinary word.
func (b *nameBook) mask(text string, fullOnly bool) string {
	if len(b.known) == 0 || text == "" {
		return text
	}
	var out strings.Builder
	done, inWord := 0, false
	for i := 0; i < len(text); {
		r, size := utf8.DecodeRuneInString(text[i:])
		if !isWord(r) || inWord {
			inWord = isWord(r)
			i += size
			continue
		}
		n := b.nameAt(text[i:], fullOnly)
		if n == 0 {
			inWord = true
			i += size
			continue
		}
		out.WriteString(text[done:i])
		out.WriteString(nameMask)
		i += n
		done = i
	}
	if done == 0 {
		return text
	}
	out.WriteString(text[done:])
	return out.String()
}

// nameAt gives the length of the name with which text starts, else 0.
func (b *nameBook) nameAt(text string, fullOnly bool) int {
	for _, name := range b.byFirst[strings.ToLower(firstWord(text))] {
		if fullOnly && !strings.Contains(name, " ") {
			continue
		}
		if len(text) < len(name) || !strings.EqualFold(text[:len(name)], name) {
			continue
		}
		if next, _ := utf8.DecodeRuneInString(text[len(name):]); len(text) > len(name) && isWord(next) {
			continue
		}
		return len(name)
	}
	return 0
}

// title cleans a title for its column: no address, no name.
func (b *nameBook) title(v any) any {
	text, ok := v.(string)
	if !ok {
		return nil
	}
	return b.mask(maskEmails(text), false)
}

// label cleans the name of a thing: a schedule may be called after a person.
func (b *nameBook) label(v any) any {
	text, ok := v.(string)
	if !ok {
		return nil
	}
	return b.mask(maskEmails(text), true)
}

// word cleans a short text that has a column of its own: a state, a kind, a key. It comes out as it stands in raw.
func (b *nameBook) word(v any) any {
	text, ok := v.(string)
	if !ok {
		return nil
	}
	return b.mask(maskEmails(text), true)
}

// maskKeys masks what somebody used for a name of a key: a tool may send a table by mail address. Keys that become the same
// are numbered, in their order.
func (b *nameBook) maskKeys(m map[string]any) {
	var told []string
	for k := range m {
		if strings.ContainsAny(k, "@ ") { // nothing else can be an address or a full name
			told = append(told, k)
		}
	}
	sort.Strings(told)
	for _, k := range told {
		masked := b.mask(maskEmails(k), true)
		if masked == k {
			continue
		}
		x, name := m[k], masked
		delete(m, k)
		for n := 2; ; n++ {
			if _, taken := m[name]; !taken {
				break
			}
			name = fmt.Sprintf("%s %d", masked, n)
		}
		m[name] = x
	}
}
