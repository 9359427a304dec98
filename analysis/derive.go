package analysis

import (
	"context"
	"database/sql"
	_ "embed"
	"encoding/csv"
	"encoding/json"
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strconv"
	"strings"
)

// TitlePattern is an extra mask for normalised titles, from the configuration.
type TitlePattern struct {
	Pattern string // regular expression over the lower-case title
	Replace string
}

// DeriveOptions change what is derived; a change of them makes everything again.
type DeriveOptions struct {
	TitlePatterns []TitlePattern
}

//go:embed source_tools.csv
var sourceToolsText string

// Derive brings the derived tables up to the facts, in one transaction: incidents touched since the last time, those
// near a shift that changed, or all where the users, services, policies or schedules themselves changed. A run that
// was killed before its end is simply made again.
func Derive(ctx context.Context, db *sql.DB, opts DeriveOptions) (err error) {
	conn, err := db.Conn(ctx)
	if err != nil {
		return fmt.Errorf("open a connection: %w", err)
	}
	defer conn.Close()
	// Rows written in this transaction carry no statistics, so DuckDB takes a million pairs for a handful and would
	// plan the ASOF join as a loop: hours instead of a second.
	if _, err := conn.ExecContext(ctx, `SET asof_loop_join_threshold = 0`); err != nil {
		return fmt.Errorf("set the join's plan: %w", err)
	}
	if _, err := conn.ExecContext(ctx, `BEGIN`); err != nil {
		return fmt.Errorf("begin: %w", err)
	}
	defer func() {
		if err != nil {
			// The reason that counts is err; what was begun must not stay open on a pooled connection.
			_, _ = conn.ExecContext(context.WithoutCancel(ctx), `ROLLBACK`)
		}
	}()
	d := &deriver{conn: conn, opts: opts}
	if err := d.run(ctx); err != nil {
		return fmt.Errorf("derive: %w", err)
	}
	if _, err := conn.ExecContext(ctx, `COMMIT`); err != nil {
		return fmt.Errorf("derive: commit: %w", err)
	}
	return nil
}

type deriver struct {
	conn *sql.Conn
	opts DeriveOptions

	engine          string
	content, before content // of all incidents when the tables were derived last; of those to derive, as it was
}

func (d *deriver) run(ctx context.Context) error {
	if err := d.dropOutdated(ctx); err != nil {
		return err
	}
	if err := d.files(ctx, "tables"); err != nil {
		return err
	}
	if err := storeZones(ctx, d.conn); err != nil {
		return err
	}
	if err := d.storeSourceTools(ctx); err != nil {
		return err
	}
	if err := d.files(ctx, "identity", "shifts", "changes"); err != nil {
		return err
	}
	if err := d.extendTitle(ctx); err != nil {
		return err
	}
	state, err := d.state(ctx)
	if err != nil {
		return err
	}
	if err := d.markDirty(ctx, state); err != nil {
		return err
	}
	notifications := "notifications"
	if state["inferred"] == "true" {
		notifications = "inferred_notifications"
	}
	if err := d.files(ctx, "store_shifts", "store_changes"); err != nil {
		return err
	}
	if err := d.inBatches(ctx, "entries", notifications, "walk", "pairs", "rules", "incidents", "alert_keys"); err != nil {
		return err
	}
	if err := d.files(ctx, "episodes"); err != nil {
		return err
	}
	return d.finish(ctx, state)
}

func (d *deriver) files(ctx context.Context, names ...string) error {
	for _, name := range names {
		if err := execFile(ctx, d.conn, deriveFiles, "derive/"+name+".sql"); err != nil {
			return err
		}
	}
	return nil
}

