package ingest

import (
	"fmt"
	"net/url"
	"regexp"
	"strings"
)

// A DSN says where a database is. Without one of these schemes it is a file's path.
const (
	schemeLake       = "ducklake" // ducklake:CATALOG[?data_path=PLACE]: a DuckLake; CATALOG is postgres:CONNECTION, a file, or a secret's name
	schemeMotherDuck = "md"       // md:NAME: a database of MotherDuck
	schemeParquet    = "parquet"  // parquet:DIRECTORY: a lake that crywolf export wrote, only to be read
	schemeAttached   = "attached" // attached:NAME: whatever the boot SQL attached under that name
)

// DSNError says that a DSN can't be understood.
type DSNError struct {
	DSN     string // without secrets
	Problem string
	Try     string // a DSN that would do
}

func (e *DSNError) Error() string { return fmt.Sprintf("database %s: %s", e.DSN, e.Problem) }

var dsnScheme = regexp.MustCompile(`^([a-z][a-z0-9]+):(.*)$`)

// splitDSN takes a DSN apart. scheme is "" for a file; one letter before a colon is a drive of Windows.
func splitDSN(dsn string) (scheme, rest string) {
	if m := dsnScheme.FindStringSubmatch(dsn); m != nil {
		return m[1], m[2]
	}
	return "", dsn
}

// IsFile tells whether a DSN is a file's path.
func IsFile(dsn string) bool {
	scheme, _ := splitDSN(dsn)
	return scheme == ""
}

// placeOf finds out what to do with a DSN. This is the only place that knows which schemes there are.
func placeOf(dsn string) (place, error) {
	scheme, rest := splitDSN(dsn)
	switch scheme {
	case "":
		return filePlace(rest), nil
	case schemeLake:
		return lakePlace(rest)
	case schemeMotherDuck:
		return motherDuckPlace(rest)
	case schemeParquet:
		return parquetPlace(rest)
	case schemeAttached:
		return attachedPlace(rest)
	}
	return place{}, &DSNError{DSN: ShownDSN(dsn), Problem: fmt.Sprintf("there is no kind of database called %q", scheme),
		Try: "a file's path (./" + ShownDSN(dsn) + "), ducklake:…, parquet:DIR, md:NAME or attached:NAME"}
}

// Words that stand before a secret, in a connection string (password=…), a URL (?token=…) or SQL (SECRET '…').
const secretWords = `password|passwd|pwd|sslpassword|secret|secret_access_key|session_token|token|motherduck_token|access_token|key_id|access_key_id|connection_string|account_key|passphrase|encryption_key`

const quotedText = `'(?:[^'\\]|\\.|'')*'|"[^"]*"`

var (
	// name=value, name = 'a value', and in SQL name 'a value'
	secretPair = regexp.MustCompile(`(?i)(?:\b|_)(` + secretWords + `)(\s*[=:]\s*|\s+)(` + quotedText + `|[^\s&;,)'"]+)`)
	// postgres://user:secret@host
	secretInURL = regexp.MustCompile(`(://[^/\s:@]*):([^/\s@]+)@`)
)

const hiddenSecret = "[hidden]"

// ShownDSN is a DSN as it may be printed: without passwords, keys and tokens.
func ShownDSN(dsn string) string {
	if IsFile(dsn) {
		return dsn
	}
	dsn, dataPath, hasPath := strings.Cut(dsn, dataPathOption)
	shown := secretInURL.ReplaceAllString(dsn, "$1:"+hiddenSecret+"@")
	shown = secretPair.ReplaceAllStringFunc(shown, func(pair string) string {
		m := secretPair.FindStringSubmatchIndex(pair)
		return pair[:m[6]] + hiddenSecret
	})
	if hasPath {
		shown += dataPathOption + secretInURL.ReplaceAllString(dataPath, "$1:"+hiddenSecret+"@")
	}
	return shown
}

// secretsOf finds the values that must not be printed in a DSN or in SQL.
func secretsOf(texts ...string) []string {
	var secrets []string
	add := func(s string) {
		s = strings.Trim(s, `'"`)
		for _, s := range []string{s, strings.ReplaceAll(s, "''", "'")} {
			if s != "" && s != hiddenSecret {
				secrets = append(secrets, s)
			}
		}
		if plain, err := url.PathUnescape(s); err == nil && plain != s && plain != "" {
			secrets = append(secrets, plain)
		}
	}
	for _, text := range texts {
		text, dataPath, _ := strings.Cut(text, dataPathOption)
		for _, m := range secretInURL.FindAllStringSubmatch(dataPath, -1) {
			add(m[2])
		}
		for _, m := range secretInURL.FindAllStringSubmatch(text, -1) {
			add(m[2])
		}
		for _, m := range secretPair.FindAllStringSubmatch(text, -1) {
			if strings.TrimSpace(m[2]) != "" || strings.ContainsAny(m[3][:1], `'"`) { // CREATE SECRET name
				add(m[3])
			}
		}
	}
	return secrets
}

// WithoutSecrets takes out of a text what in DSNs and SQL stands as a password, key or token.
func WithoutSecrets(text string, of ...string) string {
	for _, s := range secretsOf(of...) {
		text = strings.ReplaceAll(text, s, hiddenSecret)
	}
	return text
}

// hideSecrets makes sure that err shows no secret of DSNs and SQL: DuckDB repeats connection strings and statements.
func hideSecrets(err error, of ...string) error {
	if err == nil {
		return nil
	}
	text := WithoutSecrets(err.Error(), of...)
	if text == err.Error() {
		return err
	}
	return hidden{error: err, text: text}
}
