package analysis

import (
	"context"
	"database/sql"
	"errors"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// TestAlertClasses reads titles as tools write them, the patterns that metrics.md 10 names among them, and their false
// friends: words that look like another class.
func TestAlertClasses(t *testing.T) {
	for class, titles := range map[string][]string{
		"slo_burn_rate": {
			"[FIRING:1] checkout-availability (sloth_slo sloth_severity=page)", "SLO error budget burn rate is too fast", "SLO Burn Rate Very High",
			"SLO Burn Rate High", "KubeAPIErrorBudgetBurn", "checkout latency: burn rate above 14.4", "Checkout: budget will be exhausted in 4 hours",
			"fast burn of checkout",
		},
		"symptom": {
			"High error rate on checkout", "HighErrorRate", "availability of search below 99.9%", "p99 latency high", "HighRequestLatency", "p95 > 800 ms",
			"5xx rate on orders", "HTTPServer5xxErrors", "success ratio of payments low", "checkout is failing", "login fails for many users",
			"synthetic test shop failed", "BlackboxProbeFailed", "probe of https://shop.example failed", "Health check of /ready failed", "DOWN alert: shop front page is down",
			"page load time is high", "load balancer 5xx", "response time > 3000ms", "ALARM: \"orders-5xx\" in EU (Ireland)", "[No data] High error rate on checkout",
			"[Triggered] checkout errors: error rate is high",
		},
		"cause": {
			"CPU 91% on web-1", "HighCPUUsage", "memory is high on web-1", "java.lang.OutOfMemoryError: Java heap space", "OOMKilled", "Disk nearly full", "NodeFilesystemAlmostOutOfSpace",
			"inodes are running out", "load average is high", "[P2] high load on web-3", "GC pauses", "KubePodCrashLooping", "pod restarted 5 times", "replication lag 35 s",
			"MySQLReplicaStopped", "queue depth above 1000", "heap usage", "too many connections", "certificate expires in 7 days", "TLS cert of shop", "TLS of shop expires soon", "KubeNodeNotReady",
			"node not ready", "backup of orders failed", "HOSTNAME=web-7; HOSTSTATE=DOWN",
			// false friends of symptom
			"disk latency is high", "EBS volume read latency", "etcd commit latency", "replica lag", "liveness probe failed", "ReadinessProbeFailed", "availability zone eu-west-1a impaired",
		},
		"meta": {
			"Watchdog", "heartbeat missing", "dead man's switch", "DeadMansSwitch", "No data for p99 latency", "DatasourceNoData", "TargetDown", "node exporter is down", "DatadogAgent is not running",
			"PrometheusRuleFailures",
		},
		"unclassified": {
			"something odd happened", "orders",
			// false friends
			"slow", "TLS handshake failures on edge", "download of reports", "payload is odd", "upload", "Workload imbalance", "preload", "tcpudp gateway", "the slot is empty",
		},
	} {
		for _, title := range titles {
			if got := classOf(t, DefaultSettings(), title, "4711"); got != class {
				t.Errorf("%q is %s, want %s", title, got, class)
			}
		}
	}
}

// classOf asks the class of a rule that has had two titles, the latest of which counts, and a name.
func classOf(t *testing.T, settings Settings, title, name string) string {
	t.Helper()
	s := classSession(t, settings)
	if _, err := s.conn.ExecContext(context.Background(), `CREATE OR REPLACE TEMP TABLE incident_facts AS
		SELECT * FROM (VALUES ('P1', 'r1', $name::VARCHAR, 'older: watchdog', TIMESTAMP '2026-11-01'), ('P2', 'r1', $name, $title::VARCHAR, TIMESTAMP '2026-11-02'))
		AS t(incident_id, rule_id, rule_name, title, created_at)`, sql.Named("name", name), sql.Named("title", title)); err != nil {
		t.Fatal(err)
	}
	if err := s.makeViews(context.Background(), "FROM rule_class", false); err != nil {
		t.Fatal(err)
	}
	if err := execFile(context.Background(), s.conn, viewFiles, "views/classes.sql"); err != nil { // over the new table
		t.Fatal(err)
	}
	var class string
	if err := s.conn.QueryRowContext(context.Background(), `SELECT class FROM rule_class`).Scan(&class); err != nil {
		t.Fatal(err)
	}
	return class
}

var classSessions = map[string]*Session{}

// classSession keeps a session a test and settings: hundreds of titles are asked of it.
func classSession(t *testing.T, settings Settings) *Session {
	t.Helper()
	key := t.Name()
	for _, c := range settings.Classes {
		key += "\x00" + c.Class + c.Pattern
	}
	if classSessions[key] == nil {
		classSessions[key] = newSession(t, newFacts(t), settings)
		t.Cleanup(func() { delete(classSessions, key) })
	}
	return classSessions[key]
}

// TestOwnClassesComeFirst: a team's words outrank the built-in ones, in the order of its file.
func TestOwnClassesComeFirst(t *testing.T) {
	settings := DefaultSettings()
	settings.Classes = []ClassPattern{{"symptom", `^disk full$`}, {"meta", `disk|it's`}, {"cause", "it's"}}
	for title, want := range map[string]string{
		"Disk FULL": "symptom", "[P2] [Triggered] Disk\u00a0full": "symptom", "disk full of logs": "meta", "it's odd": "meta", "High error rate": "symptom", "odd": "unclassified",
	} {
		if got := classOf(t, settings, title, "4711"); got != want {
			t.Errorf("%q is %s, want %s", title, got, want)
		}
	}
	if got := classOf(t, settings, "odd", "DiskFull"); got != "symptom" {
		t.Errorf("by its name in words: %s, want symptom", got)
	}
}

func TestParseClasses(t *testing.T) {
	got, err := ParseClasses(context.Background(), []byte("\ufeffclass,pattern,note\r\nmeta,\"a,b\",why\r\n\r\nsymptom,x,\r\ncause,y\r\n"))
	if diff := cmp.Diff([]ClassPattern{{"meta", "a,b"}, {"symptom", "x"}, {"cause", "y"}}, got); err != nil || diff != "" {
		t.Errorf("%v\n%s", err, diff)
	}
	for text, line := range map[string]int{
		"meta,x,\n": 1,
		"class,pattern,note\nmeta,x,\nsymptoms,x,": 3,
		"class,pattern\nmeta,(\n":                  2,
		"class,pattern\nmeta,\n":                   2,
		"class,pattern\nmeta\n":                    2,
		"class,pattern\nmeta,x,y,z\n":              2,
		"class,pattern\n\n\nmeta,\"x\n":            4,
	} {
		var bad *BadClassError
		if _, err := ParseClasses(context.Background(), []byte(text)); !errors.As(err, &bad) || bad.Line != line {
			t.Errorf("%q: got %v, want an error of line %d", text, err, line)
		}
	}
}

// TestBuiltInClassesParse: what the program brings is held to the same form as a file of the user.
func TestBuiltInClassesParse(t *testing.T) {
	patterns, err := ParseClasses(context.Background(), alertClassesText)
	if err != nil || len(patterns) < 30 {
		t.Errorf("%d patterns: %v", len(patterns), err)
	}
}
