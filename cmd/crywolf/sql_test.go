package main

import (
	"go/ast"
	"go/parser"
	"go/token"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"
)

// composedSQL are the functions that put SQL together from parts, and why no part is the content of a record. Everywhere
// else a statement is one text, and what belongs to a record is bound to it.
var composedSQL = map[string]string{
	"ingest.boot":               "a directory's name that the program gives, quoted",
	"ingest.motherDuckPlace":    "the name of the user's own DSN, checked and quoted: no parameter can stand there",
	"ingest.attach":             "of two kinds of lake: a number, names that a manifest may hold, and places that catalog or manifest tell, quoted: SET takes no parameters",
	"ingest.attachAs":           "the user's own DSN, quoted: ATTACH takes no parameters",
	"ingest.lookAtLake":         "a constant",
	"ingest.publishLake":        "a constant",
	"ingest.lockLake":           "constants",
	"ingest.upsert":             "names of tables and columns, from table.go",
	"ingest.makeRoom":           "names of tables and columns, from table.go",
	"ingest.stage":              "names of tables and columns, from table.go",
	"ingest.unchanged":          "names of columns, from table.go",
	"ingest.tempIDs":            "a name that the program gives",
	"ingest.storeParts":         "one of two names of tables, with its column",
	"ingest.markDeleted":        "names of tables, from table.go",
	"ingest.storedDuties":       "one of two names of tables",
	"ingest.replaceEntries":     "one of two names of tables",
	"ingest.storeAlertRows":     "a constant",
	"ingest.retryHistories":     "a constant",
	"ingest.lastRow":            "names of tables and columns, from table.go",
	"ingest.maskTable":          "names of tables and columns, and $1, $2 … for the names of people, which are bound",
	"ingest.rewriteTexts":       "names of tables and columns",
	"ingest.Damaged":            "names of tables, from DuckDB's catalog; those with a quote are left out",
	"ingest.boundEarlier":       "one of two columns",
	"ingest.viewSQL":            "names of tables and columns, types from a list of our own and paths of files, all of a lake's manifest, quoted",
	"ingest.copySQL":            "names of columns, quoted, clocks of our own, the path of a file, and a sum of hashes",
	"ingest.rowsSQL":            "names of tables and columns, quoted",
	"ingest.sums":               "names of tables and columns, quoted, and clocks of our own",
	"ingest.bornSums":           "paths of files, quoted",
	"analysis.tableLines":       "names of tables and columns, from its own list",
	"analysis.readContent":      "one of two names of views",
	"analysis.storedLaws":       "pairs of constants",
	"analysis.readKinds":        "names of tables, from ledgerTables",
	"analysis.Unmatched":        "one of its own conditions",
	"analysis.dropOutdated":     "names of tables, from derive/tables.sql",
	"analysis.extendTitle":      "the configuration's patterns, quoted: a macro takes no parameters at its making",
	"analysis.storeClasses":     "the team's own patterns, quoted, for the same reason",
	"analysis.storeExclusions":  "one of three conditions that the program has",
	"analysis.store":            "marks for the points of evidence, which are bound",
	"analysis.makeKept":         "names of the program's own views, and a period's two times: CREATE TABLE takes no parameters",
	"analysis.readingStatement": "names of the program's own views",
	"analysis.replay":           "the program's own SELECT; anything else is refused",
}

var sqlVerb = regexp.MustCompile(`\b(SELECT|INSERT INTO|UPDATE|DELETE FROM|CREATE|ALTER|DROP|ATTACH|COPY|SET|WHERE|FROM)\b`)

// TestSQLIsOnlyBound looks at every expression that glues a statement together.
func TestSQLIsOnlyBound(t *testing.T) {
	found := map[string]bool{}
	for _, folder := range []string{"ingest", "analysis", "cmd/crywolf"} {
		names, err := filepath.Glob("../../" + folder + "/*.go")
		if err != nil || len(names) == 0 {
			t.Fatalf("%s: %v", folder, err)
		}
		for _, name := range names {
			if strings.HasSuffix(name, "_test.go") {
				continue
			}
			file, err := parser.ParseFile(token.NewFileSet(), name, nil, 0)
			if err != nil {
				t.Fatal(err)
			}
			for _, d := range file.Decls {
				if f, ok := d.(*ast.FuncDecl); ok && composesSQL(f) {
					found[filepath.Base(folder)+"."+f.Name.Name] = true
				}
			}
		}
	}
	for name := range found {
		if composedSQL[name] == "" {
			t.Errorf("%s puts SQL together: bind values instead, or say why it may", name)
		}
	}
	for name := range composedSQL {
		if !found[name] {
			t.Errorf("%s puts no SQL together any more", name)
		}
	}
}

// composing are the functions that make one text of several.
var composing = map[string]bool{"Sprintf": true, "Fprintf": true, "Appendf": true, "Join": true, "Replace": true, "ReplaceAll": true, "NewReplacer": true}

// composesSQL says whether a function formats a statement, or joins one to something that is no constant text.
func composesSQL(f *ast.FuncDecl) bool {
	found := false
	ast.Inspect(f, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.CallExpr:
			if s, ok := n.Fun.(*ast.SelectorExpr); ok && composing[s.Sel.Name] && len(n.Args) > 1 {
				for _, arg := range n.Args {
					text, _ := constantText(arg)
					found = found || sqlVerb.MatchString(text)
				}
			}
		case *ast.BinaryExpr:
			text, constant := constantText(n)
			found = found || !constant && sqlVerb.MatchString(text)
		}
		return !found
	})
	return found
}

// constantText gives the texts in a sum, and whether there is nothing else in it.
func constantText(e ast.Expr) (text string, constant bool) {
	switch e := e.(type) {
	case *ast.BasicLit:
		text, err := strconv.Unquote(e.Value)
		return text, err == nil && e.Kind == token.STRING
	case *ast.ParenExpr:
		return constantText(e.X)
	case *ast.BinaryExpr:
		left, leftConstant := constantText(e.X)
		right, rightConstant := constantText(e.Y)
		return left + " " + right, e.Op == token.ADD && leftConstant && rightConstant
	}
	return "", false
}
