package ingest

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"strconv"
	"strings"
)

// lakeCatalog is the name under which a DuckLake is attached; the other one looks for the snapshot to read.
const (
	lakeCatalog = "crywolf"
	lakeNewest  = "crywolf_newest"
)

// dataPathOption stands in a DSN before where a new lake's data are to lie.
const dataPathOption = "?data_path="

// wholeKey is in the meta table of a lake: the newest snapshot in which all facts are worked in.
const wholeKey = "whole_snapshot"

// lake is a DuckLake: a catalog in PostgreSQL or in a file, and Parquet files wherever DuckDB can write them.
type lake struct {
	metadata string // postgres:CONNECTION, a file's path, or the name of a DuckLake secret
	dataPath string // "": as the catalog has it
}

func lakePlace(rest string) (place, error) {
	metadata, dataPath, _ := strings.Cut(rest, dataPathOption)
	if metadata == "" {
		return place{}, &DSNError{DSN: schemeLake + ":", Problem: "it does not say where the lake's catalog is",
			Try: "ducklake:postgres:dbname=NAME host=HOST?data_path=s3://BUCKET/crywolf/"}
	}
	l := lake{metadata: metadata, dataPath: dataPath}
	return place{kind: schemeLake, extension: "ducklake", catalog: lakeCatalog, attach: l.attach, publish: publishLake}, nil
}

// attach attaches the lake: to write, under the writer's lock; to read, at the snapshot that the last whole sync left,
// so that all of a report is of one state however long it takes and whatever is written meanwhile.
func (l lake) attach(ctx context.Context, s *Store, conn *sql.Conn) error {
	if s.mode == ReadWrite {
		if err := l.attachAs(ctx, conn, lakeCatalog); err != nil {
			return err
		}
		return lockLake(ctx, s, conn)
	}
	if err := l.attachAs(ctx, conn, lakeNewest, "READ_ONLY", "CREATE_IF_NOT_EXISTS false"); err != nil {
		return err
	}
	snapshot, dataPath, err := lookAtLake(ctx, conn)
	if err != nil {
		return err
	}
	if _, err := conn.ExecContext(ctx, "DETACH "+lakeNewest); err != nil {
		return err
	}
	err = l.attachAs(ctx, conn, lakeCatalog, "READ_ONLY", "CREATE_IF_NOT_EXISTS false", "SNAPSHOT_VERSION "+strconv.FormatInt(snapshot, 10))
	if err != nil {
		return err
	}
	// Questions are asked with access to the outside switched off; what the lake itself lies in stays open to them.
	_, err = conn.ExecContext(ctx, "SET allowed_directories = ["+quoteText(dataPath)+"]")
	return err
}

func (l lake) attachAs(ctx context.Context, conn *sql.Conn, name string, options ...string) error {
	if l.dataPath != "" {
		options = append(options, "DATA_PATH "+quoteText(l.dataPath))
	}
	q := "ATTACH " + quoteText(schemeLake+":"+l.metadata) + " AS " + name
	if len(options) > 0 {
		q += " (" + strings.Join(options, ", ") + ")"
	}
	_, err := conn.ExecContext(ctx, q)
	return classifyLake(err)
}

// lookAtLake finds the snapshot to read: the one of the last whole sync, else, where there is none or it has expired,
// the newest.
func lookAtLake(ctx context.Context, conn *sql.Conn) (snapshot int64, dataPath string, err error) {
	err = conn.QueryRowContext(ctx, `SELECT (SELECT max(id) FROM ducklake_current_snapshot('`+lakeNewest+`')),
		(SELECT max(data_path) FROM ducklake_settings('`+lakeNewest+`'))`).Scan(&snapshot, &dataPath)
	if err != nil {
		return 0, "", err
	}
	var hasMeta bool
	err = conn.QueryRowContext(ctx, `SELECT count(*) > 0 FROM information_schema.tables
		WHERE table_catalog = '`+lakeNewest+`' AND table_name = 'meta'`).Scan(&hasMeta)
	if err != nil || !hasMeta {
		return snapshot, dataPath, err
	}
	var whole sql.NullInt64
	err = conn.QueryRowContext(ctx, `SELECT max(snapshot_id) FROM ducklake_snapshots('`+lakeNewest+`')
		WHERE snapshot_id IN (SELECT TRY_CAST(value AS BIGINT) FROM `+lakeNewest+`.meta WHERE key = $1)`, wholeKey).Scan(&whole)
	if whole.Valid {
		snapshot = whole.Int64
	}
	return snapshot, dataPath, err
}

