"""ClickHouse, as chdb runs it in this process, over a lake: LAKE SINCE UNTIL."""
import json
import sys

import chdb

from metrics import ACKNOWLEDGE, NIGHT

lake, since, until = sys.argv[1:]
micros = "toUnixTimestamp64Micro(assumeNotNull({}))"
names = {
    "notified_pairs": f"file('{lake}/notified_pairs/*/*.parquet', Parquet)",
    "incident_facts": f"file('{lake}/incident_facts/*/*.parquet', Parquet)",
    "since": f"toDateTime64('{since} 00:00:00', 6, 'UTC')", "until": f"toDateTime64('{until} 00:00:00', 6, 'UTC')",
    "hour": "toHour(paged_local_at)", "evening": "toString(toDate(paged_local_at - INTERVAL 22 HOUR))",
    "seconds": f"if(i.acknowledged_at IS NULL, NULL, ({micros.format('i.acknowledged_at')} - {micros.format('i.created_at')}) / 1e6)",
    "p50": "quantileExactInclusive(0.5)(seconds)", "p90": "quantileExactInclusive(0.9)(seconds)",
}


def ask(sql):
    text = chdb.query("SET session_timezone = 'UTC'; " + sql.format(**names), "JSON").bytes().decode()
    rows = json.loads(text)["data"]
    return [{k: v if k == "rotation_id" or v is None else float(v) for k, v in row.items()} for row in rows]


version = chdb.query("SELECT version()", "CSV").bytes().decode().strip().strip('"')
json.dump({"version": version, "night": ask(NIGHT), "time_to_acknowledge": ask(ACKNOWLEDGE)}, sys.stdout)
