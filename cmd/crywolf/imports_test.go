package main

import (
	"encoding/json"
	"errors"
	"io"
	"os/exec"
	"slices"
	"strings"
	"testing"
)

// allowed are the arrows between our packages: who may import whom.
var allowed = map[string][]string{
	"crywolf/cmd/crywolf":          {"crywolf/ingest", "crywolf/ingest/pagerdutytest", "crywolf/analysis", "crywolf/analysis/statistics", "crywolf/reports"},
	"crywolf/ingest":               nil,
	"crywolf/ingest/pagerdutytest": nil,
	"crywolf/analysis":             {"crywolf/analysis/statistics", "crywolf/queries"},
	"crywolf/analysis/statistics":  nil,
	"crywolf/queries":              nil,
	"crywolf/reports":              {"crywolf/reports/charts"},
	"crywolf/reports/charts":       nil,
}

// forbidden are libraries that a package must not know. Only ingest speaks to anybody, and only the double listens.
var forbidden = map[string][]string{
	"crywolf/cmd/crywolf":         {"net", "net/http", "os/exec", "github.com/minio/minio-go/v7"},
	"crywolf/reports":             {"database/sql", "os", "flag", "net", "net/http", "github.com/minio/minio-go/v7"},
	"crywolf/reports/charts":      {"database/sql", "os", "flag", "net", "net/http"},
	"crywolf/analysis":            {"net", "net/http", "os", "flag", "github.com/minio/minio-go/v7"},
	"crywolf/analysis/statistics": {"database/sql", "net/http", "os", "flag", "time"},
	"crywolf/queries":             {"database/sql", "os"},
	"crywolf/ingest":              {"flag", "github.com/spf13/cobra", "os/exec"},
}

func TestImportsPointOneWay(t *testing.T) {
	cmd := exec.Command("go", "list", "-json=ImportPath,Imports", "./...")
	cmd.Dir = "../.."
	out, err := cmd.Output()
	if err != nil {
		t.Fatal(err)
	}
	seen := 0
	for decoder := json.NewDecoder(strings.NewReader(string(out))); ; {
		var pkg struct {
			ImportPath string
			Imports    []string
		}
		if err := decoder.Decode(&pkg); errors.Is(err, io.EOF) {
			break
		} else if err != nil {
			t.Fatal(err)
		}
		seen++
		ours, known := allowed[pkg.ImportPath]
		if !known {
			t.Errorf("package %s has no place among the arrows", pkg.ImportPath)
		}
		for _, imported := range pkg.Imports {
			if strings.HasPrefix(imported, "crywolf/") && !slices.Contains(ours, imported) {
				t.Errorf("%s must not import %s", pkg.ImportPath, imported)
			}
			if slices.Contains(forbidden[pkg.ImportPath], imported) {
				t.Errorf("%s must not know %s", pkg.ImportPath, imported)
			}
		}
	}
	if seen != len(allowed) {
		t.Errorf("%d packages were looked at, of %d", seen, len(allowed))
	}
}
