package analysis

import (
	"context"
	"database/sql"
	"strings"
	"testing"
)

// TestNormalisedTitle pairs titles that are one alert, because they differ only in what is masked, with the title
// that both become; definitions.md 6 names what is masked.
func TestNormalisedTitle(t *testing.T) {
	normalise := titleNormaliser(t, DeriveOptions{})
	for _, c := range []struct{ what, a, b, want string }{
		{"case", "Disk Full", "disk FULL", "disk full"},
		{"unicode case", "ÜBERLAST auf Größe", "überlast auf größe", "überlast auf größe"},
		{"Alertmanager's prefix", "[FIRING:1] HighCPU", "[FIRING:12] HighCPU", "highcpu"},
		{"Alertmanager's prefix of two", "[FIRING:1, RESOLVED:2] HighCPU", "[RESOLVED] HighCPU", "highcpu"},
		{"Datadog's prefix", "[Triggered] queue is long", "[Recovered] queue is long", "queue is long"},
		{"Datadog's second prefix", "[P1] [Triggered] queue is long", "[P1] [Re-Triggered] queue is long", "[p1] queue is long"},
		{"Datadog's group", "[Triggered on {host:web-1}] queue is long", "[No data on {host:web-22}] queue is long", "queue is long"},
		{"Grafana's prefix", "[Alerting] p99 latency", "[OK] p99 latency", "p99 latency"},
		{"Nagios' prefix", "** PROBLEM Service Alert: web/load is CRITICAL **", "PROBLEM: web/load is CRITICAL **", "web/load is critical **"},
		{"CloudWatch's prefix", `ALARM: "orders-errors" in EU`, `OK: "orders-errors" in EU`, `"orders-errors" in eu`},
		{"word and colon", "RECOVERED: replica lag", "Triggered: replica lag", "replica lag"},
		{"URLs", "probe http://a.example/x?y=1 failed", "probe https://b.example:8443/z#q failed", "probe <url> failed"},
		{"UUIDs", "job 123e4567-e89b-12d3-a456-426614174000 died", "job 00000000-0000-0000-0000-00000000000F died", "job <uuid> died"},
		{"e-mail addresses", "mail to jo.doe+x@example.com bounced", "mail to ann@sub.example.org bounced", "mail to <email> bounced"},
		{"IPv4 with port and net", "refused by 10.0.0.1:5432", "refused by 192.168.20.255", "refused by <ip>"},
		{"IPv4 nets", "route to 10.0.0.0/8 lost", "route to 172.16.0.0/12 lost", "route to <ip> lost"},
		{"IPv6", "peer 2001:db8:0:1:2:3:4:5 down", "peer fe80:0:0:0:1:2:3:4 down", "peer <ip> down"},
		{"IPv6, shortened", "peer 2001:db8::1 down", "peer fe80::a:b down", "peer <ip> down"},
		{"timestamps", "stale since 2026-11-02T10:00:00Z", "stale since 2026-11-03 23:59:59.123+01:00", "stale since <time>"},
		{"basic timestamps", "snapshot 20261102T100000Z missing", "snapshot 20261103T235959Z missing", "snapshot <time> missing"},
		{"dates", "no backup on 2026-11-02", "no backup on 2026-12-31", "no backup on <time>"},
		{"times of day", "late at 09:30", "late at 23:59:59", "late at <time>"},
		{"hex", "commit deadbeef1 broke", "commit 0x0123456789abcdef broke", "commit <hex> broke"},
		{"long host names", "web-1.prod.example.com down", "db01.eu.example.net down", "<host> down"},
		{"short host names", "load on web-1", "load on api-gateway-17b", "load on <host>"},
		{"host names of two parts", "shop.example.com slow", "example.org slow", "<host> slow"},
		{"percent", "CPU 91%", "CPU 99.5 %", "cpu <n>"},
		{"sizes", "heap 1.5GiB", "heap 512 MB", "heap <n>"},
		{"durations", "lag 35s", "lag 5 minutes", "lag <n>"},
		{"rates", "1200 rps", "3,5 rps", "<n>"},
		{"thousands", "1,234,567 ms behind", "5 ms behind", "<n> behind"},
		{"short thousands", "2.5k jobs", "17k jobs", "<n> jobs"},
		{"bare numbers", "42 messages in 3 queues", "1,000,000 messages in 12 queues", "<n> messages in <n> queues"},
		{"numbers of any length", "depth 9999999", "depth 1234567890", "depth <n>"},
		{"white space", "  disk\t full \n", "disk   full", "disk full"},
		{"other white space", "disk\u00a0full", "disk\u2003 full", "disk full"},
		{"nothing", "", "   ", ""},
	} {
		if got := normalise(c.a); got != c.want {
			t.Errorf("%s: %q became %q, want %q", c.what, c.a, got, c.want)
		}
		if got := normalise(c.b); got != c.want {
			t.Errorf("%s: %q became %q, want %q", c.what, c.b, got, c.want)
		}
	}
}