// publishLake makes the present state of the lake the one that readers see from now on.
func publishLake(ctx context.Context, db *sql.DB) error {
	tx, err := db.BeginTx(ctx, nil)
	if err != nil {
		return err
	}
	defer tx.Rollback()
	if _, err := tx.ExecContext(ctx, `DELETE FROM meta WHERE key = $1`, wholeKey); err != nil {
		return err
	}
	const q = `INSERT INTO meta SELECT $1, CAST(id AS VARCHAR) FROM ducklake_current_snapshot('` + lakeCatalog + `')`
	if _, err := tx.ExecContext(ctx, q, wholeKey); err != nil {
		return err
	}
	return tx.Commit()
}

// lakeKey is the advisory lock that a writer holds in the catalog's PostgreSQL.
const lakeKey = 0x63727977 // "cryw"

// lockLake keeps other writers out while this store is open. DuckLake's own commits only clash where two delete the
// same rows; two syncs that each insert a record new to both would store it twice.
//
// In PostgreSQL it is an advisory lock of a transaction that stays open as long as the store: when the process ends,
// in whatever way, the server ends the transaction and the lock with it; when its machine is gone, the probes set here
// find out within two minutes. A catalog in a DuckDB file is locked by DuckDB. Other catalogs have no lock.
func lockLake(ctx context.Context, s *Store, conn *sql.Conn) (err error) {
	var kind string
	if err := conn.QueryRowContext(ctx, `SELECT catalog_type FROM ducklake_settings('`+lakeCatalog+`')`).Scan(&kind); err != nil {
		return err
	}
	if kind != "postgres" {
		return nil
	}
	if s.lock, err = s.db.Conn(ctx); err != nil {
		return err
	}
	if _, err := s.lock.ExecContext(ctx, "BEGIN"); err != nil {
		return err
	}
	take := fmt.Sprintf(`SELECT pg_try_advisory_xact_lock(%d) AS taken,
		concat(set_config('idle_in_transaction_session_timeout', '0', true), set_config('tcp_keepalives_idle', '60', true),
		set_config('tcp_keepalives_interval', '10', true), set_config('tcp_keepalives_count', '6', true)) AS probes`, lakeKey)
	var taken bool
	if err := s.lock.QueryRowContext(ctx, `SELECT taken FROM `+inPostgres(take)).Scan(&taken); err != nil {
		return fmt.Errorf("take the writer's lock: %w", err)
	}
	if taken {
		return nil
	}
	who := fmt.Sprintf(`SELECT coalesce(host(a.client_addr), '') AS host, a.xact_start AT TIME ZONE 'UTC' AS since FROM pg_locks AS l
		JOIN pg_stat_activity AS a ON a.pid = l.pid
		WHERE l.locktype = 'advisory' AND l.granted AND l.classid = 0 AND l.objid = %d AND l.database = (SELECT oid FROM pg_database WHERE datname = current_database())`, lakeKey)
	locked := &LockedError{Writer: true}
	var since sql.NullTime
	err = s.lock.QueryRowContext(ctx, `SELECT * FROM `+inPostgres(who)).Scan(&locked.Host, &since)
	if err != nil && !errors.Is(err, sql.ErrNoRows) { // it may have ended this moment
		return fmt.Errorf("ask who holds the writer's lock: %w", err)
	}
	locked.Since = since.Time
	return locked
}

// inPostgres is a table of what the catalog's PostgreSQL itself answers.
func inPostgres(query string) string {
	return "postgres_query('__ducklake_metadata_" + lakeCatalog + "', " + quoteText(query) + ")"
}
