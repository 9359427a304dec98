package reports

import (
	"fmt"
	"io"
	"strings"
)

// QuestionSheet is what to ask about one rotation; without id and name it is what to ask about any.
type QuestionSheet struct {
	ID        string     `json:"id,omitempty"`
	Name      string     `json:"name,omitempty"`
	Questions []Question `json:"questions"`
}

// Interview is the document of `crywolf audit --questions -f json`.
type Interview struct {
	SchemaVersion string `json:"schema_version"`
	// Demo is DemoData for the generated account, and absent otherwise.
	Demo      string          `json:"demo,omitempty"`
	Rotations []QuestionSheet `json:"rotations"`
}

// NewInterview are the questions to put to the team of each rotation of an audit that was judged; of none, all questions
// in general form.
func NewInterview(a *Audit) Interview {
	if a == nil {
		return Interview{SchemaVersion: SchemaVersion, Rotations: []QuestionSheet{{Questions: AuditQuestions(nil)}}}
	}
	out := Interview{SchemaVersion: SchemaVersion, Demo: a.Demo, Rotations: []QuestionSheet{}}
	for i := range a.Rotations {
		card := &a.Rotations[i]
		out.Rotations = append(out.Rotations, QuestionSheet{ID: card.ID, Name: card.Name, Questions: AuditQuestions(card)})
	}
	return out
}

// RenderQuestions writes an interview as a terminal text, Markdown or JSON.
func RenderQuestions(w io.Writer, i Interview, f Format, o Options) error {
	var b strings.Builder
	var err error
	switch f {
	case Table:
		writeQuestions(&b, i, o)
	case Markdown:
		writeQuestionsMarkdown(&b, i)
	case JSON:
		err = WriteJSON(&b, i)
	default:
		err = fmt.Errorf("format %q is not known", f)
	}
	return finish(w, &b, f, err)
}

// title heads a sheet.
func (s QuestionSheet) title() string {
	if s.ID == "" && s.Name == "" {
		return "Questions to a team before you carry its pager"
	}
	return "Questions about " + cardName(s.ID, s.Name)
}

// cardName is what a rotation is called: in a shared document its letter.
func cardName(id, name string) string {
	if name = Clean(name); name != "" && name != Clean(id) {
		return name
	}
	return "rotation " + Clean(id)
}

// answerColumn is where the texts beneath a question begin.
const answerColumn = 8

func writeQuestions(b *strings.Builder, i Interview, o Options) {
	p := printer{b: b, colour: o.Colour}
	for k, s := range i.Rotations {
		if k > 0 {
			p.line("")
		}
		title := s.title()
		if i.Demo != "" && k == 0 {
			demo := Clean(i.Demo)
			room := screen - Width(demo)
			title = padRight(Cut(title, max(20, room-2)), room) + demo
		}
		p.line(Cut(title, screen))
		for n, q := range s.Questions {
			p.line("")
			p.hanging(padRight(fmt.Sprintf("%d.", n+1), 4), Clean(q.Text))
			for _, part := range [][2]string{{"why", q.Why}, {"good", q.Good}, {"poor", q.Poor}} {
				if part[1] != "" {
					p.hanging(strings.Repeat(" ", 4)+padRight(part[0], answerColumn-3), Clean(part[1]))
				}
			}
		}
	}
}

// hanging prints a text over as many lines as it needs, each beginning where its lead ends.
func (p printer) hanging(lead, text string) {
	for _, line := range Wrap(text, screen-Width(lead)) {
		p.line(lead + Cut(line, screen-Width(lead)))
		lead = strings.Repeat(" ", Width(lead))
	}
}

func writeQuestionsMarkdown(b *strings.Builder, i Interview) {
	m := EscapeMarkdown
	for k, s := range i.Rotations {
		if k > 0 {
			b.WriteString("\n")
		}
		fmt.Fprintf(b, "# %s\n\n", m(s.title()))
		if i.Demo != "" {
			fmt.Fprintf(b, "**%s**\n\n", m(Clean(i.Demo)))
		}
		for n, q := range s.Questions {
			fmt.Fprintf(b, "%d. **%s**\n", n+1, m(Clean(q.Text)))
			for _, part := range [][2]string{{"Why", q.Why}, {"Good", q.Good}, {"Poor", q.Poor}} {
				if part[1] != "" {
					fmt.Fprintf(b, "   - %s: %s\n", part[0], m(Clean(part[1])))
				}
			}
		}
	}
}
