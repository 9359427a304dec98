package ingest

import (
	"context"
	"errors"
	"path/filepath"
	"strings"
	"testing"
)

func TestShownDSN(t *testing.T) {
	for dsn, want := range map[string]string{
		"/home/x/password=1/crywolf.duckdb":                       "/home/x/password=1/crywolf.duckdb", // a file's path
		`C:\data\crywolf.duckdb`:                                  `C:\data\crywolf.duckdb`,
		"md:history":                                              "md:history",
		"md:history?motherduck_token=abc":                         "md:history?motherduck_token=[hidden]",
		"ducklake:postgres:dbname=l host=h":                       "ducklake:postgres:dbname=l host=h",
		"ducklake:postgres:dbname=l password=abc host=h":          "ducklake:postgres:dbname=l password=[hidden] host=h",
		"ducklake:postgres:password='a b' dbname=l":               "ducklake:postgres:password=[hidden] dbname=l",
		"ducklake:postgres:PASSWORD = abc dbname=l":               "ducklake:postgres:PASSWORD = [hidden] dbname=l",
		"ducklake:postgres:password=a?b?data_path=s3://bucket/x/": "ducklake:postgres:password=[hidden]?data_path=s3://bucket/x/",
		"ducklake:postgres:postgresql://me:abc@host/lake":         "ducklake:postgres:postgresql://me:[hidden]@host/lake",
		"ducklake:postgres:postgresql://host/l?password=abc":      "ducklake:postgres:postgresql://host/l?password=[hidden]",
		"ducklake:postgres:postgresql://me@host/l":                "ducklake:postgres:postgresql://me@host/l",
	} {
		if got := ShownDSN(dsn); got != want {
			t.Errorf("%s is shown as %s, want %s", dsn, got, want)
		}
	}
}

func TestWithoutSecrets(t *testing.T) {
	boot := []string{
		"CREATE SECRET a (TYPE s3, KEY_ID 'id-1', SECRET 'key''2', REGION 'eu')",
		"SET motherduck_token = 'token-3'", `SET s3_secret_access_key="key-5"`,
	}
	text := WithoutSecrets("id-1 key''2 key'2 token-3 pass%2F4 pass/4 key-5 eu lake", append(boot, "ducklake:postgres:postgresql://me:pass%2F4@host/lake")...)
	for _, secret := range []string{"id-1", "key''2", "key'2", "token-3", "pass%2F4", "pass/4", "key-5"} {
		if strings.Contains(text, secret) {
			t.Errorf("%s is in %q", secret, text)
		}
	}
	if !strings.HasSuffix(text, " eu lake") {
		t.Errorf("what is no secret is gone: %q", text)
	}
}

func TestBadDSN(t *testing.T) {
	for _, dsn := range []string{"postgres:dbname=x password=abc", "ducklake:", "ducklake:?data_path=s3://x/", "md:", "md:a b", "md:a?motherduck_token=abc", "attached:", "attached:a.b", "http://x"} {
		_, err := Open(context.Background(), dsn, ReadWrite)
		var bad *DSNError
		if !errors.As(err, &bad) || bad.Try == "" || strings.Contains(err.Error(), "abc") || strings.Contains(bad.Try, "abc") {
			t.Errorf("%s: %v", dsn, err)
		}
	}
}

// TestSchemesNeedTheirExtension: none is ever fetched, and what is missing is said.
func TestSchemesNeedTheirExtension(t *testing.T) {
	for _, dsn := range []string{"ducklake:postgres:dbname=x password=abc", "ducklake:" + filepath.Join(t.TempDir(), "x.ducklake"), "md:history"} {
		for _, mode := range []Mode{ReadOnly, ReadWrite} {
			if _, err := Open(context.Background(), dsn, mode); !errors.Is(err, ErrExtension) || strings.Contains(err.Error(), "abc") {
				t.Errorf("%s: %v", dsn, err)
			}
		}
	}
}

// TestBootSQL: its statements run first and in their order, and one that fails is named by its number and never shown.
func TestBootSQL(t *testing.T) {
	ctx, dir := context.Background(), t.TempDir()
	path := filepath.Join(dir, "facts.duckdb")
	for boot, wantNumber := range map[string]int{
		"SELECT 1|CREATE SECRET (TYPE s3, SECRET 'abc'": 2, // no SQL
		"SECRET 'abc": 1,
		"LOAD '/nowhere/abc.duckdb_extension'|SELECT 1":                       1,
		"SELECT 1|SELECT 1|CREATE SECRET (TYPE nothing, SECRET 'abc')":        3,
		"ATTACH 'postgres:host=nowhere password=abc' AS x (TYPE postgres)":    1,
		"SELECT * FROM nothing_called_so WHERE password = 'abc' -- a comment": 1,
	} {
		_, err := Open(ctx, path, ReadWrite, strings.Split(boot, "|")...)
		var bad *BootError
		if !errors.As(err, &bad) || bad.Number != wantNumber {
			t.Errorf("%s: %v", boot, err)
		}
		if err != nil && strings.Contains(strings.ReplaceAll(err.Error(), "/nowhere/abc", ""), "abc") {
			t.Errorf("%s: the error shows a secret: %v", boot, err)
		}
	}
	if _, err := Open(ctx, "attached:other", ReadWrite); !errors.Is(err, ErrNoDatabase) {
		t.Errorf("attached by nobody: %v", err)
	}
	attach := "ATTACH " + quoteText(filepath.Join(dir, "other.duckdb")) + " AS other"
	st, err := Open(ctx, "attached:other", ReadWrite, attach)
	if err != nil {
		t.Fatal(err)
	}
	if err := st.Close(); err != nil {
		t.Fatal(err)
	}
	if st, err = Open(ctx, filepath.Join(dir, "other.duckdb"), ReadOnly); err != nil {
		t.Fatalf("what was attached is not there: %v", err)
	}
	st.Close()
}
