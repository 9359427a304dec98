package analysis

import (
	"context"
	"maps"
	"strings"
	"sync"
)

// viewOrder is the order in which the views are made: each uses only those before it.
var viewOrder = []string{"hours", "intervals", "pages", "shifts", "nights", "coverage", "incidents", "engagements", "evidence", "verdicts",
	"recommendations", "labels", classesView}

// viewFile is a file of views/: the views and macros that it defines, and the files that it uses, directly or through others.
type viewFile struct {
	defines, uses map[string]bool
}

// filesOfViews are the files of views/ by name.
var filesOfViews = sync.OnceValue(func() map[string]viewFile {
	out := map[string]viewFile{}
	for _, name := range viewOrder {
		text := viewText(name)
		f := viewFile{defines: map[string]bool{}, uses: usedFiles(text, out)}
		for _, m := range definedName.FindAllStringSubmatch(text, -1) {
			f.defines[m[1]] = true
		}
		if name == classesView {
			maps.Copy(f.defines, classesNames())
		}
		out[name] = f
	}
	return out
})

// viewText is a file of views/.
func viewText(name string) string {
	text, err := viewFiles.ReadFile("views/" + name + ".sql")
	if err != nil {
		panic(err) // an embedded file
	}
	return string(text)
}

// usedFiles are the files among those known that define a word of a text, and the files that these use.
func usedFiles(text string, known map[string]viewFile) map[string]bool {
	used := map[string]bool{}
	for _, word := range wordPattern.FindAllString(strings.ToLower(text), -1) {
		for name, f := range known {
			if f.defines[word] && !used[name] {
				used[name] = true
				maps.Copy(used, f.uses)
			}
		}
	}
	return used
}

// makeViews makes the files of views that a query uses and that do not stand yet: for one question, making all would take
// DuckDB longer than the answer. All are made where that is asked, for a query that may list them, but not those of alert
// classes: a hundred patterns in a macro take half the time that all others take, and few questions are about classes.
func (s *Session) makeViews(ctx context.Context, query string, all bool) error {
	needed := usedFiles(query, filesOfViews())
	for _, name := range viewOrder {
		if needed[name] || all && name != classesView {
			if err := s.makeViewFile(ctx, name); err != nil {
				return err
			}
		}
	}
	return nil
}

func (s *Session) makeViewFile(ctx context.Context, name string) error {
	if s.made[name] {
		return nil
	}
	if name == classesView {
		if err := s.settings.storeClasses(ctx, s.conn); err != nil {
			return err
		}
	}
	if err := execFile(ctx, s.conn, viewFiles, "views/"+name+".sql"); err != nil {
		return err
	}
	s.made[name] = true
	return nil
}
