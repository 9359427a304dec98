package ingest

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"slices"
	"strings"
)

// LakeTable is a table of a lake.
type LakeTable struct {
	Name  string
	Clock string // SQL over the row t whose UTC month is the row's partition; "" for a table that is written whole
}

// lakeFacts are the tables of schema.sql that go into a lake, in its order. Those that a sync leaves empty at its end do not.
var lakeFacts = []LakeTable{
	{"meta", ""}, {"users", ""}, {"pseudonyms", ""}, {"teams", ""}, {"priorities", ""}, {"services", ""}, {"integrations", ""},
	{"escalation_policies", ""}, {"escalation_targets", ""}, {"schedules", ""}, {"schedule_entries", "t.start_at"}, {"schedule_overrides", ""},
	{"incidents", "t.created_at"}, {"log_entries", "t.created_at"}, {"alerts", "t.created_at"}, {"maintenance_windows", ""},
	{"change_events", "t.changed_at"}, {"unreadable_records", ""}, {"late_edits", ""}, {"alert_reads", "t.read_at"}, {"sync_notes", ""},
	{"ledger", "t.asked_at"},
}

// emptyTables are the tables of schema.sql that hold something only while a sync runs, or until its end is made up for.
var emptyTables = []string{"listed_again", "touched_incidents"}

// FactTables are the tables of facts that go into a lake.
func FactTables() []LakeTable { return slices.Clone(lakeFacts) }

// plainTypes are the types of columns that every engine reads alike.
var plainTypes = []string{"VARCHAR", "BOOLEAN", "INTEGER", "BIGINT", "DOUBLE", "TIMESTAMP", "DATE"}

// nestedTypes are those that stand in a lake as JSON in a text.
var nestedTypes = []string{"VARCHAR[]", "STRUCT(user_id VARCHAR, assigned_at TIMESTAMP)[]"}

// exported gives the SQL of the value of c in a lake.
func (c ManifestColumn) exported() string {
	switch {
	case c.Empty:
		return "CAST(NULL AS " + c.Type + ")"
	case slices.Contains(nestedTypes, c.Type):
		return "CAST(to_json(t." + quoteName(c.Name) + ") AS VARCHAR)"
	}
	return "t." + quoteName(c.Name)
}

// imported gives the SQL of the value that c has in a database, read from a lake.
func (c ManifestColumn) imported() string {
	switch {
	case c.Absent:
		return "CAST(NULL AS " + c.Type + ")"
	case slices.Contains(nestedTypes, c.Type):
		return "CAST(CAST(" + quoteName(c.Name) + " AS JSON) AS " + c.Type + ")"
	}
	return quoteName(c.Name)
}

// columns gives a table's columns as they stand in the lake.
func (e *lakeExport) columns(ctx context.Context, table string) ([]ManifestColumn, error) {
	rows, err := e.conn.QueryContext(ctx, `SELECT column_name, data_type FROM duckdb_columns()
		WHERE database_name = current_database() AND schema_name = current_schema() AND table_name = $1 ORDER BY column_index`, table)
	if err != nil {
		return nil, fmt.Errorf("list the columns: %w", err)
	}
	defer rows.Close()
	var columns []ManifestColumn
	for rows.Next() {
		var c ManifestColumn
		if err := rows.Scan(&c.Name, &c.Type); err != nil {
			return nil, fmt.Errorf("list the columns: %w", err)
		}
		if err := c.check(); err != nil {
			return nil, err
		}
		c.Absent = c.Name == "raw" && !e.opts.Raw
		c.Empty = table == "users" && c.Name == "name" && !e.opts.Names
		columns = append(columns, c)
	}
	if err := rows.Err(); err != nil {
		return nil, fmt.Errorf("list the columns: %w", err)
	}
	if len(columns) == 0 {
		return nil, fmt.Errorf("the database has no such table")
	}
	return columns, nil
}

