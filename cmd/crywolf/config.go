package main

import (
	"errors"
	"fmt"
	"io/fs"
	"math"
	"os"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/goccy/go-yaml"
	"github.com/goccy/go-yaml/ast"
	"github.com/goccy/go-yaml/parser"

	"crywolf/analysis"
	"crywolf/reports"
)

// configFile is crywolf.yaml as written. Every key is optional.
type configFile struct {
	Hours struct {
		Sleep    string `yaml:"sleep"`
		Business string `yaml:"business"`
	} `yaml:"hours"`
	Limits struct {
		PagesPer12h           *int     `yaml:"pages_per_12h"`
		InterruptedNightRatio *float64 `yaml:"interrupted_night_ratio"`
		NonActionableRatio    *float64 `yaml:"non_actionable_ratio"`
		AcknowledgeP50Seconds *float64 `yaml:"acknowledge_p50_seconds"`
		AcknowledgeP90Seconds *float64 `yaml:"acknowledge_p90_seconds"`
	} `yaml:"limits"`
	Exclusions struct {
		Services  []string `yaml:"services"`
		Titles    []string `yaml:"titles"`
		Urgencies []string `yaml:"urgencies"`
	} `yaml:"exclusions"`
	EvidencePoints map[string]float64 `yaml:"evidence_points"`
	WeekStart      string             `yaml:"week_start"`
	Privacy        struct {
		Names    string `yaml:"names"`
		MinGroup *int   `yaml:"min_group"`
	} `yaml:"privacy"`
	TitlePatterns []struct {
		Pattern string `yaml:"pattern"`
		Replace string `yaml:"replace"`
	} `yaml:"title_patterns"`
	Database struct {
		DSN     string   `yaml:"dsn"`
		BootSQL []string `yaml:"boot_sql"`
	} `yaml:"database"`
}

// config is what crywolf.yaml says, checked, over the defaults of definitions.md.
type config struct {
	path          string // of the file; "" where there is none
	settings      analysis.Settings
	limits        reports.Limits
	week          weekStart
	namesNever    bool
	minGroup      int
	titlePatterns []analysis.TitlePattern
	database      databaseConfig
}

// mostPoints is what a piece of evidence may weigh at most; definitions.md gives none more than 3.
const mostPoints = 100

// leastGroup is the smallest group in which documents for people say whose shift one was. It can only be raised.
const leastGroup = 4

func defaultConfig() config {
	s := analysis.DefaultSettings()
	return config{settings: s, minGroup: leastGroup, limits: reports.Limits{PagesPer12h: float64(s.PagesPer12h),
		InterruptedNightRatio: 1.0 / 7, NonActionableRatio: 0.2, AcknowledgeP50Seconds: 300, AcknowledgeP90Seconds: 900}}
}

// lines are the limits that are not the defaults: what analysis knows nothing of, and a report's readings rest on.
func (c config) lines() []string {
	if defaults := defaultConfig(); c.limits == defaults.limits && c.minGroup == defaults.minGroup {
		return nil
	}
	return []string{fmt.Sprintf("limits %+v, group %d", c.limits, c.minGroup)}
}

// loadConfig reads --config, or crywolf.yaml of the working directory, or that of the user, or none.
func (a *app) loadConfig() (config, error) {
	paths := []string{a.flags.config}
	if a.flags.config == "" {
		paths = []string{"crywolf.yaml"}
		if p, err := a.configPath("crywolf.yaml"); err == nil {
			paths = append(paths, p)
		}
	}
	for _, path := range paths {
		text, err := os.ReadFile(path)
		if errors.Is(err, fs.ErrNotExist) && a.flags.config == "" {
			continue
		}
		if err != nil {
			return config{}, misuse(fmt.Sprintf("the configuration %s can't be read: %v", path, errors.Unwrap(err)), "--config FILE")
		}
		cfg, err := parseConfig(path, text)
		cfg.path = path
		a.database = cfg.database
		return cfg, err
	}
	return defaultConfig(), nil
}

// parseConfig reads and checks a configuration; what it refuses it names by file and line.
func parseConfig(path string, text []byte) (config, error) {
	var file configFile
	if err := yaml.UnmarshalWithOptions(text, &file, yaml.Strict()); err != nil {
		line, message := 1, firstLine(err.Error())
		var at yaml.Error
		if errors.As(err, &at) {
			message = at.GetMessage()
			if at.GetToken() != nil {
				line = at.GetToken().Position.Line
			}
		}
		return config{}, badConfig(path, line, message)
	}
	check := &configCheck{file: file, config: defaultConfig()}
	check.hours()
	check.numbers()
	check.exclusions()
	check.rest()
	check.database(text)
	if check.key != "" {
		return config{}, badConfig(path, lineOf(text, check.key), strings.TrimPrefix(check.key, "$.")+": "+check.message)
	}
	return check.config, nil
}

func badConfig(path string, line int, message string) error {
	return misuse(fmt.Sprintf("%s:%d: %s", path, line, message), "correct the file, or leave the key out",
		"The keys are hours, limits, exclusions, evidence_points, week_start, privacy, title_patterns and database.")
}

// lineOf finds the line on which a YAML path stands.
func lineOf(text []byte, key string) int {
	file, err := parser.ParseBytes(text, 0)
	if err != nil || len(file.Docs) == 0 {
		return 1
	}
	path, err := yaml.PathString(key)
	if err != nil {
		return 1
	}
	var node ast.Node
	if node, err = path.FilterNode(file.Docs[0].Body); err != nil || node == nil || node.GetToken() == nil {
		return 1
	}
	return node.GetToken().Position.Line
}

