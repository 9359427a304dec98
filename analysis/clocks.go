package analysis

// DerivedTable names a derived table and says when each of its rows was.
type DerivedTable struct {
	Name  string
	Clock string // SQL over the row t that gives a TIMESTAMP or DATE in UTC; "" where a row has no time, and the table is small
}

// derivedClocks say when a row of each derived table was. notified_pairs takes the first notification, since what
// interrupted nobody has no paged_at.
var derivedClocks = map[string]string{
	"shift_days":          "t.day",
	"notifications":       "t.notified_at",
	"notified_pairs":      "t.first_notified_at",
	"incident_facts":      "t.created_at",
	"incident_alert_keys": "t.started_at",
	"episodes":            "t.started_at",
	"service_changes":     "t.changed_at",
	"key_order":           "t.incident_created_at",
}

// DerivedTables are all tables that Derive writes, in the order in which they are defined.
func DerivedTables() ([]DerivedTable, error) {
	names, err := derivedTableNames()
	if err != nil {
		return nil, err
	}
	var tables []DerivedTable
	for _, name := range names {
		tables = append(tables, DerivedTable{name, derivedClocks[name]})
	}
	return tables, nil
}
