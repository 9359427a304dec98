package main

import (
	"context"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// TestREADME runs the README's console blocks and compares what they print with what stands beneath them.
// A line of only "…" or "..." stands for any number of lines; lines that begin with "crywolf: " are stderr's and
// are not compared. Commands that need an account, a shell or another program are not run.
func TestREADME(t *testing.T) {
	text, err := os.ReadFile(filepath.Join("..", "..", "README.md"))
	if errors.Is(err, fs.ErrNotExist) {
		t.Skip("there is no README yet")
	}
	if err != nil {
		t.Fatal(err)
	}
	home := t.TempDir()
	ran := 0
	for _, c := range consoleCommands(string(text)) {
		args, ok := runnable(c.line, home)
		if !ok {
			t.Logf("not run: %s", c.line)
			continue
		}
		ran++
		var stdout, stderr strings.Builder
		code := run(context.Background(), args, []string{"HOME=" + home}, strings.NewReader(""), &stdout, &stderr)
		if code != exitOK {
			t.Errorf("%s ended with code %d: %s", c.line, code, stderr.String())
		}
		if len(c.want) > 0 && !c.matches(stdout.String()) {
			t.Errorf("%s printed\n%s\nand the README says\n%s", c.line, stdout.String(), strings.Join(c.want, "\n"))
		}
	}
	if ran == 0 {
		t.Error("the README has no command that this test can run; its first screen is not checked")
	}
}

// consoleCommand is one "$ …" line of a console block and the lines beneath it.
type consoleCommand struct {
	line string
	want []string
}

func consoleCommands(text string) []consoleCommand {
	var out []consoleCommand
	for _, block := range regexp.MustCompile("(?s)```console\n(.*?)```").FindAllStringSubmatch(text, -1) {
		for _, line := range strings.Split(strings.TrimRight(block[1], "\n"), "\n") {
			if command, ok := strings.CutPrefix(line, "$ "); ok {
				out = append(out, consoleCommand{line: command})
			} else if len(out) > 0 && !strings.HasPrefix(line, "crywolf: ") {
				last := &out[len(out)-1]
				last.want = append(last.want, strings.TrimRight(line, " "))
			}
		}
	}
	return out
}

// runnable splits a command that runs here and now: ours, without a shell's help, and on data that is there.
func runnable(line, home string) ([]string, bool) {
	rest, ok := strings.CutPrefix(line, "go run ./cmd/crywolf")
	if !ok {
		rest, ok = strings.CutPrefix(line, "crywolf")
	}
	if !ok || strings.ContainsAny(rest, "|><&;$`'\"#") {
		return nil, false
	}
	args := strings.Fields(rest)
	for i, arg := range args {
		if below, ok := strings.CutPrefix(arg, "~/"); ok {
			args[i] = filepath.Join(home, below)
		}
	}
	free := []string{"demo", "explain", "metrics", "version"}
	return args, len(args) > 0 && (slices.Contains(free, args[0]) || args[0] != "sync" && slices.Contains(args, "--db"))
}

func (c consoleCommand) matches(printed string) bool {
	var pattern strings.Builder
	pattern.WriteString(`\A`)
	for _, line := range c.want {
		if line == "…" || line == "..." {
			pattern.WriteString(`(?:.*\n)*?`)
			continue
		}
		pattern.WriteString(regexp.QuoteMeta(line) + `\n`)
	}
	pattern.WriteString(`\n*\z`)
	return regexp.MustCompile(pattern.String()).MatchString(printed)
}

// TestConsoleBlocks holds the reading of console blocks itself to account.
func TestConsoleBlocks(t *testing.T) {
	commands := consoleCommands("text\n```console\n$ crywolf demo\ncrywolf: 3 requests\none\n…\nfour\n$ export PAGERDUTY_TOKEN=x\n$ crywolf sync\n```\n")
	if len(commands) != 3 {
		t.Fatalf("%d commands were found", len(commands))
	}
	demo := commands[0]
	if !demo.matches("one\ntwo\nthree\nfour\n") || !demo.matches("one\nfour\n") {
		t.Error("… does not stand for the lines between")
	}
	if demo.matches("one\ntwo\n") || demo.matches("zero\none\nfour\n") || demo.matches("one\nfour\nfive\n") {
		t.Error("a wrong output passes")
	}
	for i, want := range []bool{true, false, false} {
		if _, got := runnable(commands[i].line, "/home/x"); got != want {
			t.Errorf("%s: runnable is %v", commands[i].line, got)
		}
	}
}
