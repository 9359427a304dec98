package main

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"crywolf/ingest"
)

// lakeFailure puts the errors of reading a lake into the user's words.
func lakeFailure(f *failure, path string) *failure {
	switch err := f.cause; {
	case errors.Is(err, ingest.ErrNoLake):
		f.what, f.try = "there is no lake at "+path, "crywolf export --to parquet DIR, then --db parquet:DIR"
	case errors.Is(err, ingest.ErrLakeReadOnly):
		f.what = path + " is a lake, which is only read"
		f.why, f.try = []string{"What is new comes into it by an export from the database."}, "crywolf sync, then crywolf export --to parquet DIR"
	default:
		f.what = path + " is no whole lake"
		f.why = []string{lakeTrouble(err), "It was changed, or copied while an export wrote it. An export mends it; or copy it again."}
		f.try = "crywolf export --to parquet DIR, from the database"
	}
	return f
}

// lakeTrouble leaves out of an error's text what was done when it came up.
func lakeTrouble(err error) string {
	parts := strings.Split(firstLine(err.Error()), ": ")
	return strings.Join(parts[max(0, len(parts)-2):], ": ")
}

// exportFailure puts what goes wrong at the place of an export into the user's words.
func (a *app) exportFailure(ctx context.Context, err error, place string) error {
	shown := a.shownPlace(place)
	f := &failure{code: exitFailed, cause: err}
	var bucket *ingest.BucketError
	var newer ingest.ErrNewer
	switch {
	case ctx.Err() != nil:
		return &failure{code: exitInterrupted, what: "interrupted; " + shown + " is as it was, or the next export finishes it", cause: err}
	case errors.As(err, &bucket):
		return bucketFailure(bucket, shown)
	case errors.As(err, &newer):
		f.what, f.try = shown+" was written by a newer crywolf", "a newer crywolf, or another directory"
	case errors.Is(err, ingest.ErrNotALake):
		f.what = shown + " holds something else than a lake of crywolf"
		f.why, f.try = []string{"Nothing was changed: an export drops the files of months that are gone."}, "an empty directory, or one that is not there yet"
	case errors.Is(err, ingest.ErrDiskFull):
		f.what, f.try = "the disk of "+shown+" is full", "the same command, once there is room"
		f.why = []string{"What was there before is still whole."}
	case errors.Is(err, ingest.ErrReadOnly):
		f.what, f.try = shown+" can't be written to", "a directory of yours"
	default:
		f.what = "the export into " + shown + " failed: " + firstLine(err.Error())
	}
	return f
}

func bucketFailure(err *ingest.BucketError, place string) *failure {
	f := &failure{code: exitFailed, what: fmt.Sprintf("%s: the server refuses to %s", place, err), cause: err}
	switch {
	case err.Code == "NoSuchBucket":
		f.what, f.try = place+": there is no such bucket", "make it, and the same command"
	case err.Status == 0:
		f.what, f.try = place+": the server can't be reached", "look at AWS_ENDPOINT_URL_S3 and AWS_REGION"
	case err.Status == 401 || err.Status == 403:
		f.code, f.what = exitAuth, fmt.Sprintf("%s: the credentials may not %s there (%s)", place, err.What, err.Code)
		f.try = "look at AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY and what they may do"
	}
	return f
}
