package main

import (
	"errors"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"crywolf/analysis"
)

func TestConfig(t *testing.T) {
	got, err := parseConfig("crywolf.yaml", []byte(`
hours: {sleep: "23:00-07:30", business: "09:00 – 17:00"}
limits:
  pages_per_12h: 3
  non_actionable_ratio: 0.3
exclusions:
  services: ["*-staging"]
  titles: ['^\[TEST\]']
  urgencies: [low]
evidence_points: {A1: 2.5}
week_start: Tue 09:30
privacy: {names: never, min_group: 5}
title_patterns:
  - {pattern: 'tenant-\w+', replace: tenant}
database:
  dsn: ducklake:postgres:dbname=lake
  boot_sql:
    - LOAD '/a/ducklake.duckdb_extension'
    - |
      CREATE SECRET (TYPE s3, PROVIDER config)
`))
	if err != nil {
		t.Fatal(err)
	}
	want := defaultConfig()
	want.settings.SleepStart, want.settings.SleepEnd = 23*60, 7*60+30
	want.settings.BusinessStart, want.settings.BusinessEnd = 9*60, 17*60
	want.settings.PagesPer12h, want.limits.PagesPer12h, want.limits.NonActionableRatio = 3, 3, 0.3
	want.settings.Exclusions = []analysis.Exclusion{{Kind: "service", Pattern: "*-staging"}, {Kind: "title", Pattern: `^\[TEST\]`}, {Kind: "urgency", Pattern: "low"}}
	want.settings.EvidencePoints["A1"] = 2.5
	want.week = weekStart{day: 1, minute: 9*60 + 30}
	want.namesNever, want.minGroup = true, 5
	want.titlePatterns = []analysis.TitlePattern{{Pattern: `tenant-\w+`, Replace: "tenant"}}
	want.database = databaseConfig{dsn: "ducklake:postgres:dbname=lake", at: []string{"line 18", "line 19"},
		boot: []string{"LOAD '/a/ducklake.duckdb_extension'", "CREATE SECRET (TYPE s3, PROVIDER config)\n"}}
	if diff := cmp.Diff(want, got, cmp.AllowUnexported(config{}, weekStart{}, databaseConfig{})); diff != "" {
		t.Error(diff)
	}
}

func TestEmptyConfigIsTheDefault(t *testing.T) {
	for _, text := range []string{"", "# nothing\n", "hours: {}\n"} {
		got, err := parseConfig("crywolf.yaml", []byte(text))
		if err != nil {
			t.Errorf("%q: %v", text, err)
		} else if diff := cmp.Diff(defaultConfig(), got, cmp.AllowUnexported(config{}, weekStart{}, databaseConfig{})); diff != "" {
			t.Error(diff)
		}
	}
}

func TestConfigRefusesByLine(t *testing.T) {
	for text, want := range map[string]string{
		"hours: {}\nlimit: {}\n":                              "crywolf.yaml:2: ",
		"limits:\n  pages_per_12h: 2\n  pages: 3\n":           "crywolf.yaml:3: ",
		"limits:\n  pages_per_12h: -1\n":                      "crywolf.yaml:2: limits.pages_per_12h",
		"limits:\n  pages_per_12h: many\n":                    "crywolf.yaml:2: ",
		"hours:\n  sleep: late\n":                             "crywolf.yaml:2: hours.sleep",
		"hours:\n  business: \"18:00-08:00\"\n":               "crywolf.yaml:2: hours.business",
		"hours:\n  sleep: \"25:00-08:00\"\n":                  "crywolf.yaml:2: hours.sleep",
		"exclusions:\n  titles:\n    - ok\n    - '('\n":       "crywolf.yaml:4: exclusions.titles[1]",
		"exclusions:\n  urgencies: [hi]\n":                    "crywolf.yaml:2: exclusions.urgencies[0]",
		"evidence_points:\n  Z9: 1\n":                         "crywolf.yaml:2: evidence_points.Z9",
		"\n\nweek_start: someday\n":                           "crywolf.yaml:3: week_start",
		"privacy:\n  names: sometimes\n":                      "crywolf.yaml:2: privacy.names",
		"privacy:\n  min_group: 2\n":                          "crywolf.yaml:2: privacy.min_group",
		"title_patterns:\n  - pattern: '['\n    replace: x\n": "crywolf.yaml:2: title_patterns[0].pattern",
		"limits:\n  non_actionable_ratio: 20\n":               "crywolf.yaml:2: limits.non_actionable_ratio",
		"database:\n  boot_sql: [LOAD x, '']\n":               "crywolf.yaml:2: database.boot_sql[1]",
		"database:\n  password: x\n":                          "crywolf.yaml:2: ",
		"hours: [\n":                                          "crywolf.yaml:",
		"hours: {}\nhours: {}\n":                              "crywolf.yaml:2: ",
	} {
		_, err := parseConfig("crywolf.yaml", []byte(text))
		var f *failure
		if !errors.As(err, &f) || f.code != exitMisuse || !strings.HasPrefix(f.what, want) {
			t.Errorf("%q: got %v, want misuse that begins with %q", text, err, want)
		}
	}
}
