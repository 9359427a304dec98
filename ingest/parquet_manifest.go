package ingest

import (
	"encoding/json"
	"fmt"
	"path"
	"reflect"
	"regexp"
	"slices"
	"strings"
)

// manifestPath is where a lake's manifest lies. Engines pass over what begins with an underscore.
const manifestPath = "_crywolf/manifest.json"

// sumKey is the key under which a file's own metadata has the sum of its rows.
const sumKey = "crywolf_sum"

// Manifest says what is in a lake. It has no time in it: the same tables give the same bytes.
type Manifest struct {
	Format int             `json:"lake_format"`
	Schema int             `json:"schema_version"` // of the facts
	Engine string          `json:"engine"`         // whose hash function the sums are of
	Names  bool            `json:"names"`
	Raw    bool            `json:"raw"`
	Tables []ManifestTable `json:"tables"`
}

// ManifestTable is a table of a lake.
type ManifestTable struct {
	Name    string           `json:"name"`
	Clock   string           `json:"clock"` // what its months are of
	Columns []ManifestColumn `json:"columns"`
	Files   []ManifestFile   `json:"files"`
}

// ManifestColumn is a column as it is in a database, and how it differs in the lake.
type ManifestColumn struct {
	Name   string `json:"name"`
	Type   string `json:"type"` // in the database; lists stand in the lake as JSON in a text
	Absent bool   `json:"is_absent,omitempty"`
	Empty  bool   `json:"is_empty,omitempty"`
}

// ManifestFile is a file of a lake.
type ManifestFile struct {
	Path  string `json:"path"`
	Month string `json:"month,omitempty"`
	Rows  int64  `json:"row_count"`
	Bytes int64  `json:"byte_count"`
	Sum   string `json:"sum"` // of the hashes of its rows
}

func (m *Manifest) encode() ([]byte, error) {
	text, err := json.MarshalIndent(m, "", " ")
	return append(text, '\n'), err
}

var tableName = regexp.MustCompile(`^[a-z][a-z0-9_]*$`)

// decodeManifest reads a manifest and refuses one whose names could mean anything but tables, columns and files of a lake:
// a lake may come from anybody.
func decodeManifest(text []byte) (*Manifest, error) {
	var m Manifest
	if err := json.Unmarshal(text, &m); err != nil || m.Format == 0 {
		return nil, fmt.Errorf("%w: its manifest can't be read", ErrNotALake)
	}
	if m.Format > lakeFormat {
		return nil, ErrNewer{Found: m.Format, Known: lakeFormat}
	}
	if m.Schema > SchemaVersion {
		return nil, ErrNewer{Found: m.Schema, Known: SchemaVersion}
	}
	for _, t := range m.Tables {
		for _, c := range t.Columns {
			if err := c.check(); err != nil {
				return nil, fmt.Errorf("%w: %w", ErrNotALake, err)
			}
		}
		if !tableName.MatchString(t.Name) {
			return nil, fmt.Errorf("%w: its manifest lists the table %q", ErrNotALake, t.Name)
		}
		for _, f := range t.Files {
			if path.Clean(f.Path) != f.Path || path.IsAbs(f.Path) || strings.HasPrefix(f.Path, "..") || strings.ContainsAny(f.Path, "\\*?[]") {
				return nil, fmt.Errorf("%w: its manifest lists the file %q", ErrNotALake, f.Path)
			}
		}
	}
	return &m, nil
}

func (c ManifestColumn) check() error {
	if !slices.Contains(plainTypes, c.Type) && !slices.Contains(nestedTypes, c.Type) {
		return fmt.Errorf("column %s has type %s, which no lake holds", c.Name, c.Type)
	}
	return nil
}

// table gives a table by name; nil where there is none, and in no manifest.
func (m *Manifest) table(name string) *ManifestTable {
	if m == nil {
		return nil
	}
	for i := range m.Tables {
		if m.Tables[i].Name == name {
			return &m.Tables[i]
		}
	}
	return nil
}

// files gives all files by their paths; none of no manifest.
func (m *Manifest) files() map[string]ManifestFile {
	files := map[string]ManifestFile{}
	if m != nil {
		for _, t := range m.Tables {
			for _, f := range t.Files {
				files[f.Path] = f
			}
		}
	}
	return files
}

// unsure is the sum of a file of which it is not known what is in it; no rows have it.
const unsure = "?"

// doubted gives m without trust in the files that an export was about to write or to drop when it was cut off: those in
// which m and its plan differ. nil where there is neither.
func (m *Manifest) doubted(plan *Manifest) *Manifest {
	if plan == nil {
		return m
	}
	before, after := m.files(), plan.files()
	for _, t := range plan.Tables {
		was := m.table(t.Name)
		same := was != nil && was.sameRows(t) && m.Engine == plan.Engine
		for i, f := range t.Files {
			if !same || before[f.Path].Sum != f.Sum {
				t.Files[i].Sum = unsure
			}
		}
	}
	if m == nil {
		return plan
	}
	for _, t := range m.Tables {
		known := plan.table(t.Name)
		if known == nil {
			plan.Tables = append(plan.Tables, t)
			continue
		}
		for _, f := range t.Files {
			if _, stays := after[f.Path]; !stays {
				f.Sum = unsure
				known.Files = append(known.Files, f)
			}
		}
	}
	return plan
}

// doubt takes the trust from files that do not pass.
func (m *Manifest) doubt(passes func(ManifestFile) bool) {
	if m == nil {
		return
	}
	for _, t := range m.Tables {
		for i, f := range t.Files {
			if !passes(f) {
				t.Files[i].Sum = unsure
			}
		}
	}
}

func (m *Manifest) equal(other *Manifest) bool { return reflect.DeepEqual(m, other) }

// sameRows tells whether the sums of two tables' files are of rows of the same shape.
func (t ManifestTable) sameRows(other ManifestTable) bool {
	return t.Clock == other.Clock && slices.Equal(t.Columns, other.Columns)
}
