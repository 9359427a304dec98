package ingest

import (
	"context"
	"database/sql"
	"strings"
)

// lakeCatalog is the name under which a DuckLake is attached.
const lakeCatalog = "crywolf"

// lakePlace is a DuckLake: rest is where its catalog is and, for a new one, where its data are to lie.
func lakePlace(rest string) (place, error) {
	metadata, dataPath, _ := strings.Cut(rest, "?data_path=")
	if metadata == "" {
		return place{}, &DSNError{DSN: schemeLake + ":", Problem: "it does not say where the lake's catalog is",
			Try: "ducklake:postgres:dbname=NAME host=HOST?data_path=s3://BUCKET/crywolf/"}
	}
	return place{kind: schemeLake, catalog: lakeCatalog, attach: func(ctx context.Context, s *Store, conn *sql.Conn) error {
		var options []string
		if dataPath != "" {
			options = append(options, "DATA_PATH "+quoteText(dataPath))
		}
		if s.mode == ReadOnly {
			options = append(options, "READ_ONLY")
		}
		q := "ATTACH " + quoteText(schemeLake+":"+metadata) + " AS " + quoteName(lakeCatalog)
		if len(options) > 0 {
			q += " (" + strings.Join(options, ", ") + ")"
		}
		_, err := conn.ExecContext(ctx, q)
		return err
	}}, nil
}
