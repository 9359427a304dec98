"""Compares an engine's answers with crywolf's: ENGINE ANSWERS.json NIGHT.json TIME_TO_ACKNOWLEDGE.json."""
import json
import math
import sys

engine, answers, *metrics = sys.argv[1:]
answers = json.load(open(answers))
compared, wrong = 0, []
for path in metrics:
    want = json.load(open(path))
    name = want["metric"]
    got = {row["rotation_id"]: row for row in answers[name]}
    if sorted(got) != sorted(row["rotation_id"] for row in want["rows"]):
        sys.exit(f"{engine}: {name}: rotations {sorted(got)}")
    for row in want["rows"]:
        other = got[row["rotation_id"]]
        if name == "night":
            other["page_ratio"] = other["page_count"] / other["all_count"]
        for column in sorted(set(row) & set(other) - {"rotation_id"}):
            compared += 1
            x, y = row[column], other[column]
            if (x is None) != (y is None) or x is not None and not math.isclose(x, y, rel_tol=1e-9):
                wrong.append(f"{name} {row['rotation_id']} {column}: crywolf {x}, {engine} {y}")
        print(engine, name, row["rotation_id"], {c: other[c] for c in sorted(set(row) & set(other) - {"rotation_id"})})
for line in wrong:
    print(line)
print(f"{engine} {answers['version']}: {compared} numbers compared, {len(wrong)} differ")
sys.exit(1 if wrong or compared < 20 else 0)
