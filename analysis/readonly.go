package analysis

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"regexp"
	"slices"
	"strings"
	"sync"
)

// ErrNotSelect says that a query was something other than one SELECT.
var ErrNotSelect = errors.New("only a single SELECT is allowed")

// ForbiddenError says that a query was to do more than to read its database.
type ForbiddenError struct {
	Name string // of the function or table
}

func (e *ForbiddenError) Error() string {
	return fmt.Sprintf("%s is not allowed: a query reads this database, and nothing else", e.Name)
}

// A database opened for reading, with enable_external_access off, can still be made to do things by a SELECT: some table
// functions switch on logs and profiles or open files. So a query may call those that are named here, those that views/
// defines, and no others, also not those of a later DuckDB.
var tableFunctions = []string{
	"unnest", "range", "generate_series", "json_each", "json_tree",
	"duckdb_tables", "duckdb_views", "duckdb_columns", "duckdb_functions", "pragma_table_info",
}

// actingFunctions are scalar functions that do something or read the surroundings. A test holds the list against all that
// DuckDB says have side effects.
var actingFunctions = []string{"getenv", "write_log", "nextval", "setseed", "sleep_ms"}

var tableMacro = regexp.MustCompile(`MACRO (\w+)\([^)]*\) AS TABLE\b`)

// ownTableFunctions are those that views/ defines.
var ownTableFunctions = sync.OnceValue(func() []string {
	var names []string
	for _, view := range viewOrder {
		text, err := fs.ReadFile(viewFiles, "views/"+view+".sql")
		if err != nil {
			panic(err) // an embedded file
		}
		for _, m := range tableMacro.FindAllStringSubmatch(string(text), -1) {
			names = append(names, m[1])
		}
	}
	return names
})

// onlySelect tells whether a query is one SELECT that reads this database alone.
func onlySelect(ctx context.Context, conn *sql.Conn, query string) error {
	_, err := parametersOf(ctx, conn, query)
	return err
}

// parametersOf are the names of the parameters of a query, which must be one SELECT that reads this database alone. It asks
// DuckDB's own parser, which serialises SELECT statements and refuses all others.
func parametersOf(ctx context.Context, conn *sql.Conn, query string) ([]string, error) {
	if strings.ContainsRune(query, 0) {
		return nil, errors.New("parse the query: it has a NUL in it") // up to which DuckDB would run it
	}
	var text string
	if err := conn.QueryRowContext(ctx, `SELECT json_serialize_sql(?::VARCHAR)::VARCHAR`, query).Scan(&text); err != nil {
		return nil, fmt.Errorf("parse the query: %w", err)
	}
	var parsed struct {
		Error      bool
		Kind       string `json:"error_type"`
		Message    string `json:"error_message"`
		Statements []any
	}
	if err := json.Unmarshal([]byte(text), &parsed); err != nil {
		return nil, fmt.Errorf("parse the query: %w", err)
	}
	switch {
	case parsed.Error && parsed.Kind == "parser":
		return nil, fmt.Errorf("parse the query: %s", parsed.Message)
	case parsed.Error || len(parsed.Statements) != 1:
		return nil, ErrNotSelect
	}
	names := map[string]bool{}
	addParameters(names, parsed.Statements[0])
	return sortedKeys(names), onlyReads(parsed.Statements[0])
}

// addParameters looks through a parsed statement for its parameters.
func addParameters(names map[string]bool, node any) {
	switch node := node.(type) {
	case []any:
		for _, v := range node {
			addParameters(names, v)
		}
	case map[string]any:
		if name, ok := node["identifier"].(string); ok && node["class"] == "PARAMETER" {
			names[name] = true
		}
		for _, v := range node {
			addParameters(names, v)
		}
	}
}

// ownParameters are the parameters of queries of ours, by their texts: a document asks some of them of several periods.
var ownParameters sync.Map

// parametersOfOwn is parametersOf for a query of ours, which is parsed once.
func parametersOfOwn(ctx context.Context, conn *sql.Conn, query string) ([]string, error) {
	if known, ok := ownParameters.Load(query); ok {
		return known.([]string), nil
	}
	names, err := parametersOf(ctx, conn, query)
	if err == nil {
		ownParameters.Store(query, names)
	}
	return names, err
}

// tellingTables are views of DuckDB's that show how databases were attached: a connection string has its password in it.
var tellingTables = []string{"duckdb_databases", "pragma_database_list"}

// onlyReads looks through a parsed statement for what it calls, wherever that stands.
func onlyReads(node any) error {
	switch node := node.(type) {
	case []any:
		for _, v := range node {
			if err := onlyReads(v); err != nil {
				return err
			}
		}
	case map[string]any:
		name, _ := node["function_name"].(string)
		table, _ := node["table_name"].(string)
		switch {
		case node["type"] == "TABLE_FUNCTION":
			return onlyKnownTables(node)
		case slices.Contains(actingFunctions, strings.ToLower(name)):
			return &ForbiddenError{name}
		case node["type"] == "BASE_TABLE" && strings.ContainsAny(table, `./\:*?`):
			return &ForbiddenError{table} // DuckDB takes such a table's name for a file's
		case node["type"] == "BASE_TABLE" && slices.Contains(tellingTables, strings.ToLower(table)):
			return &ForbiddenError{table}
		case strings.EqualFold(name, "current_setting") && !harmlessSetting(node):
			return &ForbiddenError{name}
		}
		for _, v := range node {
			if err := onlyReads(v); err != nil {
				return err
			}
		}
	}
	return nil
}

// harmlessSetting tells whether the setting that a call asks for is named in the call, and holds no key or token.
func harmlessSetting(call map[string]any) bool {
	arguments, _ := call["children"].([]any)
	if len(arguments) != 1 {
		return false
	}
	argument, _ := arguments[0].(map[string]any)
	value, _ := argument["value"].(map[string]any)
	name, isText := value["value"].(string)
	return isText && !secretSetting.MatchString(name)
}

var secretSetting = regexp.MustCompile(`(?i)secret|token|password|key|connection`)

func onlyKnownTables(node map[string]any) error {
	call, _ := node["function"].(map[string]any)
	name, _ := call["function_name"].(string)
	if lower := strings.ToLower(name); !slices.Contains(tableFunctions, lower) && !slices.Contains(ownTableFunctions(), lower) {
		return &ForbiddenError{name}
	}
	return onlyReads(call["children"])
}
