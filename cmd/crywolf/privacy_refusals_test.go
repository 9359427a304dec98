package main

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"testing"
	"time"
)

// TestRefusalsNameNobody: what PagerDuty answers may repeat a name or the token, and the address may hold it.
func TestRefusalsNameNobody(t *testing.T) {
	t.Parallel()
	p, account := newPrivate(t)
	p.run(t, exitOK, "sync", "--since", account.End.AddDate(0, 0, -7).Format(time.RFC3339)) // for the doctor to look into
	someone, database := account.Secrets().Emails[0], func(name string) string { return filepath.Join(p.dir, name) }
	for status, code := range map[int]int{http.StatusUnauthorized: exitAuth, http.StatusForbidden: exitAuth, http.StatusBadRequest: exitFailed} {
		echo := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			http.Error(w, `{"error":{"message":"`+someone+` may not, with `+r.Header.Get("Authorization")+`","errors":["`+someone+`"]}}`, status)
		}))
		p.api = echo.URL
		p.run(t, code, "sync", "--db", database(fmt.Sprint("refused", status, ".duckdb")))
		if code != exitAuth || status == http.StatusForbidden { // to the doctor what may not be read is a finding
			code = exitOK
		}
		p.run(t, code, "doctor")
		p.run(t, code, "doctor", "--record-shapes")
		echo.Close()
	}
	p.api = "http://127.0.0.1:1/" + privateToken
	p.run(t, exitFailed, "sync", "--db", database("away.duckdb"))
	p.run(t, exitOK, "doctor", "--db", database("away.duckdb"))
	p.run(t, exitFailed, "doctor", "--record-shapes")
	p.namesNobody(t, account)
}
