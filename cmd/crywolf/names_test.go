package main

import (
	"context"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"crywolf/ingest/pagerdutytest"
)

// TestNamesAreShownWhereAsked: report --names shows them in every format and says so where people read, and nothing else
// can be asked for them.
func TestNamesAreShownWhereAsked(t *testing.T) {
	secrets := pagerdutytest.Generate(pagerdutytest.Config{Seed: 1}).Secrets() // the demo's
	program := demoProgram(t)
	dir := t.TempDir()
	at := func(name string) string { return filepath.Join(dir, name) }
	program("report", "--names", "--wide", "-o", at("r.txt"), "-o", at("r.md"), "-o", at("r.html"), "-o", at("r.json"), "-o", at("r.csv"), "-o", at("site")+"/")
	files, err := filepath.Glob(at("site/rotation-*.html"))
	if err != nil || len(files) == 0 {
		t.Fatalf("the site has no rotation: %v", err)
	}
	for _, path := range append(files, at("r.txt"), at("r.md"), at("r.html"), at("r.json"), at("r.csv")) {
		content, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		text, named := string(content), 0
		for _, name := range secrets.Names {
			named += strings.Count(text, name)
		}
		if named == 0 {
			t.Errorf("%s names nobody", path)
		}
		if ending := filepath.Ext(path); ending != ".json" && ending != ".csv" && !strings.Contains(text, "NAMES SHOWN") {
			t.Errorf("%s does not say that it names people", path)
		}
		for _, address := range append(secrets.Emails, secrets.Phones...) {
			if strings.Contains(text, address) {
				t.Errorf("%s says %s", path, address)
			}
		}
	}
	for _, c := range (&app{}).root().Commands() {
		if has := c.Flags().Lookup("names") != nil; has != (c.Name() == "report" || c.Name() == "export") {
			t.Errorf("crywolf %s can be asked for names: %v", c.Name(), has)
		}
	}
}

// TestNamesCanBeForbidden: with privacy.names: never no format is written, and nothing is printed.
func TestNamesCanBeForbidden(t *testing.T) {
	content, err := demoDB()
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	at := func(name string) string { return filepath.Join(dir, name) }
	for name, text := range map[string]string{"demo.duckdb": string(content), "never.yaml": "privacy: {names: never}\n"} {
		if err := os.WriteFile(at(name), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	for _, target := range []string{"-", at("r.md"), at("r.html"), at("r.json"), at("r.csv"), at("site") + "/"} {
		var stdout, stderr strings.Builder
		args := []string{"report", "--names", "--config", at("never.yaml"), "--db", at("demo.duckdb"), "-o", target}
		if code := run(context.Background(), args, []string{"HOME=" + dir}, strings.NewReader(""), &stdout, &stderr); code != exitMisuse {
			t.Errorf("-o %s: code %d", target, code)
		}
		if _, err := os.Stat(target); stdout.Len() > 0 || err == nil {
			t.Errorf("-o %s: something was written", target)
		}
		if !strings.Contains(stderr.String(), "privacy.names: never") {
			t.Errorf("-o %s: %s", target, stderr.String())
		}
	}
}

func TestMask(t *testing.T) {
	m := &mask{names: map[rune][]string{'J': {"Jane Doe-Smith", "Jane Doe"}, 'Í': {"Íñigo"}, 'A': {"Al"}},
		shown: map[string]string{"Jane Doe": "R1", "Jane Doe-Smith": "R2", "Íñigo": "R3", "Al": "R4"}}
	for text, want := range map[string]string{
		"Jane Doe":                             "R1",
		"Acknowledged by Jane Doe.":            "Acknowledged by R1.",
		`{"name":"Jane Doe-Smith"}`:            `{"name":"R2"}`,
		"[Jane Doe Íñigo Al]":                  "[R1 R3 R4]",
		"Jane Doerr, xJane Doe, Alert, Íñigos": "Jane Doerr, xJane Doe, Alert, Íñigos",
		"Jane DoeÍñigo":                        "Jane DoeÍñigo",
		"\xffAl\xff":                           "\xffR4\xff",
		"":                                     "",
	} {
		if got := m.text(text); got != want {
			t.Errorf("%q becomes %q, want %q", text, got, want)
		}
	}
	if m.put != 7 {
		t.Errorf("%d names were replaced", m.put)
	}
}
