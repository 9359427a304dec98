#!/bin/sh
# Asks six questions of the same generated facts in DuckDB, PostgreSQL, SQLite and pandas, and prints seconds and ratios:
#   testdata/bench/others.sh 1000000
# On Debian, as root: it installs what it needs, and runs a PostgreSQL of its own in a temporary directory.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
n=${1:-100000}
dir=$(mktemp -d)
chmod 755 "$dir"
export DEBIAN_FRONTEND=noninteractive
need=""
for p in postgresql sqlite3 python3-venv python3-pandas python3-psycopg2; do
  dpkg -s "$p" >/dev/null 2>&1 || need="$need $p"
done
[ -z "$need" ] || { apt-get update -qq && apt-get install -y -qq --no-install-recommends $need >/dev/null; }
/usr/bin/python3 -m venv --system-site-packages "$dir/venv"
"$dir/venv/bin/pip" install -q duckdb==1.5.5
bin=$(ls -d /usr/lib/postgresql/*/bin | tail -1)
install -d -o postgres -m 700 "$dir/pg"
install -d -o postgres -m 755 "$dir/sock"
su postgres -s /bin/sh -c "'$bin/initdb' -D '$dir/pg' -A trust >/dev/null"
trap 'su postgres -s /bin/sh -c "\"$bin/pg_ctl\" -D \"$dir/pg\" stop -m immediate >/dev/null" || true; rm -rf "$dir"' EXIT INT TERM
su postgres -s /bin/sh -c "'$bin/pg_ctl' -D '$dir/pg' -w -l '$dir/pg/log' -o \"-k '$dir/sock' -c listen_addresses='' -c shared_buffers=2GB -c work_mem=512MB -c max_parallel_workers_per_gather=2 -c jit=off -c fsync=off\" start >/dev/null"
"$dir/venv/bin/python" "$here/others.py" "$n" "$dir"
