package reports

import "os"

// repeats is how many random accounts, seeds or cases a test tries: few in every run, many where CRYWOLF_THOROUGH is set.
// .ci/run sets it for the tests that ask here, which it finds by the call: so a test calls it in its own body.
func repeats(few, many int) int {
	if os.Getenv("CRYWOLF_THOROUGH") != "" {
		return many
	}
	return few
}
