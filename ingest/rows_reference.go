package ingest

import (
	"strings"
)

// userRow reads a listed user: the one record whose name is kept, in its column only.
func (b *nameBook) userRow(r record) row {
	name := r.str("name")
	if name == nil {
		name = r.str("summary")
	}
	kept := record{}
	for _, k := range []string{"id", "type", "time_zone", "role", "teams"} {
		if v, ok := r[k]; ok {
			kept[k] = v
		}
	}
	return row{r.id("id"), name, b.word(r.str("time_zone")), false, encode(b.redactFields(kept)), nil}
}

// redactFields redacts the fields of a record that is itself a person.
func (b *nameBook) redactFields(r record) map[string]any {
	for k, v := range r {
		r[k] = b.redactUnder(k, v, false)
	}
	return r
}

// nameOf gives an object's name, from its summary where it has no name: recordings have references among the
// listed objects.
func (b *nameBook) nameOf(r record) any {
	if name := r.str("name"); name != nil {
		return b.label(name)
	}
	return b.label(r.str("summary"))
}

func (b *nameBook) teamRow(r record) row {
	return row{r.id("id"), b.nameOf(r), false, encode(b.redact(map[string]any(r))), nil}
}

func (b *nameBook) priorityRow(r record, rank any) row {
	return row{r.id("id"), b.nameOf(r), rank, encode(b.redact(map[string]any(r))), nil}
}

// priorityRanks ranks priorities, 1 for the most urgent: by their order field, which is greater the more urgent
// they are, or as they are listed where one has none.
func priorityRanks(list []record) []int32 {
	ranks := make([]int32, len(list))
	for i, r := range list {
		order, ok := r.integer("order").(int64)
		if !ok {
			for j := range ranks {
				ranks[j] = int32(j + 1)
			}
			return ranks
		}
		ranks[i] = 1
		for j, other := range list {
			if o, _ := other.integer("order").(int64); o > order || o == order && j < i {
				ranks[i]++
			}
		}
	}
	return ranks
}

func (b *nameBook) serviceRow(r record) row {
	return row{r.id("id"), b.nameOf(r), r.id("escalation_policy", "id"), false, encode(b.redact(map[string]any(r))), nil}
}

// integrationRows reads a service's integrations, without their vendors' addresses.
func (b *nameBook) integrationRows(service record) []row {
	var out []row
	for _, r := range service.objects("integrations") {
		if r.id("id") == nil {
			continue
		}
		out = append(out, row{r.id("id"), service.id("id"), b.word(r.str("type")), b.nameOf(r), b.word(r.str("vendor", "summary"))})
	}
	return out
}

func (b *nameBook) policyRow(r record) row {
	return row{r.id("id"), b.nameOf(r), false, encode(b.redact(map[string]any(r))), nil}
}

// targetRows reads whom a policy pages, level by level.
func targetRows(policy record) []row {
	var out []row
	for i, rule := range policy.objects("escalation_rules") {
		var delay any
		if minutes, ok := rule.count("escalation_delay_in_minutes").(int32); ok {
			delay = minutes * 60
		}
		for _, t := range rule.objects("targets") {
			kind := targetKind(t.text("type"))
			if t.id("id") == nil || kind == "" {
				continue
			}
			out = append(out, row{policy.id("id"), int32(i + 1), delay, kind, t.id("id")})
		}
	}
	return out
}

// targetKind folds the type names of targets: user, user_reference, schedule, schedule_reference, and those of
// shift-based schedules, schedule_v3_reference.
func targetKind(kind string) string {
	switch {
	case strings.HasPrefix(kind, "user"):
		return "user"
	case strings.HasPrefix(kind, "schedule"):
		return "schedule"
	}
	return ""
}

// scheduleRow reads a schedule. Its rendered entries have tables of their own and change with every request, so
// raw goes without them.
func (b *nameBook) scheduleRow(r record, source string) row {
	kept := record{}
	for k, v := range r {
		if k != "final_schedule" && k != "overrides_subschedule" {
			kept[k] = v
		}
	}
	for _, layer := range kept.objects("schedule_layers") {
		delete(layer, "rendered_schedule_entries")
		delete(layer, "rendered_coverage_percentage")
	}
	return row{r.id("id"), b.nameOf(r), b.word(r.str("time_zone")), source, true, false, encode(b.redact(map[string]any(kept))), nil}
}
