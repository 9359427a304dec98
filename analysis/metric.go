package analysis

import (
	"fmt"
	"io/fs"
	"path"
	"regexp"
	"slices"
	"sort"
	"strings"

	"crywolf/queries"
)

// Metric is one question: a parsed file of package queries.
type Metric struct {
	Name        string   // the file's name: command, JSON key and fixture folder alike
	Title       string   // the comment's first line
	Description string   // the rest of the leading comment, in one line
	SQL         string   // the whole file
	Params      []string // parameters it uses, without $, sorted
}

// UnknownMetricError says that no metric has the name, and which come near.
type UnknownMetricError struct {
	Name string
	Near []string
}

func (e *UnknownMetricError) Error() string {
	return fmt.Sprintf("no metric is called %q", e.Name)
}

// Load reads every .sql file at the root of files as a metric, sorted by name.
func Load(files fs.FS) ([]Metric, error) {
	names, err := fs.Glob(files, "*.sql")
	if err != nil {
		return nil, err
	}
	sort.Strings(names)
	metrics := make([]Metric, 0, len(names))
	for _, name := range names {
		text, err := fs.ReadFile(files, name)
		if err != nil {
			return nil, fmt.Errorf("read metric %s: %w", name, err)
		}
		metrics = append(metrics, parseMetric(strings.TrimSuffix(path.Base(name), ".sql"), string(text)))
	}
	return metrics, nil
}

var paramPattern = regexp.MustCompile(`\$([a-z_][a-z0-9_]*)`)

func parseMetric(name, text string) Metric {
	m := Metric{Name: name, SQL: text}
	var prose []string
	for i, line := range strings.Split(text, "\n") {
		comment, ok := strings.CutPrefix(line, "--")
		if !ok {
			break
		}
		comment = strings.TrimSpace(comment)
		if i == 0 {
			m.Title = comment
		} else if comment != "" {
			prose = append(prose, comment)
		}
	}
	m.Description = strings.Join(prose, " ")
	for _, match := range paramPattern.FindAllStringSubmatch(text, -1) {
		if !slices.Contains(m.Params, match[1]) {
			m.Params = append(m.Params, match[1])
		}
	}
	sort.Strings(m.Params)
	return m
}

// Metrics are all of crywolf's metrics, sorted by name; no database is needed to know them.
func Metrics() ([]Metric, error) { return Load(queries.Files) }

// Metrics are all metrics, sorted by name.
func (s *Session) Metrics() []Metric { return s.metrics }

func (s *Session) metric(name string) (Metric, error) {
	var near []string
	for _, m := range s.metrics {
		if m.Name == name {
			return m, nil
		}
		if strings.Contains(m.Name, name) || strings.Contains(name, m.Name) || commonPrefix(m.Name, name) >= 4 {
			near = append(near, m.Name)
		}
	}
	return Metric{}, &UnknownMetricError{Name: name, Near: near}
}

func commonPrefix(a, b string) int {
	n := 0
	for n < len(a) && n < len(b) && a[n] == b[n] {
		n++
	}
	return n
}
