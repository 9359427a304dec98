package reports

import (
	"fmt"
	"regexp"
	"strings"
)

// IndexPage is where a site begins.
const IndexPage = "index.html"

// Page is one file of a static site; its path is relative and has no folder.
type Page struct {
	Path    string
	Content []byte
}

// Site is a report as a static site: an index with the worst rotation first, a page a rotation, the list of noisy alerts
// and a page an alert rule. noisy and cards are over the report's own period.
func Site(r *Report, noisy *Noisy, cards []*RuleCard) ([]Page, error) {
	r.Normalize()
	noisy.Normalize()
	s := newSite(cards)
	s.trail = []link{{IndexPage, "All rotations"}, {"noisy.html", "Noisy alerts"}}
	v := newHTMLView(r)
	index := v
	index.Trail, index.Definitions = s.trail[1:], nil
	for i := range v.Rotations {
		page, path := v, s.rotationPath(v.Rotations[i].ID)
		page.Title, page.Trail, page.Notes, page.Excluded = v.Title+": "+v.Rotations[i].Name, s.trail, nil, nil
		page.Rotations = v.Rotations[i : i+1]
		s.linkRules(&page.Rotations[0])
		s.add(path, "rotation_page", page)
		if index.Overview != nil {
			index.Overview.Links[i] = path
		}
	}
	if index.Overview == nil && len(v.Rotations) == 1 {
		index.Overview = overview(WorstFirst(r.Rotations), &r.Context, r.Data.Complete)
		index.Overview.Links = []string{s.rotationPath(v.Rotations[0].ID)}
	}
	s.add(IndexPage, "index", index)
	s.noisy("noisy.html", noisy, s.trail[:1])
	s.cards(cards)
	return s.pages, s.err
}

// NoisySite is the list of noisy alerts as a static site, with a page an alert rule.
func NoisySite(noisy *Noisy, cards []*RuleCard) ([]Page, error) {
	noisy.Normalize()
	s := newSite(cards)
	s.trail = []link{{IndexPage, "Noisy alerts"}}
	s.noisy(IndexPage, noisy, nil)
	s.cards(cards)
	return s.pages, s.err
}

// site gathers pages; it keeps the first error.
type site struct {
	pages []Page
	rules map[string]string // path of each rule's page
	ids   map[string]string // path of each rotation's page
	trail []link
	err   error
}

func newSite(cards []*RuleCard) *site {
	s := &site{rules: map[string]string{}, ids: map[string]string{}}
	for _, c := range cards {
		s.rules[c.Rule] = "rule-" + c.Rule + ".html"
	}
	return s
}

func (s *site) add(path, template string, data any) {
	var b strings.Builder
	if err := pages.ExecuteTemplate(&b, template, data); err != nil && s.err == nil {
		s.err = fmt.Errorf("make the page %s: %w", path, err)
	}
	s.pages = append(s.pages, Page{path, []byte(b.String())})
}

// plainID is what may stand in a file's name as it is.
var plainID = regexp.MustCompile(`^[A-Za-z0-9]{1,40}$`)

func (s *site) rotationPath(id string) string {
	if s.ids[id] == "" {
		s.ids[id] = fmt.Sprintf("rotation-%d.html", len(s.ids)+1)
		if plainID.MatchString(id) {
			s.ids[id] = "rotation-" + id + ".html"
		}
	}
	return s.ids[id]
}

// linkRules makes each rule of a rotation's tables a link to its own page, where there is one.
func (s *site) linkRules(v *rotationView) {
	tables := append([]*grid{v.Actions, v.Alerts}, v.Folded...)
	for _, g := range tables {
		if g == nil || g.Head[0] != "rule" {
			continue
		}
		g.Links = nil
		for _, row := range g.Rows {
			g.Links = append(g.Links, s.rules[row[0]])
		}
	}
}

func (s *site) noisy(path string, n *Noisy, trail []link) {
	p := newNoisyPage(n, s.rules)
	p.Trail = trail
	s.add(path, "noisy", p)
}

func (s *site) cards(cards []*RuleCard) {
	for _, c := range cards {
		c.normalize()
		s.add(s.rules[c.Rule], "card", newCardPage(c.view(), s.trail))
	}
}
