package analysis

import (
	"encoding/csv"
	"fmt"
	"slices"
	"strings"
)

// SourceTools lists the tools that source_tools.csv knows, sorted. Any other source is a vendor's own word.
func SourceTools() ([]string, error) {
	lines, err := csv.NewReader(strings.NewReader(sourceToolsText)).ReadAll()
	if err != nil {
		return nil, fmt.Errorf("read source_tools.csv: %w", err)
	}
	var out []string
	for _, line := range lines[1:] {
		out = append(out, line[0])
	}
	slices.Sort(out)
	return slices.Compact(out), nil
}
