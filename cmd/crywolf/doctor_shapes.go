package main

import (
	"bytes"
	"context"
	"fmt"

	"crywolf/ingest"
	"crywolf/reports"
)

// recordShapes writes what PagerDuty's answers look like.
func (a *app) recordShapes(ctx context.Context, f doctorFlags) error {
	switch {
	case f.offline:
		return misuse("--record-shapes asks PagerDuty, which --offline forbids", "one of the two")
	case len(a.flags.outputs) > 0 || a.flags.format != "" && a.flags.format != "json":
		return misuse("--record-shapes writes JSON to its own FILE", "--record-shapes=shapes.json")
	}
	if err := f.resolve(a); err != nil {
		return err
	}
	token, variable, err := a.token()
	if err != nil {
		return err
	}
	a.say("token from %s", variable)
	shapes, err := ingest.RecordShapes(ctx, ingest.Options{Token: token, BaseURL: f.apiURL, Region: f.region, UserAgent: userAgent()})
	if err != nil {
		return err
	}
	document := struct {
		MadeWith string `json:"made_with"`
		About    string `json:"about"`
		ingest.Shapes
	}{"crywolf " + version(), "types and key names of PagerDuty's answers; =word is a word of the protocol, ? marks a key that not every object has", shapes}
	var b bytes.Buffer
	if err := reports.WriteJSON(&b, document); err != nil {
		return fmt.Errorf("write the shapes: %w", err)
	}
	if f.shapes != "-" {
		if err := writeFile(f.shapes, b.Bytes()); err != nil {
			return err
		}
		a.say("wrote %s after %s: read it before you send it", f.shapes, plural(shapes.RequestCount, "request"))
		return nil
	}
	_, err = a.stdout.Write(b.Bytes())
	return err
}
