package main

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"
	"testing"

	"crywolf/ingest/pagerdutytest"
	"crywolf/reports"
)

// hostileTexts are names that somebody might give to an alert, a service or a schedule. Each has to come out as text.
var hostileTexts = []string{
	`<script>alert(1)</script>`,
	strings.Repeat("W", 300), // one word, wider than any page
	`"><img src=x onerror=alert(2)>`,
	`javascript:alert(3)`,
	`' onmouseover='alert(4)' x='`,
	`</style></title></script><svg onload=alert(5)>`,
	`{{.Title}} &lt;b&gt; ${alert(6)} %3Cb%3E`,
	`]]>--><!-- </table></details>`,
	strings.Repeat("a long title of ordinary words ", 10)[:300],
	"磁盘空间不足 データベース 서버가 응답하지 않음",
	"🔥🧯👩‍🚒 prod 🥵🥵",
	"\u202egnp.exe\u202c \u2066turned\u2069 around",
	"שירות התשלומים אינו זמין خدمة الدفع",
	"bell\a, \x1b[31mred\x1b[0m, null\x01, del\x7f, c1\u009b31m",
	"two\nlines\r\nand a\ttab\u2028and a separator",
	"Z̸̢͍͝a̷͚̓l̵̰̓g̶̨̈o̴̙͌ is down",
}

// makeHostile gives the texts to all that has a name: to the alert rules by how often they fire, the most frequent
// first, and to schedules, services, teams, policies and people in turn.
func makeHostile(account *pagerdutytest.Account) {
	next := 0
	name := func() string { next++; return hostileTexts[(next-1)%len(hostileTexts)] }
	renamed := map[string]string{} // by id
	for i := range account.Schedules {
		account.Schedules[i].Name = name()
		renamed[account.Schedules[i].ID] = account.Schedules[i].Name
	}
	for i := range account.V3Schedules {
		account.V3Schedules[i].Name = name()
	}
	for i := range account.Services {
		account.Services[i].Name = name()
		account.Services[i].Summary = account.Services[i].Name
		renamed[account.Services[i].ID] = account.Services[i].Name
	}
	for i := range account.Teams {
		account.Teams[i].Name = name()
	}
	for i := range account.EscalationPolicies {
		account.EscalationPolicies[i].Name = name()
	}
	for i := range account.Users {
		account.Users[i].Name = name() + " by name" // a person's name within another text would be taken out of it
	}
	titles := hostileTitles(account)
	for i := range account.Incidents {
		incident := &account.Incidents[i]
		truth, _ := account.Truth(incident.ID)
		incident.Title = cmp.Or(titles[truth.Rule], incident.Title)
		incident.Description, incident.Summary = incident.Title, fmt.Sprintf("[#%d] %s", incident.IncidentNumber, incident.Title)
		incident.HTMLURL = "javascript:alert(7)"
		incident.Service.Summary = pagerdutytest.NullString(renamed[incident.Service.ID])
		for j := range account.Alerts[incident.ID] {
			alert := &account.Alerts[incident.ID][j]
			if truth, known := account.Truth(alert.ID); known {
				alert.Summary, alert.HTMLURL = titles[truth.Rule], "javascript:alert(8)"
				if alert.Body != nil {
					alert.Body.Details = replaced(alert.Body.Details, truth.Rule, titles[truth.Rule])
				}
			}
		}
	}
	for i := range account.LogEntries {
		hostileEntry(account, &account.LogEntries[i], titles)
	}
}

// hostileTitles gives a text to each rule.
func hostileTitles(account *pagerdutytest.Account) map[string]string {
	fired := map[string]int{}
	for _, incident := range account.Incidents {
		if truth, _ := account.Truth(incident.ID); truth.Rule != "" {
			fired[truth.Rule]++
		}
	}
	rules := slices.SortedFunc(maps.Keys(fired), func(a, b string) int { return cmp.Or(fired[b]-fired[a], strings.Compare(a, b)) })
	titles := map[string]string{}
	for n, rule := range rules {
		titles[rule] = hostileTexts[n%len(hostileTexts)]
		if n >= len(hostileTexts) {
			titles[rule] += fmt.Sprint(" again, ", string(rune('A'+n/len(hostileTexts)))) // still a rule of its own
		}
	}
	return titles
}

func hostileEntry(account *pagerdutytest.Account, entry *pagerdutytest.LogEntry, titles map[string]string) {
	if entry.Type != "trigger_log_entry" || entry.Channel == nil || entry.Incident == nil {
		return
	}
	truth, known := account.Truth(entry.Incident.ID)
	if !known || truth.Rule == "" {
		return
	}
	channel, title := *entry.Channel, titles[truth.Rule]
	for _, text := range []*string{&channel.Summary, &channel.Description, &channel.Subject} {
		if *text != "" {
			*text = title
		}
	}
	channel.ClientURL = "javascript:alert(9)"
	channel.Details = replaced(channel.Details, truth.Rule, title)
	entry.Channel = &channel
}

// replaced is what a tool sent, with a rule's name in it replaced.
func replaced(details any, rule, by string) any {
	switch v := details.(type) {
	case string:
		return strings.ReplaceAll(v, rule, by)
	case map[string]any:
		out := map[string]any{}
		for key, value := range v {
			out[key] = replaced(value, rule, by)
		}
		return out
	}
	return details
}

// hostile checks that texts of the account come out as text: those that are cut short, in their beginning. That none
// became an element or an attribute is a matter of structure. What a document hides is not in its data either.
func (b *tab) hostile(t *testing.T, d htmlDocument) []string {
	t.Helper()
	shown := evaluate[string](t, b, `(() => {
		const page = document.documentElement.cloneNode(true);
		if (!`+strconv.FormatBool(d.hides)+`) page.querySelectorAll('script, style').forEach(e => e.remove());
		return page.textContent;
	})()`)
	var found, missing, out []string
	for _, text := range hostileTexts {
		if strings.Contains(shown, beginning(reports.Clean(text))) {
			found = append(found, text)
		} else {
			missing = append(missing, text)
		}
	}
	switch {
	case d.hides && len(found) > 0:
		out = append(out, fmt.Sprintf("it shows names that it has to hide: %q", found))
	case len(found) < d.titles:
		out = append(out, fmt.Sprintf("it shows %d of the texts, not %d; missing are %q", len(found), d.titles, missing))
	}
	if strings.ContainsFunc(shown, func(r rune) bool { return r == '\u202e' || r == '\u2066' || r < ' ' && r != '\n' && r != '\t' }) {
		out = append(out, "it holds control characters or marks that turn the direction of text")
	}
	return out
}

// beginning is as much of a text as no table cuts off.
func beginning(text string) string {
	letters := []rune(text)
	return string(letters[:min(len(letters), 16)])
}