// state computes what all derived rows depend on. Where any of it differs from what they were made with, everything
// is made again.
func (d *deriver) state(ctx context.Context) (map[string]string, error) {
	state := map[string]string{"version": derivedVersion, "title_patterns": fmt.Sprint(d.opts.TitlePatterns)}
	var reference string
	err := d.conn.QueryRowContext(ctx, `
		SELECT md5(string_agg(line, chr(10) ORDER BY line)) FROM (
			SELECT concat_ws(chr(31), 'user', id, coalesce(time_zone, ''), is_deleted) AS line FROM users
			UNION ALL SELECT concat_ws(chr(31), 'service', id, coalesce(escalation_policy_id, '')) FROM services
			UNION ALL SELECT concat_ws(chr(31), 'integration', id, service_id, type, vendor) FROM integrations
			UNION ALL SELECT concat_ws(chr(31), 'policy', id) FROM escalation_policies
			UNION ALL SELECT concat_ws(chr(31), 'target', escalation_policy_id, level, target_kind, target_id) FROM escalation_targets
			UNION ALL SELECT concat_ws(chr(31), 'schedule', id, coalesce(time_zone, ''), is_readable) FROM schedules
			UNION ALL SELECT concat_ws(chr(31), 'priority', id, coalesce(rank, 0), name) FROM priorities
			UNION ALL SELECT 'none')`).Scan(&reference)
	if err != nil {
		return nil, fmt.Errorf("fingerprint the reference tables: %w", err)
	}
	state["reference"] = reference
	var inferred bool
	err = d.conn.QueryRowContext(ctx, `
		SELECT NOT EXISTS (SELECT 1 FROM log_entries WHERE type = 'notify_log_entry')
		   AND (EXISTS (SELECT 1 FROM log_entries WHERE len(assignee_ids) > 0)
		     OR EXISTS (SELECT 1 FROM incidents WHERE len(assignments) > 0)
		     -- the token may not read them, and no incident is open that says whose it is
		     OR EXISTS (SELECT 1 FROM ledger WHERE kind = 'log_entries' AND state = 'skipped') AND EXISTS (SELECT 1 FROM incidents))`).Scan(&inferred)
	if err != nil {
		return nil, fmt.Errorf("look for notifications: %w", err)
	}
	state["inferred"] = strconv.FormatBool(inferred)
	return state, nil
}

// markDirty fills the temporary table dirty with the incidents to derive.
func (d *deriver) markDirty(ctx context.Context, state map[string]string) error {
	known, err := derivedState(ctx, d.conn)
	if err != nil {
		return err
	}
	all, err := countsStand(ctx, d.conn)
	if err != nil {
		return err
	}
	all = !all
	for key, value := range state {
		all = all || known[key] != value
	}
	if all {
		if err := d.markAllDirty(ctx); err != nil {
			return err
		}
		return d.beginContent(ctx, nil)
	}
	// A shift that was only extended changes nothing before its former end: one that never ends, such as a single
	// person's, would otherwise pull in all of history. '' stands for log entries that name no incident.
	_, err = d.conn.ExecContext(ctx, `
		CREATE OR REPLACE TEMP TABLE changed_shifts AS
		SELECT min(CASE WHEN n.end_at IS NULL OR o.end_at IS NULL THEN start_at ELSE least(n.end_at, o.end_at) END) AS from_at
		FROM new_shifts AS n
		FULL JOIN shifts AS o USING (schedule_id, user_id, start_at)
		WHERE n.end_at IS DISTINCT FROM o.end_at;
		CREATE OR REPLACE TEMP TABLE dirty AS
		SELECT incident_id FROM touched_incidents WHERE incident_id IS NOT NULL
		UNION
		SELECT ''
		UNION
		SELECT coalesce(incident_id, '') FROM log_entries WHERE created_at >= (SELECT from_at FROM changed_shifts)
		UNION
		SELECT incident_id FROM notifications WHERE notified_at >= (SELECT from_at FROM changed_shifts)
		UNION
		SELECT f.incident_id
		FROM incident_facts AS f
		JOIN other_service_changes AS c ON c.service_id = f.service_id AND c.changed_at >= f.acknowledged_at AND c.changed_at <= f.resolved_at`)
	if err != nil {
		return fmt.Errorf("find what changed: %w", err)
	}
	return d.beginContent(ctx, known)
}

