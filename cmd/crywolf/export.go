package main

import (
	"context"
	"fmt"
	"io"
	"os"
	"strings"

	"github.com/spf13/cobra"

	"crywolf/analysis"
	"crywolf/ingest"
	"crywolf/reports"
)

type exportFlags struct {
	to         string
	names, raw bool
}

func (a *app) exportCommand() *cobra.Command {
	var f exportFlags
	c := &cobra.Command{
		Use:   "export --to parquet|csv DIR",
		Short: "Write facts and derived tables as Parquet that other engines read, or as CSV",
		Long: "Parquet: a lake, a file a table and UTC month (table/month=2026-11/table.parquet), small tables whole. Run it again, and\n" +
			"only what changed is written. DuckDB, Spark, Trino, ClickHouse and Athena read it, and crywolf does: --db parquet:DIR.\n" +
			"Into a bucket: s3://BUCKET/PREFIX, with AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY, AWS_SESSION_TOKEN, AWS_REGION and, for\n" +
			"another server than Amazon's, AWS_ENDPOINT_URL_S3 in the environment.\n" +
			"CSV: one file a table. Names of people stay out unless --names is given.",
		Example: "  crywolf export --to parquet lake/\n  crywolf export --to parquet s3://oncall/crywolf\n  crywolf report --db parquet:lake/\n" +
			"  crywolf export --to csv tables/",
		Args: a.args(cobra.ExactArgs(1)),
		RunE: func(c *cobra.Command, args []string) error { return a.export(c.Context(), f, args[0]) },
	}
	c.Flags().SortFlags = false
	c.Flags().StringVar(&f.to, "to", "", "`FORMAT` of the tables: parquet or csv")
	c.Flags().BoolVar(&f.names, "names", false, "with people's names, in users.name")
	c.Flags().BoolVar(&f.raw, "raw", false, "with the records as PagerDuty gave them, after redaction, in the columns raw")
	return c
}

func (a *app) export(ctx context.Context, f exportFlags, place string) error {
	targets, err := a.targets("table", "json")
	if err != nil {
		return err
	}
	writer, err := a.exporter(f, place)
	if err != nil {
		return err
	}
	store, err := a.openExported(ctx, f, place)
	if err != nil {
		return err
	}
	defer store.Close()
	account, err := store.Account(ctx)
	if err != nil {
		return err
	}
	tables, err := exportedTables()
	if err != nil {
		return err
	}
	done, err := writer(ctx, store, ingest.LakeOptions{Tables: tables, Names: f.names, Raw: f.raw})
	if err != nil {
		return a.exportFailure(ctx, err, place)
	}
	e := exported{Demo: account.MadeBy == "demo", To: f.to, Place: a.shownPlace(place), Names: f.names, Raw: f.raw, tables: done}
	return a.write(targets, func(w io.Writer, format string, _ bool) error { return e.write(w, format) })
}

// openExported opens the database whose tables are exported. There is no session: one could write no file.
func (a *app) openExported(ctx context.Context, f exportFlags, place string) (*ingest.Store, error) {
	cfg, err := a.loadConfig()
	if err != nil {
		return nil, err
	}
	if f.names && cfg.namesNever {
		return nil, misuse("the configuration forbids names (privacy.names: never)", "the same command without --names")
	}
	path, err := a.databasePath()
	if err != nil {
		return nil, err
	}
	if dir, isLake := strings.CutPrefix(path, "parquet:"); isLake && sameFile(dir, place) { // it would wait for itself to end reading
		return nil, misuse("a lake can't be exported into itself", "another directory, or --db with the database")
	}
	return a.openDerived(ctx, path, cfg)
}

// sameFile tells whether two paths lead to one file or directory that is there.
func sameFile(x, y string) bool {
	one, err := os.Stat(x)
	if err != nil {
		return false
	}
	other, err := os.Stat(y)
	return err == nil && os.SameFile(one, other)
}

// exportedTables are the derived tables, with what their months are of.
func exportedTables() ([]ingest.LakeTable, error) {
	derived, err := analysis.DerivedTables()
	if err != nil {
		return nil, err
	}
	var tables []ingest.LakeTable
	for _, t := range derived {
		tables = append(tables, ingest.LakeTable{Name: t.Name, Clock: t.Clock})
	}
	return tables, nil
}

// exporter writes the tables of a database.
type exporter func(context.Context, *ingest.Store, ingest.LakeOptions) ([]ingest.Exported, error)

// exporter finds misuse before any database is opened.
func (a *app) exporter(f exportFlags, place string) (exporter, error) {
	isURL := strings.Contains(place, "://")
	switch {
	case f.to == "":
		return nil, misuse("export needs the format of the tables", "crywolf export --to parquet "+quoted(place))
	case f.to != "parquet" && f.to != "csv":
		return nil, misuse(fmt.Sprintf("--to %q is not known", f.to), "--to parquet or --to csv")
	case place == "" || place == "-":
		return nil, misuse("export writes into a directory", "crywolf export --to "+f.to+" DIR")
	case f.to == "csv" && isURL:
		return nil, misuse("CSV is written into a directory of this machine only", "crywolf export --to csv DIR")
	case f.to == "csv":
		return func(ctx context.Context, store *ingest.Store, o ingest.LakeOptions) ([]ingest.Exported, error) {
			return exportCSV(ctx, store, o, place)
		}, nil
	}
	target := ingest.LakeDirectory(place)
	if isURL {
		bucket, err := a.bucket(place)
		if err != nil {
			return nil, err
		}
		if target, err = ingest.LakeBucket(bucket); err != nil {
			return nil, misuse("AWS_ENDPOINT_URL is no address of a server: "+err.Error(), "AWS_ENDPOINT_URL_S3=https://HOST, or none for Amazon's")
		}
	}
	return func(ctx context.Context, store *ingest.Store, o ingest.LakeOptions) ([]ingest.Exported, error) {
		return ingest.ExportLake(ctx, store.DB(), target, o)
	}, nil
}

// bucket reads s3://BUCKET/PREFIX and, from the environment, who asks and which server.
func (a *app) bucket(place string) (ingest.Bucket, error) {
	rest, ok := strings.CutPrefix(place, "s3://")
	name, prefix, _ := strings.Cut(rest, "/")
	if !ok || name == "" || strings.ContainsAny(rest, "@?#") {
		return ingest.Bucket{}, misuse("a bucket is named s3://BUCKET/PREFIX, and nothing else is in it", "crywolf export --to parquet s3://BUCKET/PREFIX")
	}
	first := func(names ...string) string {
		for _, name := range names {
			if a.env[name] != "" {
				return a.env[name]
			}
		}
		return ""
	}
	b := ingest.Bucket{Name: name, Prefix: strings.Trim(prefix, "/"), Endpoint: first("AWS_ENDPOINT_URL_S3", "AWS_ENDPOINT_URL"),
		Region: first("AWS_REGION", "AWS_DEFAULT_REGION"), AccessKey: a.env["AWS_ACCESS_KEY_ID"], SecretKey: a.env["AWS_SECRET_ACCESS_KEY"],
		SessionToken: a.env["AWS_SESSION_TOKEN"]}
	if b.AccessKey == "" || b.SecretKey == "" {
		return b, &failure{code: exitAuth, what: "there are no credentials for " + reports.Clean(place),
			why: []string{"They come from AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY and, for a session, AWS_SESSION_TOKEN."},
			try: "set them in the environment, and the same command"}
	}
	return b, nil
}

// shownPlace is where an export goes to, for people.
func (a *app) shownPlace(place string) string {
	if strings.Contains(place, "://") {
		return place
	}
	return a.shown(place)
}
