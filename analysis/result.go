package analysis

import (
	"fmt"
	"math"
	"math/big"
	"strings"
	"time"

	"github.com/duckdb/duckdb-go/v2"
)

// Unit is what a column's numbers count, told by the column's name.
type Unit string

// The units. A column without one of their suffixes is a dimension: it says which row this is.
const (
	Dimension Unit = ""
	Count     Unit = "count"
	Seconds   Unit = "seconds"
	Ratio     Unit = "ratio" // 0 to 1
	At        Unit = "at"    // an instant, UTC
	Per12h    Unit = "per_12h"
	PerWeek   Unit = "per_week"
)

var units = []Unit{Count, Seconds, Ratio, At, Per12h, PerWeek}

// UnitOf reads a column's unit from its name's suffix.
func UnitOf(column string) Unit {
	for _, u := range units {
		if strings.HasSuffix(column, "_"+string(u)) {
			return u
		}
	}
	return Dimension
}

// Column is a result's column and its unit.
type Column struct {
	Name string
	Unit Unit
}

// Result is what a metric or free SQL gave: typed values, nil where unknown.
type Result struct {
	Metric  Metric // zero for free SQL
	Columns []Column
	Rows    [][]any // nil, string, bool, int64, float64 or time.Time in UTC
}

// plain turns what the driver gives into one of the few types a Result promises; what has no counterpart (lists,
// structs, intervals …) becomes text.
func plain(v any) any {
	switch x := v.(type) {
	case nil, string, bool, int64, float64:
		return v
	case int8:
		return int64(x)
	case int16:
		return int64(x)
	case int32:
		return int64(x)
	case int:
		return int64(x)
	case uint8:
		return int64(x)
	case uint16:
		return int64(x)
	case uint32:
		return int64(x)
	case uint64:
		if x > math.MaxInt64 {
			return float64(x)
		}
		return int64(x)
	case float32:
		return float64(x)
	case *big.Int:
		if x.IsInt64() {
			return x.Int64()
		}
		f, _ := new(big.Float).SetInt(x).Float64()
		return f
	case duckdb.Decimal:
		return x.Float64()
	case []byte:
		return string(x)
	case time.Time:
		return x.UTC()
	}
	return fmt.Sprint(v)
}
