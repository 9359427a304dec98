package main

import (
	"slices"
	"sort"
	"strings"
	"time"
)

// truthEpisode is trigger to clear of one alert key (definitions 7).
type truthEpisode struct {
	key      string
	incident string
	start    time.Time
	end      time.Time // zero: still open, or not known to have cleared
	auto     bool      // cleared by the monitor
	first    bool      // the episode that the incident's pages count in
}

// lastResolve is the last resolve entry of an incident that is resolved now.
func (i *truthIncident) lastResolve() (truthEntry, bool) {
	for n := len(i.entries) - 1; n >= 0; n-- {
		if i.status == "resolved" && i.entries[n].kind == "resolve" {
			return i.entries[n], true
		}
	}
	return truthEntry{}, false
}

// cleared says who ended an incident: "monitor", "timeout", "human", or "" while open or unknown.
func (i *truthIncident) cleared() string {
	entry, ok := i.lastResolve()
	if !ok {
		return ""
	}
	machine := entry.agentKind == "service" || strings.Contains(entry.agentKind, "integration")
	switch {
	case entry.agentKind == "user":
		return "human"
	case machine && (entry.channel == "api" || entry.channel == "email" || entry.channel == "nagios"):
		return "monitor"
	case machine && (entry.channel == "timeout" || entry.channel == "auto"):
		return "timeout"
	}
	return ""
}

// clearedAt is the last resolve entry's time, else resolved_at; zero for an open incident.
func (i *truthIncident) clearedAt() time.Time {
	if entry, ok := i.lastResolve(); ok {
		return entry.at
	}
	if i.status == "resolved" {
		return i.resolved
	}
	return time.Time{}
}

// alertKey is the key of the incident's first trigger entry, from its channel or its alert.
func (w *truthWorld) alertKey(incident *truthIncident) string {
	var trigger truthEntry
	for _, entry := range incident.entries {
		if entry.kind == "trigger" {
			trigger = entry
			break
		}
	}
	if trigger.alertKey != "" {
		return incident.service + " key " + trigger.alertKey
	}
	if own := w.alertsOf(incident); trigger.kind == "" && len(own) > 0 {
		return truthKeyOf(own[0], incident)
	}
	return incident.service + " integration " + trigger.integration + " title " + truthTitle(incident.title)
}

func truthKeyOf(alert truthAlert, incident *truthIncident) string {
	if alert.key != "" {
		return incident.service + " key " + alert.key
	}
	return incident.service + " integration " + alert.integration + " title " + truthTitle(alert.title)
}

// episodes are those of every alert stored, and of incidents without one.
func (w *truthWorld) episodes() []truthEpisode {
	var episodes []truthEpisode
	for _, incident := range w.incidents {
		if incident.merged {
			continue
		}
		key := w.alertKey(incident)
		own := w.alertEpisodes(incident, key)
		if !slices.ContainsFunc(own, func(e truthEpisode) bool { return e.first }) {
			own = append(own, truthEpisode{
				key: key, incident: incident.id, start: incident.created, end: incident.clearedAt(),
				auto: incident.cleared() == "monitor", first: true,
			})
		}
		episodes = append(episodes, own...)
	}
	sort.SliceStable(episodes, func(i, j int) bool {
		a, b := episodes[i], episodes[j]
		if !a.start.Equal(b.start) {
			return a.start.Before(b.start)
		}
		return a.incident < b.incident
	})
	return episodes
}

// alertEpisodes are those of an incident's stored alerts; the earliest of the incident's key is its own.
// A key that triggers again before it has cleared goes on with the same episode.
func (w *truthWorld) alertEpisodes(incident *truthIncident, key string) []truthEpisode {
	var episodes []truthEpisode
	open := map[string]int{} // by key: its last episode
	for _, alert := range w.alertsOf(incident) {
		episode := truthEpisode{
			key: truthKeyOf(alert, incident), incident: incident.id, start: alert.created,
			end: alert.resolved, auto: incident.cleared() == "monitor",
		}
		if episode.end.IsZero() && alert.status == "resolved" {
			episode.end = incident.clearedAt()
		}
		if last, seen := open[episode.key]; seen {
			before := &episodes[last]
			if before.end.IsZero() || !episode.start.After(before.end) {
				if episode.end.IsZero() || episode.end.After(before.end) && !before.end.IsZero() {
					before.end = episode.end
				}
				continue
			}
		}
		episode.first = episode.key == key && !slices.ContainsFunc(episodes, func(e truthEpisode) bool { return e.first })
		open[episode.key] = len(episodes)
		episodes = append(episodes, episode)
	}
	return episodes
}

// alertsOf are the incident's stored alerts, in order of their triggers.
func (w *truthWorld) alertsOf(incident *truthIncident) []truthAlert {
	var own []truthAlert
	for _, alert := range w.alerts {
		if alert.incident == incident.id {
			own = append(own, alert)
		}
	}
	sort.SliceStable(own, func(i, j int) bool { return own[i].created.Before(own[j].created) })
	return own
}

// flapRuns are those of all that is stored.
func (w *truthWorld) flapRuns() [][]truthEpisode {
	if w.runs == nil {
		w.runs = truthRuns(w.episodes())
	}
	return w.runs
}

// truthRuns finds the flap runs: maximal chains of one key, each episode starting at most 30 minutes
// after the one before ended, of at least 3, at least two thirds of them cleared by the monitor. What has
// not ended is the last of its chain.
func truthRuns(episodes []truthEpisode) [][]truthEpisode {
	byKey := map[string][]truthEpisode{}
	for _, episode := range episodes { // in order of start
		byKey[episode.key] = append(byKey[episode.key], episode)
	}
	var runs [][]truthEpisode
	for _, same := range byKey {
		var chain []truthEpisode
		for _, episode := range same {
			if len(chain) > 0 {
				end := chain[len(chain)-1].end
				if end.IsZero() || episode.start.Sub(end) > 30*time.Minute {
					runs = truthAppendRun(runs, chain)
					chain = nil
				}
			}
			chain = append(chain, episode)
		}
		runs = truthAppendRun(runs, chain)
	}
	return runs
}

func truthAppendRun(runs [][]truthEpisode, chain []truthEpisode) [][]truthEpisode {
	auto := 0
	for _, episode := range chain {
		if episode.auto {
			auto++
		}
	}
	if len(chain) < 3 || 3*auto < 2*len(chain) {
		return runs
	}
	return append(runs, chain)
}

// truthQualityOf counts what the rotation's pages of the period have to do with flap runs.
func truthQualityOf(pages []truthPage, runs [][]truthEpisode) truthQuality {
	var quality truthQuality
	keys := map[string]bool{}
	for _, run := range runs {
		paged := 0
		for _, episode := range run {
			here := 0
			for _, page := range pages {
				if episode.first && page.incident == episode.incident {
					here++
				}
			}
			quality.FlappingPages += here
			if here > 0 {
				paged++
				keys[episode.key] = true
			}
		}
		quality.ExcessPages += max(0, paged-1)
	}
	quality.FlappingKeys = len(keys)
	return quality
}
