package reports

import (
	"strings"
	"testing"
)

func renderQuestions(t *testing.T, a *Audit, f Format) string {
	t.Helper()
	var b strings.Builder
	if err := RenderQuestions(&b, NewInterview(a), f, Options{}); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

func renderComparison(t *testing.T, f Format, audits ...*Audit) string {
	t.Helper()
	var b strings.Builder
	if err := RenderAuditComparison(&b, audits, f, Options{}); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

func TestGoldenQuestions(t *testing.T) {
	one := auditSample(t)
	one.Rotations = one.Rotations[:1]
	golden(t, "audit_questions.txt", renderQuestions(t, nil, Table))
	golden(t, "audit_questions_noisy.txt", renderQuestions(t, one, Table))
	golden(t, "audit_questions_noisy.md", renderQuestions(t, one, Markdown))
	golden(t, "audit_questions_noisy.json", renderQuestions(t, one, JSON))
}

func TestGoldenComparison(t *testing.T) {
	one, two := auditSample(t), auditSample(t)
	one.Rotations, two.Rotations = one.Rotations[:1], two.Rotations[2:3]
	two.Shared, two.Rotations[0].ID, two.Rotations[0].Name = true, "A", "A"
	golden(t, "audit_one.txt", renderComparison(t, Table, one))
	golden(t, "audit_two.txt", renderComparison(t, Table, one, two))
	golden(t, "audit_two.md", renderComparison(t, Markdown, one, two))
	golden(t, "audit_two.json", renderComparison(t, JSON, one, two))
}
