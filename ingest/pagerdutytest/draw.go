package pagerdutytest

import (
	"hash/fnv"
	"math"
	"math/rand/v2"
	"time"
)

// draw is a seeded source of chance. Each purpose has its own, so that a
// change in one place does not shift all others.
type draw struct{ *rand.Rand }

func newDraw(seed uint64, purpose string) draw {
	h := fnv.New64a()
	_, _ = h.Write([]byte(purpose)) // a hash never fails
	return draw{rand.New(rand.NewPCG(seed, h.Sum64()))}
}

func (d draw) chance(p float64) bool { return d.Float64() < p }

// between returns a whole number of seconds from lo to hi.
func (d draw) between(lo, hi time.Duration) time.Duration {
	return lo + time.Duration(d.Int64N(int64(hi-lo)/int64(time.Second)+1))*time.Second
}

// around returns whole seconds, log-normal with the given median and the
// standard deviation sigma of its logarithm.
func (d draw) around(median time.Duration, sigma float64) time.Duration {
	x := float64(median) * math.Exp(sigma*d.NormFloat64())
	return time.Duration(min(x, float64(60*24*time.Hour))).Round(time.Second)
}

// count returns a Poisson number.
func (d draw) count(mean float64) int {
	if mean > 200 { // the normal law is near enough, and quick
		return max(0, int(math.Round(mean+math.Sqrt(mean)*d.NormFloat64())))
	}
	limit, product, n := math.Exp(-mean), d.Float64(), 0
	for product > limit {
		product *= d.Float64()
		n++
	}
	return n
}

func pick[T any](d draw, list []T) T { return list[d.IntN(len(list))] }

// ids makes ids that look like PagerDuty's, none twice.
type ids struct {
	draw
	used map[string]bool
}

func newIDs(seed uint64) *ids { return &ids{newDraw(seed, "ids"), map[string]bool{}} }

const idLetters = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"

func (m *ids) letters(prefix byte, n int) string {
	b := make([]byte, n+1)
	b[0] = prefix
	var bits uint64
	for i := 1; i <= n; i++ {
		if i%12 == 1 {
			bits = m.Uint64() // 36^12 < 2^63: twelve letters from one number
		}
		b[i] = idLetters[bits%36]
		bits /= 36
	}
	return string(b)
}

// short is the classic form, P and six letters: users, services, schedules …
func (m *ids) short() string {
	for {
		if id := m.letters('P', 6); !m.used[id] {
			m.used[id] = true
			return id
		}
	}
}

// long is the newer form of incidents and alerts, entry that of log entries.
func (m *ids) long() string  { return m.letters('Q', 13) }
func (m *ids) entry() string { return m.letters('R', 25) }
