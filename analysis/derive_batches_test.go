package analysis

import (
	"fmt"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// TestBatchesMakeNoDifference: what is derived a few incidents at a time is what is derived at once, from nothing and after
// edits.
func TestBatchesMakeNoDifference(t *testing.T) {
	size := derivedAtOnce
	t.Cleanup(func() { derivedAtOnce = size })
	for seed := range uint64(repeats(1, 4)) {
		db := newFacts(t)
		f := newRandomFacts(t, db, 40+seed)
		mustDerive(t, db, DeriveOptions{})
		want := snapshot(t, db)
		derivedAtOnce = 3
		deriveFromScratch(t, db, DeriveOptions{})
		if diff := cmp.Diff(want, snapshot(t, db)); diff != "" {
			t.Fatalf("seed %d: at once (-), in batches (+):\n%s", seed, diff)
		}
		for range 30 {
			f.edit()
		}
		mustDerive(t, db, DeriveOptions{})
		derivedAtOnce = size
		sameFromScratch(t, db, fmt.Sprintf("seed %d, edited, in batches", seed))
	}
}
