package charts

import (
	"math"
	"strings"
)

var sparks = []rune("▁▂▃▄▅▆▇█")

// Sparkline draws values as ▁ to █ from 0 to the largest; ▁ is 0 or next to nothing, and · a value that is not known (nil, negative,
// or no number).
func Sparkline(values []*float64) string {
	top := 0.0
	for _, v := range values {
		if v != nil && !isBad(*v) {
			top = max(top, *v)
		}
	}
	return spark(values, top)
}

// spark draws values on a scale of its own end. A value above 0 that rounds to the lowest level still stands there: the
// levels are too few to keep 0 apart.
func spark(values []*float64, top float64) string {
	var b strings.Builder
	for _, v := range values {
		switch {
		case v == nil || isBad(*v) || *v < 0:
			b.WriteRune('·')
		case top <= 0:
			b.WriteRune(sparks[0])
		default:
			b.WriteRune(sparks[int(math.Round(min(*v/top, 1)*7))])
		}
	}
	return b.String()
}