// TestDifferentTitlesStayDifferent guards against masks that swallow what tells alerts apart: the pages of two rules
// under one name would propose the wrong one for deletion.
func TestDifferentTitlesStayDifferent(t *testing.T) {
	normalise := titleNormaliser(t, DeriveOptions{})
	for _, c := range [][2]string{
		{"disk full", "disk slow"},
		{"[payments] latency high", "[search] latency high"},
		{"[prod] latency high", "[staging] latency high"},
		{"latency p99 high", "latency p95 high"},
		{"5xx rate", "4xx rate"},
		{"HTTP5xx", "HTTP4xx"},
		{"s3 errors", "ec2 errors"},
		{"backup of orders failed", "backup of users failed"},
		{"system.cpu.idle is low", "system.mem.free is low"},
		{"checkout: error budget", "search: error budget"},
		{"critical path is slow", "path is slow"},
		{"alert manager is down", "manager is down"},
		{"ok button is missing", "button is missing"},
		{"feedback is late", "facade is late"},
		{"größe", "grosse"},
		{"queue a", "queue b"},
		{"disk full on <host>", "disk full"},
	} {
		if a, b := normalise(c[0]), normalise(c[1]); a == b {
			t.Errorf("%q and %q both became %q", c[0], c[1], a)
		}
	}
}

// TestNormalisedTitleIsStable: a normalised title is its own normal form, so that a rule named by one stays itself.
func TestNormalisedTitleIsStable(t *testing.T) {
	normalise := titleNormaliser(t, DeriveOptions{})
	for _, title := range []string{
		"[FIRING:2] CPU 91% on web-1 since 2026-11-02T10:00:00Z", "job 123e4567-e89b-12d3-a456-426614174000 of a@b.example took 35s",
		"GET https://x.example/1 from 10.0.0.1: 500", "[Triggered] [Warn] deadbeef01 on db01.eu.example.net",
	} {
		once := normalise(title)
		if twice := normalise(once); twice != once {
			t.Errorf("%q became %q and then %q", title, once, twice)
		}
	}
}

// TestExtraTitlePatterns puts the configuration's masks in front of the fixed ones: in order, over the lower-case title.
func TestExtraTitlePatterns(t *testing.T) {
	normalise := titleNormaliser(t, DeriveOptions{TitlePatterns: []TitlePattern{
		{Pattern: `tenant [a-z]+`, Replace: `tenant <tenant>`},
		{Pattern: `<tenant> (gold|silver)`, Replace: `<tenant>`},
		{Pattern: `it's`, Replace: `it is 'so'`},
		{Pattern: `(\w+) failed`, Replace: `failed: \1`},
	}})
	for title, want := range map[string]string{
		"Tenant ACME gold is slow": "tenant <tenant> is slow",
		"tenant Foo is slow":       "tenant <tenant> is slow",
		"It's slow":                "it is 'so' slow",
		"[FIRING:1] backup failed": "failed: backup",
		"lag 35s":                  "lag <n>",
	} {
		if got := normalise(title); got != want {
			t.Errorf("%q became %q, want %q", title, got, want)
		}
	}
}

func TestBadTitlePatternIsNamed(t *testing.T) {
	err := Derive(context.Background(), newFacts(t), DeriveOptions{TitlePatterns: []TitlePattern{{Pattern: "("}}})
	if err == nil || !strings.Contains(err.Error(), `title pattern "("`) {
		t.Errorf("got %v, want an error that names the pattern", err)
	}
}

// TestChangedTitlePatternsRenameRules: a rule named by its title follows the patterns of the last derivation, also for
// incidents that nobody touched.
func TestChangedTitlePatternsRenameRules(t *testing.T) {
	db, ctx := newFacts(t), context.Background()
	mustExec(t, db, `INSERT INTO incidents (id, title, created_at) VALUES ('P1', 'tenant acme', '2026-11-02'), ('P2', 'tenant foo', '2026-11-02')`)
	for _, c := range []struct {
		opts DeriveOptions
		want int64
	}{
		{DeriveOptions{}, 2},
		{DeriveOptions{TitlePatterns: []TitlePattern{{Pattern: `tenant [a-z]+`, Replace: `tenant`}}}, 1},
		{DeriveOptions{}, 2},
	} {
		if err := Derive(ctx, db, c.opts); err != nil {
			t.Fatal(err)
		}
		if got := scanOne[int64](t, db, `SELECT count(DISTINCT rule_id) FROM incident_facts`); got != c.want {
			t.Errorf("with %v: %d rules, want %d", c.opts.TitlePatterns, got, c.want)
		}
	}
}

// titleNormaliser gives the macro that Derive leaves on the connection.
func titleNormaliser(t *testing.T, opts DeriveOptions) func(string) string {
	t.Helper()
	db := newFacts(t)
	if err := Derive(context.Background(), db, opts); err != nil {
		t.Fatal(err)
	}
	return func(title string) string {
		t.Helper()
		return scanOne[string](t, db, `SELECT normalised_title(?::VARCHAR)`, title)
	}
}

func mustExec(t testing.TB, db *sql.DB, query string, args ...any) {
	t.Helper()
	if _, err := db.Exec(query, args...); err != nil {
		t.Fatalf("%s: %v", query, err)
	}
}

// scanOne reads a single value.
func scanOne[T any](t testing.TB, db *sql.DB, query string, args ...any) T {
	t.Helper()
	var v T
	if err := db.QueryRow(query, args...).Scan(&v); err != nil {
		t.Fatalf("%s: %v", query, err)
	}
	return v
}
