package ingest

import (
	"context"
	"fmt"
	"net/url"
	"strings"
)

// listing is a reference list read whole: users, teams and the like are as many as an account has, not as long as
// its history, so they are held until it is sure that they belong into this database.
type listing struct {
	kind    string
	query   url.Values
	records []record
	bad     []unreadable
	cut     string // why the list is not whole: who is not in it may be there all the same
	skipped error  // set where the account or the key does not have the list
}

// syncAbilities asks for the cheapest thing there is: it proves the token and tells the server's time. What it
// says is not needed, so a refusal other than of the token does not matter.
func (s *syncer) syncAbilities(ctx context.Context) error {
	_, err := s.client.get(ctx, kindAbilities, "/abilities", nil, listOf(kindAbilities))
	if statusOf(err) != 0 {
		return nil
	}
	return err
}

// checkMadeBy keeps a demo's invented data and real data apart.
func (s *syncer) checkMadeBy(ctx context.Context) error {
	have, err := s.w.getMeta(ctx, "made_by")
	if err == nil && have != "" && have != s.opts.MadeBy {
		return &MadeByError{Have: have, Want: s.opts.MadeBy}
	}
	return err
}

func (s *syncer) syncReferences(ctx context.Context) error {
	lists := []*listing{
		{kind: kindUsers}, {kind: kindTeams}, {kind: kindPriorities},
		{kind: kindServices, query: url.Values{"include[]": {"integrations"}, "time_zone": {"UTC"}}},
		{kind: kindPolicies},
	}
	for _, l := range lists {
		err := s.listAll(ctx, l.kind, l.kind, "/"+l.kind, l.query, func(p page) error {
			l.records, l.bad, l.cut = append(l.records, p.records...), append(l.bad, p.unreadable...), p.cut
			return nil
		})
		if notAllowed(err) {
			l.skipped, err = err, nil
		}
		if err != nil {
			return fmt.Errorf("%s: %w", l.kind, err)
		}
	}
	account := s.identify(lists)
	if err := s.checkAccount(ctx, account); err != nil {
		return err
	}
	newNames := s.meetListed(lists[0])
	s.servicesListed = lists[3].isWhole()
	err := s.w.tx(ctx, func(ctx context.Context) error {
		if err := s.claim(ctx, account); err != nil {
			return err
		}
		if err := s.addUncheckedLate(ctx, newNames); err != nil {
			return err
		}
		for _, l := range lists {
			if err := s.storeListing(ctx, l); err != nil {
				return fmt.Errorf("store %s: %w", l.kind, err)
			}
		}
		return nil
	})
	if err != nil {
		return err
	}
	for _, l := range lists {
		if l.skipped != nil {
			if err := s.skip(ctx, l.kind, l.skipped); err != nil {
				return err
			}
		}
	}
	return nil
}

// identify tells whose account the records are of, from the web address that most objects carry.
func (s *syncer) identify(lists []*listing) Account {
	a := Account{MadeBy: s.opts.MadeBy, Region: strings.ToLower(s.opts.Region)}
	for _, l := range lists {
		for _, r := range l.records {
			if sub, region, ok := accountOf(r.text("html_url")); ok {
				a.Subdomain, a.Region = sub, region
				return a
			}
		}
	}
	if a.Region == "" {
		a.Region = "us"
		if strings.Contains(s.client.base, ".eu.") {
			a.Region = "eu"
		}
	}
	return a
}

// accountOf reads subdomain and region from https://acme.pagerduty.com/… or https://acme.eu.pagerduty.com/….
func accountOf(address string) (subdomain, region string, ok bool) {
	u, err := url.Parse(address)
	if err != nil {
		return "", "", false
	}
	sub, found := strings.CutSuffix(strings.ToLower(u.Hostname()), ".pagerduty.com")
	if !found || sub == "" || sub == "api" || sub == "www" {
		return "", "", false
	}
	if eu, found := strings.CutSuffix(sub, ".eu"); found {
		return eu, "eu", eu != "" && eu != "api"
	}
	return sub, "us", true
}

// checkAccount refuses another account than the database's. An account that can't be told is let through: some
// objects have no web address.
func (s *syncer) checkAccount(ctx context.Context, got Account) error {
	want, err := s.store.Account(ctx)
	if err != nil {
		return err
	}
	if want.Subdomain == "" || got.Subdomain == "" {
		return nil
	}
	if want.Subdomain != got.Subdomain || want.Region != "" && want.Region != got.Region {
		return &AccountMismatchError{Have: got, Want: want}
	}
	return nil
}

// claim writes whose the database is.
func (s *syncer) claim(ctx context.Context, a Account) error {
	for key, value := range map[string]string{"subdomain": a.Subdomain, "region": a.Region, "made_by": a.MadeBy} {
		old, err := s.w.getMeta(ctx, key)
		if err != nil {
			return err
		}
		if value == "" || old != "" && (key != "subdomain" || old == value) {
			continue
		}
		if err := s.w.setMeta(ctx, key, value); err != nil {
			return err
		}
	}
	return nil
}

// isWhole tells that what the list does not have is not there.
func (l *listing) isWhole() bool { return l.skipped == nil && l.cut == "" }

// storeListing brings a reference list into its table. What a whole one does not have any more stays, marked as deleted.
func (s *syncer) storeListing(ctx context.Context, l *listing) error {
	if l.skipped != nil {
		return nil
	}
	if err := s.storeBad(ctx, l); err != nil {
		return err
	}
	var t table
	var rows []row
	ranks := priorityRanks(l.records)
	for i, r := range l.records {
		switch l.kind {
		case kindUsers:
			t, rows = usersTable, append(rows, s.book.userRow(r))
		case kindTeams:
			t, rows = teamsTable, append(rows, s.book.teamRow(r))
		case kindPriorities:
			t, rows = prioritiesTable, append(rows, s.book.priorityRow(r, ranks[i]))
		case kindPolicies:
			t, rows = policiesTable, append(rows, s.book.policyRow(r))
		case kindServices:
			t, rows = servicesTable, append(rows, s.book.serviceRow(r))
		}
	}
	p := s.overwrite
	if l.kind == kindPriorities && !l.isWhole() {
		p = insertMissing // their rank is that in the whole list
	}
	if len(rows) > 0 {
		if _, err := s.w.upsert(ctx, t, rows, p); err != nil {
			return err
		}
	}
	if err := s.storeParts(ctx, l); err != nil {
		return err
	}
	if l.kind != kindPriorities && l.isWhole() {
		if err := s.markDeleted(ctx, l.kind, l.records); err != nil {
			return err
		}
	}
	return s.w.markKind(ctx, listRow(l.kind, len(l.records)+len(l.bad), s.until, l.cut))
}

// storeBad keeps what could not be read of a list. What could not be read before and is not in a whole one any more is
// gone.
func (s *syncer) storeBad(ctx context.Context, l *listing) error {
	if l.isWhole() {
		if _, err := s.w.exec(ctx, `DELETE FROM unreadable_records WHERE kind = $1`, l.kind); err != nil {
			return err
		}
	} else if err := s.forgetUnreadable(ctx, l.kind, l.records); err != nil {
		return err
	}
	return s.keepUnreadable(ctx, l.bad)
}
