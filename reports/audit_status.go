package reports

// statusWord is a state as people read it.
func statusWord(s Status) string {
	switch s {
	case StatusOK, StatusAlarm, StatusInfo, StatusAsk:
		return string(s)
	case StatusNotApplicable:
		return "n/a"
	}
	return unknown // of a later version
}

// statusShape says the same as the word, for whoever looks over a page.
func statusShape(s Status) string {
	switch s {
	case StatusOK:
		return "✓"
	case StatusAlarm:
		return "▲"
	case StatusInfo:
		return "·"
	case StatusAsk:
		return "?"
	case StatusNotApplicable:
		return unknown
	}
	return ""
}

// knownStatus leaves out a state of a later version, or of a file that somebody wrote by hand.
func knownStatus(s Status) Status {
	if statusWord(s) == unknown {
		return ""
	}
	return s
}

// statusText is a state as printed: ▲ alarm.
func statusText(s Status) string {
	if statusWord(s) == unknown {
		return unknown
	}
	return statusShape(s) + " " + statusWord(s)
}

// statusMark gives a state its colour.
func statusMark(s Status) Mark {
	switch s {
	case StatusOK:
		return OK
	case StatusAlarm:
		return Over
	case StatusAsk:
		return Watch
	}
	return None
}
