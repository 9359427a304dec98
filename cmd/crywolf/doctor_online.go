package main

import (
	"context"
	"errors"
	"strings"
	"time"

	"crywolf/ingest"
	"crywolf/reports"
)

// online looks at the token and asks PagerDuty, unless that is not wanted.
func (x *examination) online(ctx context.Context, f doctorFlags) error {
	opts := ingest.Options{BaseURL: f.apiURL, Region: f.region, UserAgent: userAgent()}
	hosts, err := ingest.Hosts(opts)
	if err != nil {
		return misuse("--api-url is no address: "+err.Error(), "--api-url https://api.pagerduty.com")
	}
	x.doc.Hosts = hosts
	token, found := x.tokenFindings()
	add := x.doc.Add
	switch {
	case f.offline:
		add(reports.DoctorPagerDuty, "hosts", reports.FindingNotTried, "crywolf doctor"+x.dbFlag(), "not asked (--offline); a sync would talk to %s and to nobody else",
			strings.Join(hosts, ", "))
		return nil
	case x.isDemo():
		x.doc.Offline = true
		add(reports.DoctorPagerDuty, "hosts", reports.FindingInfo, "", "not asked: a demo's account is nobody's, and needs no token")
		return nil
	case !found:
		x.failure = noToken()
		return nil
	}
	opts.Token = token
	c, err := ingest.Check(ctx, opts)
	if err != nil {
		return err
	}
	add(reports.DoctorPagerDuty, "hosts", reports.FindingInfo, "", "%s was asked, in %s; a sync talks to nobody else", strings.Join(hosts, ", "),
		plural(c.Requests, "request"))
	if c.Problem != nil {
		x.noAnswer(c)
	}
	if !c.ServerTime.IsZero() {
		x.clock(c.ServerTime)
	}
	if len(c.Endpoints) == 0 {
		return nil
	}
	x.tokenKind(c)
	x.whoseToken(c)
	x.budget(c)
	x.permissions(c)
	return nil
}

// tokenFindings says where the token comes from, never what it is.
func (x *examination) tokenFindings() (token string, found bool) {
	const section = reports.DoctorToken
	var used string
	var others []string
	for _, name := range tokenVariables {
		value := strings.TrimSpace(x.env[name])
		switch {
		case value == "":
		case used == "":
			used, token = name, value
		case value != token:
			others = append(others, name)
		}
	}
	switch {
	case used == "" && (x.isDemo() || x.doc.Offline):
		x.doc.Add(section, "token_missing", reports.FindingInfo, "", "no token is set, and none is needed for this")
	case used == "":
		x.doc.Add(section, "token_missing", reports.FindingProblem, "export PAGERDUTY_TOKEN=…   (a read-only key is enough)",
			"no token is set: looked in %s", strings.Join(tokenVariables, ", "))
	default:
		x.doc.Add(section, "token_found", reports.FindingOK, "", "token from %s", used)
	}
	if len(others) > 0 {
		x.doc.Add(section, "token_others", reports.FindingWatch, "unset "+strings.Join(others, " "), "another token is in %s, which is not used", strings.Join(others, " and "))
	}
	return token, used != ""
}

// noAnswer tells why nothing could be asked.
func (x *examination) noAnswer(c ingest.Checkup) {
	var auth *ingest.AuthError
	if errors.As(c.Problem, &auth) {
		x.failure = x.pagerDutyFailure(c.Problem)
		x.doc.Add(reports.DoctorToken, "token_refused", reports.FindingProblem, "a new read-only key, or --region eu",
			"PagerDuty refused the token (%d): mistyped, revoked, or of the other region", auth.Status)
		return
	}
	x.doc.Add(reports.DoctorPagerDuty, "unreachable", reports.FindingProblem, "the network and --api-url; all that is stored works without",
		"%s", firstLine(c.Problem.Error()))
}

// clockTolerance is what a slow first answer may take.
const clockTolerance = time.Minute

