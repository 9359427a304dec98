package reports

import (
	"math"
	"strconv"
	"strings"
	"time"
)

// unknown stands for a value that is not known. It is never printed as 0.
const unknown = "–"

// Count is a count with grouped digits: 12,500.
func Count(n int64) string {
	digits := strconv.FormatInt(n, 10)
	sign := ""
	if n < 0 {
		sign, digits = "-", digits[1:]
	}
	for i := len(digits) - 3; i > 0; i -= 3 {
		digits = digits[:i] + "," + digits[i:]
	}
	return sign + digits
}

// Ratio is a share in whole percent. What is neither none nor all never prints as 0% or 100%.
func Ratio(r *float64) string {
	switch {
	case r == nil:
		return unknown
	case *r > 0 && *r < 0.005:
		return "<1%"
	case *r < 1 && *r >= 0.995:
		return ">99%"
	}
	return strconv.FormatFloat(math.Round(*r*100), 'f', 0, 64) + "%"
}

// Seconds is a duration in the largest unit that keeps it readable: 45s, 4m, 2.5h, 3d.
func Seconds(s *float64) string {
	if s == nil {
		return unknown
	}
	switch v := *s; {
	case v < 59.5:
		return strconv.FormatFloat(math.Round(v), 'f', 0, 64) + "s"
	case v < 3570: // 59.5 min would print as 60m
		return strconv.FormatFloat(math.Round(v/60), 'f', 0, 64) + "m"
	case v < 86220: // 23.95 h would print as 24h
		return oneDecimal(v/3600) + "h"
	default:
		return oneDecimal(v/86400) + "d"
	}
}

// Number is a plain quantity: two decimals below 1, one above, none where there is nothing behind the point.
func Number(v *float64) string {
	if v == nil {
		return unknown
	}
	if math.Abs(*v) < 1 {
		return trimZeros(strconv.FormatFloat(math.Round(*v*100)/100, 'f', 2, 64))
	}
	return oneDecimal(*v)
}

// oneDecimal rounds halves away from 0, as people do: FormatFloat alone would print 1.25 as 1.2.
func oneDecimal(v float64) string {
	return trimZeros(strconv.FormatFloat(math.Round(v*10)/10, 'f', 1, 64))
}

func trimZeros(s string) string {
	if strings.Contains(s, ".") {
		s = strings.TrimRight(strings.TrimRight(s, "0"), ".")
	}
	return s
}

// At is a time to the minute in a zone: 2026-11-16 00:00.
func At(t time.Time, loc *time.Location) string {
	if loc == nil {
		loc = time.UTC
	}
	return t.In(loc).Format("2006-01-02 15:04")
}

// Days is the length of a period in words: 28 d, 7 d, 36 h.
func Days(p Period) string {
	d := p.Until.Sub(p.Since)
	if d >= 48*time.Hour {
		return oneDecimal(d.Hours()/24) + " d"
	}
	return oneDecimal(d.Hours()) + " h"
}
