package reports

import (
	"strings"
	"testing"
)

func TestTextTableAligns(t *testing.T) {
	var b strings.Builder
	if err := TextTable(&b, []string{"name", "page_count"}, [][]string{{"ディスク", "1"}, {"x", "1,234"}}, 1); err != nil {
		t.Fatal(err)
	}
	want := "name      page_count\nディスク           1\nx              1,234\n"
	if b.String() != want {
		t.Errorf("got\n%s\nwant\n%s", b.String(), want)
	}
}
