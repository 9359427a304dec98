package main

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"

	"crywolf/analysis"
	"crywolf/reports"
)

// classesName is the file of one's own patterns of alert classes, beside crywolf.yaml.
const classesName = "crywolf-classes.csv"

// readClasses gives the user's class patterns; no file is no pattern.
func (a *app) readClasses(cfg config) ([]analysis.ClassPattern, error) {
	path := a.besideConfig(cfg, classesName)
	text, err := os.ReadFile(path)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, fmt.Errorf("read the alert classes: %w", err)
	}
	classes, err := analysis.ParseClasses(context.Background(), text)
	var bad *analysis.BadClassError
	if errors.As(err, &bad) {
		return nil, misuse(fmt.Sprintf("%s:%d: %s", reports.Clean(a.shown(path)), bad.Line, reports.Clean(bad.Problem)),
			"correct the line, or take it out", "The columns are class, pattern and note.")
	}
	return classes, err
}