func (x *examination) clock(server time.Time) {
	skew := x.now.Sub(server)
	seconds := skew.Abs().Seconds()
	switch {
	case skew.Abs() <= clockTolerance:
		x.doc.Add(reports.DoctorPagerDuty, "clock_skew", reports.FindingOK, "", "this machine's clock agrees with PagerDuty's to a minute")
	default:
		way := "ahead of"
		if skew < 0 {
			way = "behind"
		}
		x.doc.Add(reports.DoctorPagerDuty, "clock_skew", reports.FindingWatch, "set this machine's clock",
			"this machine's clock is %s %s PagerDuty's, %s: a sync goes by PagerDuty's, times such as 36h and yesterday by this one's",
			reports.Seconds(&seconds), way, x.at(server))
	}
}

func (x *examination) tokenKind(c ingest.Checkup) {
	add := func(code string, status reports.FindingStatus, fix, format string, args ...any) {
		x.doc.Add(reports.DoctorToken, code, status, fix, format, args...)
	}
	switch c.TokenKind {
	case "user":
		add("token_kind", reports.FindingInfo, "", "a user's own key (/users/me answers): it sees what that user may see, and its budget is shared with the user's other keys")
	case "account":
		add("token_kind", reports.FindingOK, "", "an account's key (/users/me answers for users' keys only)")
	default:
		add("token_kind", reports.FindingInfo, "", "whether it is a user's or an account's key is not known: /users/me did not say")
	}
	writes, known := c.CanWrite()
	const fix = "a read-only key is enough"
	switch {
	case known && writes:
		add("token_writes", reports.FindingWatch, fix, "its user's role (%s) may change things in PagerDuty; crywolf sends nothing but GET", c.Role)
	case known:
		add("token_writes", reports.FindingOK, "", "its user's role (%s) may not change anything", c.Role)
	default:
		add("token_writes", reports.FindingInfo, fix, "whether it could change things can't be told without trying, which crywolf does not: it sends nothing but GET")
	}
}

func (x *examination) whoseToken(c ingest.Checkup) {
	token, have := c.Account, x.account
	if token.Subdomain == "" {
		return
	}
	name := token.String()
	switch {
	case have.Subdomain == "":
		x.doc.Add(reports.DoctorPagerDuty, "account", reports.FindingOK, "", "the token is of account %s", name)
	case have.Subdomain == token.Subdomain && (have.Region == "" || have.Region == token.Region):
		x.doc.Add(reports.DoctorPagerDuty, "account", reports.FindingOK, "", "the token is of account %s, as the database is", name)
	default:
		x.doc.Add(reports.DoctorPagerDuty, "account", reports.FindingProblem, "crywolf sync --db FILE   (one database an account)",
			"the token is of account %s, the database of account %s", name, have)
	}
}

func (x *examination) budget(c ingest.Checkup) {
	b := c.Budget
	switch {
	case b.Limit < 0:
		x.doc.Add(reports.DoctorPagerDuty, "budget", reports.FindingInfo, "", "PagerDuty's answers say nothing of a budget: crywolf keeps to 768 requests a minute")
	case b.Left == 0:
		x.doc.Add(reports.DoctorPagerDuty, "budget", reports.FindingWatch, "crywolf doctor"+x.dbFlag()+"   in a minute; another program uses the same key",
			"the budget of %d requests a minute is used up for %d s more", b.Limit, max(b.ResetSeconds, 0))
	default:
		x.doc.Add(reports.DoctorPagerDuty, "budget", reports.FindingOK, "", "%s requests a minute, %s left of this one; a sync takes 80%%", reports.Count(int64(b.Limit)),
			reports.Count(int64(max(b.Left, 0))))
	}
}

// plural counts a thing.
func plural(n int, noun string) string {
	if n != 1 {
		noun += "s"
	}
	return reports.Count(int64(n)) + " " + noun
}
