package pagerdutytest

import "time"

const defaultWeeks = 13

var defaultEnd = time.Date(2026, 11, 16, 0, 0, 0, 0, time.UTC)
