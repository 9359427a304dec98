package main

import (
	"slices"
	"testing"
)

func TestSpread(t *testing.T) {
	people := []personLoad{{100, 2}, {100, 10}, {100, 4}, {100, 4}}
	s := spreadOf(people, 4, 1)
	if s == nil {
		t.Fatal("four people have no spread")
	}
	if !slices.Equal(s.PageCounts, []int64{10, 4, 4, 2}) || s.PersonCount != 4 {
		t.Errorf("got %d people with %v", s.PersonCount, s.PageCounts)
	}
	if *s.HeaviestToEqualRatio != 2 { // 10 where 20 pages / 4 people is 5
		t.Errorf("the heaviest has %v times an equal share", *s.HeaviestToEqualRatio)
	}
	if *s.GiniRatio != 0.3 { // (-3·2 - 1·4 + 1·4 + 3·10) / (4·20)
		t.Errorf("gini is %v", *s.GiniRatio)
	}
	if again := spreadOf(people, 4, 1); *again.GiniByChanceHighRatio != *s.GiniByChanceHighRatio {
		t.Error("the same seed gives another number")
	}
}

func TestSpreadIsHidden(t *testing.T) {
	if s := spreadOf([]personLoad{{1, 9}, {1, 1}, {1, 1}}, 4, 1); s != nil {
		t.Errorf("three people: %+v", s)
	}
	if s := spreadOf([]personLoad{{1, 0}, {1, 0}, {1, 0}, {1, 0}}, 4, 1); s != nil {
		t.Errorf("no page: %+v", s)
	}
}

// TestSpreadKnowsChance: equal rates over unequal time are not called uneven, and one person with all pages is.
func TestSpreadKnowsChance(t *testing.T) {
	byTime := spreadOf([]personLoad{{400, 80}, {100, 20}, {100, 20}, {100, 20}}, 4, 7)
	if byTime.MayBeChance == nil || !*byTime.MayBeChance {
		t.Errorf("pages in proportion to time on call: gini %v, by chance %v", *byTime.GiniRatio, *byTime.GiniByChanceHighRatio)
	}
	one := spreadOf([]personLoad{{100, 140}, {100, 0}, {100, 0}, {100, 0}}, 4, 7)
	if one.MayBeChance == nil || *one.MayBeChance {
		t.Errorf("one has all: gini %v, by chance %v", *one.GiniRatio, *one.GiniByChanceHighRatio)
	}
}

// TestSeedIsStable: another seed would print other bytes for the same data.
func TestSeedIsStable(t *testing.T) {
	if got := seedOf("PAGLN2S"); got != 4317875038386831946 {
		t.Errorf("the seed of PAGLN2S is %d", got)
	}
}
