package main

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/santhosh-tekuri/jsonschema/v6"

	"crywolf/ingest/pagerdutytest"
	"crywolf/reports"
)

// TestRandomAuditsAreShared: whatever an account holds, its scorecards can be handed over and opened, keep to their schema
// and name nobody.
func TestRandomAuditsAreShared(t *testing.T) {
	schema := strictSchema(t, "audit")
	shared := 0
	for seed := uint64(1); seed <= uint64(repeats(1, 4)); seed++ {
		t.Run(fmt.Sprint(seed), func(t *testing.T) {
			account := pagerdutytest.Random(seed)
			program := truthServe(t, account, truthPeriod{account.Start, account.End}, "auto")
			file := filepath.Join(t.TempDir(), "shared.html")
			program.run(t, "audit", "--allow-partial", "--share", file)
			page, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			audit, err := reports.OpenAudit(page, "")
			if err != nil {
				t.Fatal(err)
			}
			shared += len(audit.Rotations)
			followsSchema(t, schema, audit)
			secrets := account.Secrets()
			for _, group := range [][]string{secrets.Names, secrets.Emails, secrets.Phones, secrets.Notes, secrets.Keys} {
				for _, text := range group {
					if len(text) >= 4 && standsAlone(strings.ToLower(string(page)), strings.ToLower(text)) {
						t.Errorf("%q is in the shared file", text)
					}
				}
			}
			program.run(t, "audit", "--open", file)
		})
	}
	if shared == 0 {
		t.Error("no account has a rotation")
	}
}

func followsSchema(t *testing.T, schema *jsonschema.Schema, audit *reports.Audit) {
	t.Helper()
	text, err := json.Marshal(audit)
	if err != nil {
		t.Fatal(err)
	}
	v, err := jsonschema.UnmarshalJSON(strings.NewReader(string(text)))
	if err != nil {
		t.Fatal(err)
	}
	if err := schema.Validate(v); err != nil {
		t.Error(err)
	}
}
