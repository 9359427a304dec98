"""DuckDB's own Python client over a lake: LAKE SINCE UNTIL."""
import json
import sys

import duckdb

from metrics import ACKNOWLEDGE, NIGHT

lake, since, until = sys.argv[1:]
names = {
    "notified_pairs": f"read_parquet('{lake}/notified_pairs/*/*.parquet', hive_partitioning = true)",
    "incident_facts": f"read_parquet('{lake}/incident_facts/*/*.parquet', hive_partitioning = true)",
    "since": f"TIMESTAMP '{since}'", "until": f"TIMESTAMP '{until}'",
    "hour": "hour(paged_local_at)", "evening": "CAST(CAST(paged_local_at - INTERVAL 22 HOUR AS DATE) AS VARCHAR)",
    "seconds": "CASE WHEN i.acknowledged_at IS NOT NULL THEN (epoch_us(i.acknowledged_at) - epoch_us(i.created_at)) / 1e6 END",
    "p50": "quantile_cont(seconds, 0.5)", "p90": "quantile_cont(seconds, 0.9)",
}


def ask(sql):
    answer = duckdb.sql(sql.format(**names))
    return [dict(zip(answer.columns, row)) for row in answer.fetchall()]


json.dump({"version": duckdb.__version__, "night": ask(NIGHT), "time_to_acknowledge": ask(ACKNOWLEDGE)}, sys.stdout)
