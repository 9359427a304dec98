package main

import (
	"context"
	"fmt"
	"os"
	"runtime"
	"strings"

	"crywolf/analysis"
	"crywolf/reports"
)

// configuration reads the settings. A file that can't be used is a finding, unless a flag names it: then it is misuse, as
// everywhere.
func (x *examination) configuration() error {
	const section = reports.DoctorConfiguration
	cfg, err := x.loadConfig()
	if err != nil && x.flags.config != "" {
		return err
	}
	if err != nil {
		x.doc.Add(section, "config_bad", reports.FindingProblem, "correct the file, or leave the key out", "%s: all other commands refuse to run", firstLine(err.Error()))
		cfg = defaultConfig()
	}
	if x.cfg = cfg; err == nil {
		x.configFile()
	}
	if x.cfg.settings.Labels, err = x.readLabels(cfg); err != nil {
		x.doc.Add(section, "labels_bad", reports.FindingProblem, "correct the line, or take it out", "%s: all other commands refuse to run", firstLine(err.Error()))
	}
	if x.cfg.settings.Classes, err = x.readClasses(cfg); err != nil {
		x.doc.Add(section, "classes_bad", reports.FindingProblem, "correct the line, or take it out", "%s: all other commands refuse to run", firstLine(err.Error()))
	}
	x.pseudonyms()
	return nil
}

func (x *examination) configFile() {
	if x.cfg.path == "" {
		x.doc.Add(reports.DoctorConfiguration, "config", reports.FindingOK, "", "no crywolf.yaml, here or in the user's configuration: every setting is the definitions' own")
		return
	}
	text := x.shown(x.cfg.path) + " is in use"
	if changed := x.cfg.settings.Differences(); len(changed) > 0 {
		text += ": " + strings.Join(changed, "; ")
	}
	x.doc.Add(reports.DoctorConfiguration, "config", reports.FindingOK, "", "%s", text)
}

// pseudonyms looks at the key by which people become R1…Rn.
func (x *examination) pseudonyms() {
	const section = reports.DoctorConfiguration
	path, err := x.configPath("pseudonym.key")
	if err != nil {
		return
	}
	info, err := os.Stat(path)
	switch {
	case err != nil:
		x.doc.Add(section, "pseudonym_key", reports.FindingInfo, "", "no pseudonym key yet: the first sync makes it")
	case info.Size() != pseudonymKeySize:
		x.doc.Add(section, "pseudonym_key", reports.FindingProblem, "restore it from a backup, or remove it and run crywolf sync",
			"the pseudonym key %s is damaged: %d bytes instead of %d", x.shown(path), info.Size(), pseudonymKeySize)
	case runtime.GOOS != "windows" && info.Mode().Perm()&0o077 != 0:
		x.doc.Add(section, "pseudonym_key", reports.FindingProblem, "chmod 600 "+quoted(path), "others on this machine may read the pseudonym key (mode %o)", info.Mode().Perm())
	default:
		x.doc.Add(section, "pseudonym_key", reports.FindingOK, "", "the pseudonym key %s is for its owner only; keep a copy, a new one means new numbers", x.shown(path))
	}
}

// unmatched tells what in the settings is about nothing that is stored.
func (x *examination) unmatched(ctx context.Context, s *analysis.Session) error {
	const section = reports.DoctorConfiguration
	u, err := s.Unmatched(ctx, x.cfg.titlePatterns)
	if err != nil {
		return err
	}
	for _, e := range u.Exclusions {
		x.doc.Add(section, "exclusion_unmatched", reports.FindingWatch, "correct it in "+x.shown(x.cfg.path), "the exclusion of %s %q leaves nothing out", e.Kind, reports.Clean(e.Pattern))
	}
	for _, p := range u.TitlePatterns {
		x.doc.Add(section, "title_pattern_unmatched", reports.FindingWatch, "correct it in "+x.shown(x.cfg.path)+"; it is put to titles in lower case",
			"the title pattern %q matches no title", reports.Clean(p.Pattern))
	}
	labels := x.cfg.settings.Labels
	if len(labels) == 0 {
		return nil
	}
	if len(u.Labels) == 0 {
		x.doc.Add(section, "labels", reports.FindingOK, "", "%s, each of an incident or rule that is stored", plural(len(labels), "label"))
		return nil
	}
	var ids []string
	for i, l := range u.Labels {
		if i == 3 {
			ids = append(ids, fmt.Sprintf("and %d more", len(u.Labels)-i))
			break
		}
		ids = append(ids, reports.Clean(l.IncidentID+l.RuleID))
	}
	x.doc.Add(section, "label_unmatched", reports.FindingWatch, "correct them in "+x.shown(x.labelsPath(x.cfg))+", or crywolf sync --since an earlier time",
		"%d of %s are of nothing that is stored: %s", len(u.Labels), plural(len(labels), "label"), strings.Join(ids, ", "))
	return nil
}
