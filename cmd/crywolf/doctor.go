package main

import (
	"context"
	"io"
	"time"

	"github.com/spf13/cobra"

	"crywolf/analysis"
	"crywolf/ingest"
	"crywolf/reports"
)

type doctorFlags struct {
	connection
	offline bool
	shapes  string // where to; "-" is stdout, "" is not asked for
}

func (a *app) doctorCommand() *cobra.Command {
	var f doctorFlags
	c := &cobra.Command{
		Use:   "doctor",
		Short: "What is wrong with the token, the database and the data, and what mends it",
		Long: "Looks at the token (never printing it), at what it may read and how fast, at the database and the settings, and\n" +
			"lists of each kind of record what was asked for, read and missing. Works the sums of a report out anew. It\n" +
			"changes nothing, here or in PagerDuty. Findings do not fail it: it ends with code 4 only where PagerDuty was to\n" +
			"be asked and there is no token or it was refused, and all else is still looked at and printed.\n\n" +
			"-f json has no secret in it, for reports of faults. --record-shapes asks each endpoint once or twice for a few\n" +
			"records and prints types and key names only, never a value: read it, and send it to who maintains crywolf.",
		Example: "  crywolf doctor\n  crywolf doctor --offline\n  crywolf doctor --record-shapes=shapes.json",
		Args:    a.args(cobra.MaximumNArgs(1)),
		RunE: func(c *cobra.Command, args []string) error {
			recording := c.Flags().Changed("record-shapes")
			switch {
			case len(args) == 1 && (!recording || f.shapes != "-"):
				return misuse("doctor takes no argument", c.CommandPath()+" --help")
			case len(args) == 1:
				f.shapes = args[0] // --record-shapes FILE: a flag that may stand alone takes its value behind =
			case recording && f.shapes == "":
				return misuse("--record-shapes= needs the name of a file", "--record-shapes=shapes.json")
			}
			if recording {
				return a.recordShapes(c.Context(), f)
			}
			return a.doctor(c.Context(), f)
		},
	}
	c.Flags().SortFlags = false
	c.Flags().BoolVar(&f.offline, "offline", false, "look only at what is here: no request is sent")
	c.Flags().StringVar(&f.shapes, "record-shapes", "", "write the shapes of PagerDuty's answers to `FILE` instead; alone or - is stdout")
	c.Flags().Lookup("record-shapes").NoOptDefVal = "-"
	f.addFlags(c)
	return c
}

// examination is one run of the doctor.
type examination struct {
	*app
	doc     reports.Doctor
	failure *failure // what it ends with once everything is printed; nil: all was looked at
	loc     *time.Location

	cfg     config
	path    string
	account ingest.Account // of the database
	ledger  *analysis.Ledger
}

func (a *app) doctor(ctx context.Context, f doctorFlags) error {
	targets, err := a.targets("table", "md", "json")
	if err != nil {
		return err
	}
	x := &examination{app: a, doc: reports.Doctor{SchemaVersion: reports.SchemaVersion, MadeWith: "crywolf " + version(), Offline: f.offline}}
	if x.loc, err = a.location(); err != nil {
		return err
	}
	x.doc.Context.Location = x.loc
	if err := f.resolve(a); err != nil {
		return err
	}
	if err := x.configuration(); err != nil {
		return err
	}
	if x.path, err = a.databasePath(); err != nil {
		return err
	}
	if err := x.database(ctx); err != nil {
		return err
	}
	if err := x.online(ctx, f); err != nil {
		return err
	}
	if x.isDemo() {
		x.doc.Demo = reports.DemoData
	}
	err = a.write(targets, func(w io.Writer, format string, colour bool) error {
		return reports.RenderDoctor(w, &x.doc, reports.Format(format), reports.Options{Colour: colour})
	})
	if err == nil && x.failure != nil {
		return x.failure
	}
	return err
}

// isDemo tells whether the database is a demo's: nobody's account, and no PagerDuty to ask about it.
func (x *examination) isDemo() bool { return x.account.MadeBy == "demo" }

// ago is how long before now a time is, in words.
func (x *examination) ago(t time.Time) string {
	s := x.now.Sub(t).Seconds()
	if s < 0 {
		return "in the future"
	}
	return reports.Seconds(&s) + " ago"
}

func (x *examination) at(t time.Time) string { return reports.At(t, x.loc) }
