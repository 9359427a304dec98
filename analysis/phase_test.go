package analysis

import (
	"context"
	"fmt"
	"testing"
	"time"
)

func TestPhase(t *testing.T) {
	db := lakeDB(t)
	ctx := context.Background()
	for i := 0; i < 3; i++ {
		t0 := time.Now()
		mustExec(t, db, "BEGIN")
		emptyAll(t, db)
		mustExec(t, db, `INSERT INTO incidents (id, title, created_at) SELECT 'P' || range, 'disk', '2026-11-03 10:00' FROM range(30)`)
		t1 := time.Now()
		mustExec(t, db, "COMMIT")
		t2 := time.Now()
		if err := Derive(ctx, db, DeriveOptions{}); err != nil {
			t.Fatal(err)
		}
		t3 := time.Now()
		s, err := Open(ctx, db, DefaultSettings())
		if err != nil {
			t.Fatal(err)
		}
		t4 := time.Now()
		s.Run(ctx, "toil", someWeek)
		t5 := time.Now()
		s.Close()
		fmt.Println("reset", t1.Sub(t0), "commit", t2.Sub(t1), "derive", t3.Sub(t2), "open", t4.Sub(t3), "run", t5.Sub(t4))
	}
}
