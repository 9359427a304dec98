package main

import (
	"fmt"
	"io"
	"strings"

	"crywolf/ingest"
	"crywolf/reports"
)

// exported is what an export did.
type exported struct {
	Demo       bool
	To, Place  string
	Names, Raw bool
	tables     []ingest.Exported
}

// exportedTable is a table in the JSON of an export.
type exportedTable struct {
	Table            string `json:"table"`
	RowCount         int64  `json:"row_count"`
	ByteCount        int64  `json:"byte_count"`
	FileCount        int    `json:"file_count"`
	WrittenFileCount int    `json:"written_file_count"`
	DroppedFileCount int    `json:"dropped_file_count"`
}

func (e exported) write(w io.Writer, format string) error {
	if format == "json" {
		return e.json(w)
	}
	var b strings.Builder
	if e.Demo {
		b.WriteString(reports.DemoData + "\n\n")
	}
	var rows [][]string
	var all ingest.Exported
	for _, t := range e.tables {
		all.Files, all.Written, all.Dropped, all.Rows, all.Bytes = all.Files+t.Files, all.Written+t.Written, all.Dropped+t.Dropped, all.Rows+t.Rows, all.Bytes+t.Bytes
		rows = append(rows, exportRow(t))
	}
	all.Table = "all"
	if err := reports.TextTable(&b, []string{"table", "rows", "bytes", "files", "written", "dropped"}, append(rows, exportRow(all)), 1); err != nil {
		return err
	}
	b.WriteString("\n" + e.sentence(all) + "\n" + e.contents() + "\n")
	_, err := io.WriteString(w, b.String())
	return err
}

func exportRow(t ingest.Exported) []string {
	return []string{t.Table, reports.Count(t.Rows), reports.Count(t.Bytes), reports.Count(int64(t.Files)), reports.Count(int64(t.Written)), reports.Count(int64(t.Dropped))}
}

// sentence says what was done.
func (e exported) sentence(all ingest.Exported) string {
	if all.Written+all.Dropped == 0 {
		return reports.Clean(e.Place) + ": nothing changed, so nothing was written"
	}
	return fmt.Sprintf("%s: %s of %s files written, %s dropped", reports.Clean(e.Place), reports.Count(int64(all.Written)), reports.Count(int64(all.Files)), reports.Count(int64(all.Dropped)))
}

// contents says what of people and of the records is in it.
func (e exported) contents() string {
	names, raw := "no names of people (--names adds them)", "no raw records (--raw)"
	if e.Names {
		names = "NAMES OF PEOPLE, in users"
	}
	if e.Raw {
		raw = "the raw records, redacted"
	}
	return "in it: ids and time zones of people, titles of incidents;\n       " + names + "; " + raw
}

func (e exported) json(w io.Writer) error {
	doc := struct {
		Demo   string          `json:"demo,omitempty"`
		To     string          `json:"to"`
		Place  string          `json:"place"`
		Names  bool            `json:"names"`
		Raw    bool            `json:"raw"`
		Tables []exportedTable `json:"tables"`
	}{To: e.To, Place: e.Place, Names: e.Names, Raw: e.Raw, Tables: []exportedTable{}}
	if e.Demo {
		doc.Demo = reports.DemoData
	}
	for _, t := range e.tables {
		doc.Tables = append(doc.Tables, exportedTable{t.Table, t.Rows, t.Bytes, t.Files, t.Written, t.Dropped})
	}
	return reports.WriteJSON(w, doc)
}
