package reports

import (
	"slices"
	"strconv"
)

// fewEvents is the number of pages, incidents or nights below which a shared document gives no count: so few could be
// somebody's own.
const fewEvents = 5

// cells are the counts that a document gives or lets its reader work out, and what stands in it because of them. They
// are hidden where they are small, and where others and a sum would give a small one away.
type cells struct {
	known  map[string]*amount
	sums   []cellSum
	showns []shown
}

type amount struct {
	value         int64
	hidden, small bool
}

// cellSum is a total that its parts add up to. Parts that are to be missed least come first.
type cellSum struct {
	total string
	parts []string
}

// shown is one value of a document and the cells it was worked out from: with one of them hidden, it is taken out.
type shown struct {
	key    string
	value  float64
	from   []string
	remove func()
}

// count adds a cell; one of unknown value counts as hidden.
func (c *cells) count(name string, value *float64) {
	if c.known == nil {
		c.known = map[string]*amount{}
	}
	if value == nil {
		c.known[name] = &amount{hidden: true}
		return
	}
	small := *value > 0 && *value < fewEvents
	c.known[name] = &amount{value: int64(*value), hidden: small, small: small}
}

// sum adds a total, if it is one: a total of other things than its parts gives nothing away.
func (c *cells) sum(total string, parts ...string) {
	var all int64
	for _, name := range append([]string{total}, parts...) {
		x := c.known[name]
		if x == nil || x.hidden && !x.small {
			return
		}
		all += x.value
	}
	if all == 2*c.known[total].value {
		c.sums = append(c.sums, cellSum{total, parts})
	}
}

// show adds a value of the document.
func (c *cells) show(key string, value float64, remove func(), from ...string) {
	c.showns = append(c.showns, shown{key, value, from, remove})
}

// hide takes out what must not be shown and returns what was taken out.
func (c *cells) hide() []Removed {
	for changed := true; changed; {
		changed = false
		for _, s := range c.sums {
			if name := c.oneMore(s); name != "" {
				c.known[name].hidden = true
				changed = true
			}
		}
	}
	var out []Removed
	for _, s := range c.showns {
		if slices.ContainsFunc(s.from, c.isHidden) {
			s.remove()
			out = append(out, Removed{s.key, strconv.FormatFloat(s.value, 'g', 4, 64), unknown})
		}
	}
	return out
}

func (c *cells) isHidden(name string) bool {
	x := c.known[name]
	return x == nil || x.hidden
}

// oneMore names the cell that must be hidden as well, so that a sum does not give a hidden one away; "" where none must.
// Where the total is hidden, a large part is too, where there is one: what is left over then has no upper end.
func (c *cells) oneMore(s cellSum) string {
	var small, large int
	var missing int64
	more := ""
	for _, name := range s.parts {
		switch x := c.known[name]; {
		case !x.hidden:
			if more == "" && x.value > 0 {
				more = name
			}
		case x.small:
			small++
			missing += x.value
		default:
			large++
			missing += x.value
		}
	}
	if c.known[s.total].hidden {
		if large > 0 {
			return ""
		}
		return more
	}
	if ambiguous(small, large, missing) {
		return ""
	}
	if more == "" {
		return s.total
	}
	return more
}

// ambiguous tells whether each hidden count could be at least two, for somebody who knows what the hidden ones add up
// to, how many of them are small and how many were hidden to protect those, and so are not.
func ambiguous(small, large int, sum int64) bool {
	if small == 0 {
		return large == 0 || large > 1 && sum > int64(fewEvents*large)
	}
	possible := 0
	for value := int64(1); value < fewEvents; value++ {
		if reachable(small-1, large, sum-value) {
			possible++
		}
	}
	return possible > 1
}

// reachable tells whether so many small and large counts can add up to sum.
func reachable(small, large int, sum int64) bool {
	least, most := int64(small+fewEvents*large), int64((fewEvents-1)*small)
	return sum >= least && (large > 0 || sum <= most)
}