func (d *deriver) markAllDirty(ctx context.Context) error {
	_, err := d.conn.ExecContext(ctx, `
		DELETE FROM notifications; DELETE FROM notified_pairs; DELETE FROM incident_facts; DELETE FROM incident_alert_keys; DELETE FROM episodes;
		DELETE FROM key_order; DELETE FROM service_changes;
		CREATE OR REPLACE TEMP TABLE dirty AS
		SELECT id AS incident_id FROM incidents
		UNION
		SELECT coalesce(incident_id, '') FROM log_entries
		UNION
		SELECT ''`)
	if err != nil {
		return fmt.Errorf("mark everything: %w", err)
	}
	return nil
}

// finish drops what hangs on deleted incidents, writes the state and empties the list of touched incidents.
func (d *deriver) finish(ctx context.Context, state map[string]string) error {
	_, err := d.conn.ExecContext(ctx, `
		DELETE FROM notifications USING incidents AS i WHERE i.id = notifications.incident_id AND i.is_deleted;
		DELETE FROM notified_pairs USING incidents AS i WHERE i.id = notified_pairs.incident_id AND i.is_deleted;
		DELETE FROM touched_incidents;
		DELETE FROM derived_state`)
	if err != nil {
		return fmt.Errorf("finish: %w", err)
	}
	now, err := d.endContent(ctx)
	if err != nil {
		return err
	}
	maps.Copy(state, now.state(d.engine))
	for _, key := range slices.Sorted(maps.Keys(state)) {
		if _, err := d.conn.ExecContext(ctx, `INSERT INTO derived_state VALUES (?, ?)`, key, state[key]); err != nil {
			return fmt.Errorf("store the derived state: %w", err)
		}
	}
	return nil
}

// storeSourceTools puts the table of recognition where the rules look for it. Its lines are tried in their order; a
// note says where a shape is known from.
//
//	vendor       a pattern of the vendor's name in lower case
//	type         the integration's type
//	client       a pattern of the name that the sender gives itself, in lower case
//	fingerprint  what a payload holds that no other tool's does
//	rule         where the monitor's identity is; a pattern's first group is it
//
// In the last two, place says where to look: client_url, url (that and the links), key (the deduplication key), or a path
// into the details; several paths joined by & must all be there.
func (d *deriver) storeSourceTools(ctx context.Context) error {
	lines, err := csv.NewReader(strings.NewReader(sourceToolsText)).ReadAll()
	if err != nil {
		return fmt.Errorf("read source_tools.csv: %w", err)
	}
	text, err := json.Marshal(lines[1:])
	if err != nil {
		return fmt.Errorf("read source_tools.csv: %w", err)
	}
	// In one statement: a derivation of a small account would spend a fifth of its time on a statement a line.
	_, err = d.conn.ExecContext(ctx, `CREATE OR REPLACE TEMP TABLE source_tools AS
		SELECT key::INTEGER AS position, nullif(value->>0, '') AS tool, value->>1 AS step, nullif(value->>2, '') AS place, nullif(value->>3, '') AS pattern
		FROM json_each(?::JSON) ORDER BY position`, string(text))
	if err != nil {
		return fmt.Errorf("store source tools: %w", err)
	}
	return nil
}

// extendTitle puts the configuration's patterns in front of the fixed masks. A macro takes no parameters at its making,
// so the patterns become literals: quoted, and checked to be regular expressions.
func (d *deriver) extendTitle(ctx context.Context) error {
	if len(d.opts.TitlePatterns) == 0 {
		return nil
	}
	inner := `lower(title)`
	for _, p := range d.opts.TitlePatterns {
		if _, err := regexp.Compile(p.Pattern); err != nil {
			return fmt.Errorf("title pattern %q: %w", p.Pattern, err)
		}
		inner = fmt.Sprintf(`regexp_replace(%s, %s, %s, 'g')`, inner, quote(p.Pattern), quote(p.Replace))
	}
	_, err := d.conn.ExecContext(ctx, `CREATE OR REPLACE TEMP MACRO normalised_title(title) AS masked_title(`+inner+`)`)
	if err != nil {
		return fmt.Errorf("apply title patterns: %w", err)
	}
	return nil
}

func quote(s string) string { return "'" + strings.ReplaceAll(s, "'", "''") + "'" }
