package reports

import (
	"slices"
	"strings"
)

// questionSpec is a question to a team. Always is true where no account holds the whole answer, so that it is worth asking
// whatever the numbers say.
type questionSpec struct {
	id, text, good, poor string
	always               bool
}

// auditQuestions are all questions, in the order in which they are asked unless a number calls for one first.
var auditQuestions = []questionSpec{
	{"rotation_size", "How many people share the pager, and what happens to the rotation when two of them leave?",
		"Eight or more, or six at each of two sites; a name for who steps in, and hiring starts before it gets thin.",
		"Four or five, \"we manage\"; managers or the same two volunteers fill the gaps.", false},
	{"shift_length", "How long is a shift, and who chose that length?",
		"Twelve hours or less where pages come daily, longer only where they are rare; the team chose it and looks at it again.",
		"A week without a break whatever comes, because it has always been so.", false},
	{"follow_the_sun", "Who takes the nights? Is there, or will there be, a team in another time zone that does?",
		"Another site is awake then and takes the pages; or nights are rare, counted and made up for.",
		"\"You get used to it\"; a second site exists and still wakes this one.", false},
	{"worst_week", "Tell me about the worst week on call of the last quarter: what came, who helped, what was changed after it?",
		"They know which one, somebody else took over, and they can show what was changed.",
		"Nobody recalls one, or it is told as a heroic deed; nothing was changed.", false},
	{"slo_policy", "Which services have an SLO, and what happens by your policy when the error budget is spent?",
		"Pages come from the budget burning; once it is spent releases slow down, and that has happened.",
		"SLOs are on a slide; pages come from CPU and disk; releases never wait.", true},
	{"toil_budget", "How much of your time goes into operational work, pages and all, and what do you do above 50%?",
		"It is measured, below half, and above it work moves back to the developers or the pager does.",
		"Nobody measures it; projects are what one does in the quiet weeks.", true},
	{"post_mortems", "What leads to a post-mortem, and what became of the actions of the last three?",
		"Written rules, no blame, the documents can be read, and most actions are done.",
		"Only when a customer complains; it looks for who did it; the actions lie in a backlog.", true},
	{"observability", "What is your observability stack, who owns the alert rules, and what do you look at first when you are paged?",
		"Few tools, rules in a repository with review and an owner; one page to start from and traces behind it.",
		"A tool for every team; rules clicked together by people who have left.", true},
	{"alert_reduction", "What is your plan to get fewer pages, and who may delete an alert?",
		"Whoever is on call may; alerts are gone through each week, and they can name those deleted last quarter.",
		"A committee, or nobody knows; alerts are only ever added.", true},
	{"secondary", "It is 3 o'clock and I am stuck: whom do I wake, and do people?",
		"A second person on call whom one is told to wake early, and who was woken in the last months.",
		"\"You can always post in the channel\"; the second person is the manager.", true},
	{"unanswered", "What happens to a page that nobody answers, and when did that happen last?",
		"It goes on after some minutes to a person who is awake; each one is looked into.",
		"It stays open until morning, and nobody noticed.", false},
	{"time_off", "What do I get for being on call and for a broken night: pay, time off, a late start?",
		"In the contract: pay for standing by, and time off after a night that nobody has to ask for.",
		"It is part of the salary; come in later if you must.", true},
	{"runbooks", "May I see the runbook of the alert that paged last?",
		"It is linked in the alert, was touched this year, and says what to do and when to wake somebody.",
		"There is none, or it says: ask the one who wrote it.", true},
	{"training", "How did the newest member get to carry the pager alone?",
		"Some weeks of shadowing, then with somebody behind them, exercises, and they said when they were ready.",
		"In the second week, because a slot was free.", true},
	{"veto", "May the people on call say no to a new alert, or hand a service back?",
		"Yes, by a written rule, and it has happened.",
		"Any team can page us; it would be seen as not helping.", true},
	{"swaps", "How do you swap a shift at short notice, and how often does that happen?",
		"A message and an override, no reason asked; there is somebody left to take it.",
		"Find somebody yourself, or take it with a fever.", true},
	{"evenness", "How evenly do the pages fall on people, and what do you do where they do not?",
		"They know it and why: a hand-over at a bad hour, a service that only one knows; and what was done about it.",
		"Some people are just unlucky.", false},
	{"hand_off", "Who is on call between two shifts, and how is a shift handed over?",
		"Nobody is paged outside hours by design, or shifts overlap; open matters are handed over in words.",
		"There are holes in the schedule that nobody knew of.", false},
	{"missing_part", "May I see this audit over a whole quarter, without gaps?",
		"Yes, here it is.", "The bad months are the ones that are missing.", false},
}

// AuditQuestions are the questions to put to the team of a scorecard that was judged: first those that its weak or missing
// numbers lead to, the worst first, each with the numbers that do; then those whose answers are in no account. Without a
// scorecard it is every question, in general form.
func AuditQuestions(card *Scorecard) []Question {
	var out []Question
	if card == nil {
		for _, s := range auditQuestions {
			out = append(out, s.question(""))
		}
		return out
	}
	ids, why := leads(card)
	for _, id := range ids {
		for _, s := range auditQuestions {
			if s.id == id {
				out = append(out, s.question(strings.Join(why[id], "; ")))
			}
		}
	}
	for _, s := range auditQuestions {
		if s.always && !slices.Contains(ids, s.id) {
			out = append(out, s.question(""))
		}
	}
	return out
}

func (s questionSpec) question(why string) Question {
	return Question{ID: s.id, Text: s.text, Good: s.good, Poor: s.poor, Why: why}
}

// leads are the questions that a scorecard's checks lead to, in order, and the cells that lead to each.
func leads(card *Scorecard) (ids []string, why map[string][]string) {
	why = map[string][]string{}
	b := card.block(BlockChecks)
	if b == nil {
		return nil, why
	}
	for _, weak := range []func(c *Check) bool{isAlarm, isAsk, isBeyond} {
		for i := range b.Checks {
			c := &b.Checks[i]
			s, ok := checkSpecOf(c.ID)
			if !ok || !weak(c) {
				continue
			}
			for _, id := range strings.Fields(s.questions) {
				if why[id] == nil {
					ids = append(ids, id)
				}
				why[id] = append(why[id], Clean(c.Text))
			}
		}
	}
	if tools := card.block(BlockTools); tools != nil && len(tools.Sources) > 0 {
		const id = "observability"
		if why[id] == nil {
			ids = append(ids, id)
		}
		why[id] = append(why[id], "tools seen: "+sourcesText(tools.Sources))
	}
	return ids, why
}

func isAlarm(c *Check) bool { return c.Status == StatusAlarm }
func isAsk(c *Check) bool   { return c.Status == StatusAsk }

// isBeyond is a number that is for information and above what it stands beside.
func isBeyond(c *Check) bool {
	return c.Status == StatusInfo && c.Value != nil && c.Limit != nil && *c.Value > *c.Limit && c.Block != BlockTrend
}