// rowsSQL selects a table's rows as they stand in the lake, and as many of them as condition says.
func (t ManifestTable) rowsSQL(condition string) string {
	var values []string
	for _, c := range t.Columns {
		if !c.Absent {
			values = append(values, c.exported()+" AS "+quoteName(c.Name))
		}
	}
	return "SELECT " + strings.Join(values, ", ") + " FROM " + quoteName(t.Name) + " AS t" + condition
}

// sums gives a table's files, with the number and the sum of the rows of each; a table that is written whole has one
// even where it is empty.
func (e *lakeExport) sums(ctx context.Context, t ManifestTable) ([]ManifestFile, error) {
	month := "CAST(NULL AS TIMESTAMP)"
	if t.Clock != "" {
		month = "date_trunc('month', CAST(" + t.Clock + " AS TIMESTAMP))"
	}
	var values []string
	for _, c := range t.Columns {
		if !c.Absent {
			values = append(values, c.exported())
		}
	}
	rows, err := e.conn.QueryContext(ctx, "SELECT CASE WHEN month IS NULL THEN '' ELSE strftime(month, '%Y-%m') END, row_count, content FROM (SELECT "+month+
		" AS month, count(*) AS row_count, CAST(coalesce(sum(hash("+strings.Join(values, ", ")+")), 0) AS VARCHAR) AS content FROM "+quoteName(t.Name)+
		" AS t GROUP BY ALL) ORDER BY ALL")
	if err != nil {
		return nil, fmt.Errorf("sum up the rows: %w", err)
	}
	defer rows.Close()
	var files []ManifestFile
	for rows.Next() {
		var f ManifestFile
		if err := rows.Scan(&f.Month, &f.Rows, &f.Sum); err != nil {
			return nil, fmt.Errorf("sum up the rows: %w", err)
		}
		if f.Month == "" && t.Clock != "" {
			f.Month = noMonth
		}
		f.Path = filePath(t.Name, f.Month)
		files = append(files, f)
	}
	return files, rows.Err()
}

// copySQL writes the rows of one file, in an order that leaves nothing to chance.
func (t ManifestTable) copySQL(f ManifestFile, at string) (string, []any, error) {
	condition, order, args := "", []string{}, []any{}
	switch f.Month {
	case "":
	case noMonth:
		condition = " WHERE " + t.Clock + " IS NULL"
	default:
		from, to, err := monthBounds(f.Month)
		if err != nil {
			return "", nil, err
		}
		condition, args = " WHERE "+t.Clock+" >= $1 AND "+t.Clock+" < $2", []any{from, to}
		order = append(order, t.Clock)
	}
	for _, c := range t.Columns {
		if !c.Absent && !c.Empty {
			order = append(order, "t."+quoteName(c.Name))
		}
	}
	return "COPY (" + t.rowsSQL(condition) + " ORDER BY " + strings.Join(order, ", ") + ") TO " + quoteText(at) +
		" (FORMAT parquet, COMPRESSION zstd, KV_METADATA {" + sumKey + ": " + quoteText(f.Sum) + "})", args, nil
}

// EachTable gives the rows of each table of a lake in turn, as they stand in one, all of one moment.
func EachTable(ctx context.Context, db *sql.DB, opts LakeOptions, give func(table string, rows *sql.Rows) error) error {
	conn, end, err := beginToRead(ctx, db)
	if err != nil {
		return err
	}
	defer end()
	e := &lakeExport{conn: conn, opts: opts}
	for _, t := range slices.Concat(FactTables(), opts.Tables) {
		columns, err := e.columns(ctx, t.Name)
		if err != nil {
			return fmt.Errorf("%s: %w", t.Name, err)
		}
		rows, err := conn.QueryContext(ctx, ManifestTable{Name: t.Name, Columns: columns}.rowsSQL("")+" ORDER BY ALL")
		if err != nil {
			return fmt.Errorf("%s: %w", t.Name, err)
		}
		if err := errors.Join(give(t.Name, rows), rows.Close()); err != nil {
			return fmt.Errorf("%s: %w", t.Name, err)
		}
	}
	return nil
}