// configCheck carries values over, one group of keys after the other, and stops at the first bad one.
type configCheck struct {
	file    configFile
	config  config
	key     string // YAML path of the first bad value
	message string
}

func (c *configCheck) bad(key, format string, args ...any) {
	if c.key == "" {
		c.key, c.message = "$."+key, fmt.Sprintf(format, args...)
	}
}

func (c *configCheck) hours() {
	s := &c.config.settings
	c.span("hours.sleep", c.file.Hours.Sleep, &s.SleepStart, &s.SleepEnd)
	c.span("hours.business", c.file.Hours.Business, &s.BusinessStart, &s.BusinessEnd)
	if s.BusinessStart >= s.BusinessEnd {
		c.bad("hours.business", "must begin before it ends, within one day")
	}
	if s.SleepStart == s.SleepEnd {
		c.bad("hours.sleep", "begins where it ends")
	}
}

var spanPattern = regexp.MustCompile(`^([0-2]?\d):([0-5]\d) *[-–] *([0-2]?\d):([0-5]\d)$`)

func (c *configCheck) span(key, text string, from, to *int) {
	if text == "" {
		return
	}
	x := spanPattern.FindStringSubmatch(text)
	if x == nil {
		c.bad(key, `%q is no span of hours such as "22:00-08:00"`, text)
		return
	}
	*from, *to = minuteOfDay(x[1], x[2]), minuteOfDay(x[3], x[4])
	if *from >= 24*60 || *to > 24*60 {
		c.bad(key, "%q: a day has 24 hours", text)
	}
}

func minuteOfDay(hour, minute string) int {
	h, _ := strconv.Atoi(hour) // two digits each, by the pattern
	m, _ := strconv.Atoi(minute)
	return 60*h + m
}

func (c *configCheck) numbers() {
	l, to := c.file.Limits, &c.config.limits
	if l.PagesPer12h != nil {
		if *l.PagesPer12h < 0 {
			c.bad("limits.pages_per_12h", "must not be negative")
		}
		c.config.settings.PagesPer12h, to.PagesPer12h = *l.PagesPer12h, float64(*l.PagesPer12h)
	}
	for _, r := range []struct {
		key      string
		from, to *float64
		most     float64
	}{
		{"interrupted_night_ratio", l.InterruptedNightRatio, &to.InterruptedNightRatio, 1},
		{"non_actionable_ratio", l.NonActionableRatio, &to.NonActionableRatio, 1},
		{"acknowledge_p50_seconds", l.AcknowledgeP50Seconds, &to.AcknowledgeP50Seconds, 86400},
		{"acknowledge_p90_seconds", l.AcknowledgeP90Seconds, &to.AcknowledgeP90Seconds, 86400},
	} {
		switch {
		case r.from == nil:
		case !(*r.from >= 0 && *r.from <= r.most): // .nan neither
			c.bad("limits."+r.key, "must lie between 0 and %g", r.most)
		default:
			*r.to = *r.from
		}
	}
	points := c.config.settings.EvidencePoints
	for id, p := range c.file.EvidencePoints {
		if _, known := points[id]; !known {
			c.bad("evidence_points."+id, "there is no such evidence")
		}
		if !(math.Abs(p) <= mostPoints) {
			c.bad("evidence_points."+id, "must lie between -%d and %d", mostPoints, mostPoints)
		}
		points[id] = p
	}
}

var weekStartPattern = regexp.MustCompile(`^(?i)(mon|tue|wed|thu|fri|sat|sun)[a-z]*(?: +([0-2]?\d):([0-5]\d))?$`)

func (c *configCheck) rest() {
	if text := c.file.WeekStart; text != "" {
		if x := weekStartPattern.FindStringSubmatch(text); x == nil {
			c.bad("week_start", `%q is no day and hour such as "Mon 09:00"`, text)
		} else {
			days := []string{"mon", "tue", "wed", "thu", "fri", "sat", "sun"}
			c.config.week.day = slices.Index(days, strings.ToLower(x[1]))
			if x[2] != "" {
				c.config.week.minute = minuteOfDay(x[2], x[3])
			}
		}
	}
	switch names := c.file.Privacy.Names; names {
	case "", "allow":
	case "never":
		c.config.namesNever = true
	default:
		c.bad("privacy.names", "%q is neither never nor allow", names)
	}
	if g := c.file.Privacy.MinGroup; g != nil {
		if *g < leastGroup {
			c.bad("privacy.min_group", "can only be raised above %d", leastGroup)
		}
		c.config.minGroup = *g
	}
	for i, p := range c.file.TitlePatterns {
		if p.Pattern == "" {
			c.bad(fmt.Sprintf("title_patterns[%d].pattern", i), "is empty: it would match everywhere")
		}
		c.pattern(fmt.Sprintf("title_patterns[%d].pattern", i), p.Pattern)
		if strings.ContainsRune(p.Replace, 0) {
			c.bad(fmt.Sprintf("title_patterns[%d].replace", i), "has a character of no text in it")
		}
		c.config.titlePatterns = append(c.config.titlePatterns, analysis.TitlePattern{Pattern: p.Pattern, Replace: p.Replace})
	}
}
