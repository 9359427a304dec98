#!/bin/sh
# Prints a Markdown table of what crywolf takes at the given numbers of incidents:
#   testdata/bench/table.sh 100000 1000000
set -eu
cd "$(dirname "$0")/../.."
sizes=${*:-100000}
CRYWOLF_BENCH_DIR=${CRYWOLF_BENCH_DIR:-$(mktemp -d)}
export CRYWOLF_BENCH_DIR
echo "| incidents | what | time | processor | peak memory |"
echo "|---:|---|---:|---:|---:|"
for n in $sizes; do
  export CRYWOLF_BENCH_INCIDENTS="$n"
  { go test ./cmd/crywolf -run '^$' -bench BenchmarkCold -benchtime "${BENCHTIME:-3x}" -timeout 6h
    go test ./analysis -run '^$' -bench 'BenchmarkOpen|BenchmarkDerive/new' -benchtime "${BENCHTIME:-3x}" -timeout 6h
  } | awk -v n="$n" '
    /^Benchmark/ {
      name = $1; sub(/^Benchmark(Cold\/)?/, "", name); sub(/-[0-9]+$/, "", name)
      cpu = "–"; mem = "–"
      for (i = 3; i < NF; i++) {
        if ($(i+1) == "ns/op") t = sprintf("%.0f ms", $i / 1e6)
        if ($(i+1) == "cpu-ms") cpu = sprintf("%.0f ms", $i)
        if ($(i+1) == "peak-RSS-MB") mem = sprintf("%.0f MB", $i)
      }
      printf "| %d | %s | %s | %s | %s |\n", n, name, t, cpu, mem
    }'
done
