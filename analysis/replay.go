package analysis

import (
	"context"
	"database/sql"
	"fmt"
)

// OpenReplay opens a session in which another relation stands for the notifications of the database: a what-if. Every
// page, shift count, verdict and recommendation then comes from it, by the same SQL; facts of incidents stay as they
// were, since a replay can't say what people would have done instead [metrics 9]. relation is a SELECT over the table
// notifications and any other of the database, with its columns: "FROM notifications WHERE …". Nothing is written:
// the stand-ins are temporary tables, and only incidents whose notifications differ are attributed again.
func OpenReplay(ctx context.Context, db *sql.DB, settings Settings, relation string) (*Session, error) {
	return open(ctx, db, settings, func(conn *sql.Conn) error { return replay(ctx, conn, relation) })
}

// dropStandIns frees a pooled connection of an earlier replay's tables.
const dropStandIns = `DROP TABLE IF EXISTS temp.notifications; DROP TABLE IF EXISTS temp.notified_pairs`

// replay puts stand-ins before the tables that come from notifications. The views are made after it, and temporary
// tables are found before the database's own.
func replay(ctx context.Context, conn *sql.Conn, relation string) error {
	if err := onlySelect(ctx, conn, relation); err != nil {
		return err
	}
	steps := []string{
		`CREATE OR REPLACE TEMP TABLE replayed AS ` + relation,
		`CREATE OR REPLACE TEMP TABLE dirty AS
		 SELECT DISTINCT incident_id
		 FROM ((FROM notifications EXCEPT FROM replayed) UNION ALL (FROM replayed EXCEPT FROM notifications))`,
		`CREATE TEMP TABLE notified_pairs AS FROM notified_pairs`,
		`CREATE TEMP TABLE notifications AS FROM replayed`,
		`SET asof_loop_join_threshold = 0`, // as in Derive
	}
	for _, step := range steps {
		if _, err := conn.ExecContext(ctx, step); err != nil {
			return fmt.Errorf("replay other notifications: %w", err)
		}
	}
	for _, name := range []string{"entries", "walk", "pairs"} {
		if err := execFile(ctx, conn, deriveFiles, "derive/"+name+".sql"); err != nil {
			return fmt.Errorf("attribute other notifications: %w", err)
		}
	}
	return nil
}
