package main

import (
	"context"
	"fmt"
	"io"
	"regexp"
	"slices"
	"strings"
	"time"

	"github.com/spf13/cobra"
)

// app is one run of the program: its surroundings, read once, and the flags that every command has.
type app struct {
	env    map[string]string
	stdin  io.Reader
	stdout io.Writer
	stderr io.Writer
	now    time.Time // the only reading of the clock
	flags  globalFlags

	database databaseConfig // of the configuration, once that is loaded
}

type globalFlags struct {
	db, config, format, tz, color string
	outputs                       []string
	json, quiet, debug, wait      bool
}

// run is the whole program; it returns the exit code.
func run(ctx context.Context, args, env []string, stdin io.Reader, stdout, stderr io.Writer) (code int) {
	a := &app{env: map[string]string{}, stdin: stdin, stdout: stdout, stderr: stderr, now: time.Now().UTC()}
	for _, pair := range env {
		key, value, _ := strings.Cut(pair, "=")
		a.env[key] = value
	}
	defer func() {
		if fault := recover(); fault != nil {
			code = a.crash(fault)
		}
	}()
	root := a.root()
	root.SetArgs(args)
	err := root.ExecuteContext(ctx)
	switch {
	case err == nil:
		return exitOK
	case err == errOverLimit:
		return exitLimit
	}
	f := a.asFailure(ctx, err)
	a.fail(f)
	return f.code
}

// notANumber is how pflag passes on the complaint of strconv.
var notANumber = regexp.MustCompile(`strconv\.Parse\w+: parsing ("[^"]*"): .*`)

// root makes the command tree.
func (a *app) root() *cobra.Command {
	root := &cobra.Command{
		Use:   "crywolf",
		Short: "Finds the alerts that cry wolf in a PagerDuty account's history",
		Example: "  crywolf demo                     a generated account, no token, no network\n" +
			"  crywolf sync                     read your account's history into one local file\n" +
			"  crywolf report                   how heavy is each rotation, and are its pages worth it?\n" +
			"  crywolf noisy                    which alerts page for nothing, and what would deleting one lose?\n" +
			"  crywolf audit                    what would it be like to carry a rotation's pager?",
		SilenceErrors: true,
		SilenceUsage:  true,
		Args:          cobra.ArbitraryArgs,
		RunE: func(c *cobra.Command, args []string) error {
			if len(args) > 0 {
				return unknownCommand(c, args[0])
			}
			_, err := fmt.Fprintf(a.stdout, "%s.\n\n%s\n\nMore:  crywolf --help\n", c.Short, c.Example)
			return err
		},
	}
	root.SetOut(a.stdout)
	root.SetErr(a.stderr)
	root.SetIn(a.stdin)
	root.SetFlagErrorFunc(func(c *cobra.Command, err error) error {
		return misuse(notANumber.ReplaceAllString(firstLine(err.Error()), "$1 is no number"), c.CommandPath()+" --help")
	})
	a.addGlobalFlags(root)
	root.PersistentPreRunE = func(*cobra.Command, []string) error { return a.checkGlobalFlags() }
	root.AddCommand(a.demoCommand(), a.syncCommand(), a.reportCommand(), a.noisyCommand(), a.auditCommand(), a.labelCommand(), a.exportCommand(), a.queryCommand(), a.metricsCommand(),
		a.schemaCommand(), a.explainCommand(), a.doctorCommand(), a.manCommand(), a.versionCommand())
	root.InitDefaultCompletionCmd("completion")
	for _, c := range root.Commands() {
		if c.Name() == "completion" {
			c.Args, c.RunE = cobra.ArbitraryArgs, unknownShell
		}
	}
	return root
}

func (a *app) addGlobalFlags(root *cobra.Command) {
	f := root.PersistentFlags()
	f.SortFlags = false
	f.StringVar(&a.flags.db, "db", "", "database `FILE`, or parquet:DIR, ducklake:…, md:NAME (default $XDG_DATA_HOME/crywolf/crywolf.duckdb)")
	f.StringVar(&a.flags.config, "config", "", "configuration `FILE` (default crywolf.yaml here, then in $XDG_CONFIG_HOME/crywolf)")
	f.StringVarP(&a.flags.format, "format", "f", "", "`FORMAT` of the result: table, md, html, json or csv")
	f.StringArrayVarP(&a.flags.outputs, "output", "o", nil, "write to `FILE` in the format of its ending; repeatable; - is stdout")
	f.BoolVar(&a.flags.json, "json", false, "short for -f json")
	f.StringVar(&a.flags.tz, "tz", "UTC", "`ZONE` of dates and of shown times, such as Europe/Berlin")
	f.StringVar(&a.flags.color, "color", "auto", "colour: auto, always or never")
	f.BoolVar(&a.flags.wait, "wait", false, "wait while another crywolf writes the database")
	f.BoolVarP(&a.flags.quiet, "quiet", "q", false, "no progress and no hints on stderr")
	f.BoolVar(&a.flags.debug, "debug", false, "say more about errors")
}

func (a *app) checkGlobalFlags() error {
	if !slices.Contains([]string{"auto", "always", "never"}, a.flags.color) {
		return misuse(fmt.Sprintf("--color %q is not known", a.flags.color), "--color auto, --color always or --color never")
	}
	if a.flags.json {
		if a.flags.format != "" && a.flags.format != "json" {
			return misuse(fmt.Sprintf("--json and -f %s exclude each other", a.flags.format), "one of the two")
		}
		a.flags.format = "json"
	}
	_, err := a.location()
	return err
}

func unknownCommand(root *cobra.Command, name string) error {
	var names []string
	for _, c := range root.Commands() {
		if c.IsAvailableCommand() {
			names = append(names, c.Name())
		}
	}
	var why []string
	if near := nearest(name, names); len(near) > 0 {
		why = []string{"Did you mean " + strings.Join(near, " or ") + "?"}
	}
	return misuse(fmt.Sprintf("there is no command %q", name), "crywolf --help", why...)
}

func unknownShell(_ *cobra.Command, args []string) error {
	what := "completion needs the name of a shell"
	if len(args) > 0 {
		what = fmt.Sprintf("there is no completion for %q", args[0])
	}
	return misuse(what, "crywolf completion bash, zsh, fish or powershell")
}

// args turns cobra's complaints about the number of arguments into failures.
func (a *app) args(check cobra.PositionalArgs) cobra.PositionalArgs {
	return func(c *cobra.Command, args []string) error {
		if err := check(c, args); err != nil {
			return misuse(firstLine(err.Error()), c.CommandPath()+" --help")
		}
		return nil
	}
}
