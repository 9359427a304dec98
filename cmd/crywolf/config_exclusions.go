package main

import (
	"context"
	"fmt"

	"crywolf/analysis"
)

func (c *configCheck) exclusions() {
	add := func(kind, pattern string) {
		c.config.settings.Exclusions = append(c.config.settings.Exclusions, analysis.Exclusion{Kind: kind, Pattern: pattern})
	}
	for _, p := range c.file.Exclusions.Services {
		add("service", p)
	}
	for i, p := range c.file.Exclusions.Titles {
		c.pattern(fmt.Sprintf("exclusions.titles[%d]", i), p)
		add("title", p)
	}
	for i, p := range c.file.Exclusions.Urgencies {
		if p != "high" && p != "low" {
			c.bad(fmt.Sprintf("exclusions.urgencies[%d]", i), "%q is neither high nor low", p)
		}
		add("urgency", p)
	}
}

// pattern checks a regular expression now rather than after everything was read.
func (c *configCheck) pattern(key, pattern string) {
	if err := analysis.CheckPattern(context.Background(), pattern); err != nil {
		c.bad(key, "%q %s", pattern, err)
	}
}
