#!/bin/sh
# Asks two metrics of crywolf and of other engines over the same lake: see README.md.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
work=${CRYWOLF_LAKE_WORK:-}
if [ -z "$work" ]; then
  work=$(mktemp -d)
  trap 'rm -rf "$work"' EXIT
fi
mkdir -p "$work"
engines=${*:-duckdb spark clickhouse}
since=2026-10-19 until=2026-11-16

(cd "$here/../.." && go build -o "$work/crywolf" ./cmd/crywolf)
[ -x "$work/venv/bin/python" ] || python3 -m venv "$work/venv"
for engine in $engines; do
  case $engine in
    duckdb) package=duckdb==1.5.5 ;;
    spark) package=pyspark==4.3.0 ;;
    clickhouse) package=chdb==4.4.0 ;;
    *) echo "there is no engine $engine here" >&2; exit 2 ;;
  esac
  "$work/venv/bin/pip" install --quiet --disable-pip-version-check "$package"
done

export HOME="$work/home" SPARK_LOCAL_IP=127.0.0.1
"$work/crywolf" demo --quiet --db "$work/demo.duckdb" >/dev/null
"$work/crywolf" export --quiet --to parquet "$work/lake" --db "$work/demo.duckdb" >/dev/null
for metric in night time_to_acknowledge; do
  "$work/crywolf" query "$metric" --json --since $since --until $until --db "$work/demo.duckdb" >"$work/$metric.json"
done
failed=0
for engine in $engines; do
  "$work/venv/bin/python" "$here/${engine}_lake.py" "$work/lake" $since $until >"$work/$engine.json"
  "$work/venv/bin/python" "$here/compare.py" "$engine" "$work/$engine.json" "$work/night.json" "$work/time_to_acknowledge.json" || failed=1
done
exit $failed
