"""Spark over a lake: LAKE SINCE UNTIL."""
import json
import sys

from pyspark.sql import SparkSession

from metrics import ACKNOWLEDGE, NIGHT

lake, since, until = sys.argv[1:]
spark = (SparkSession.builder.master("local[2]").appName("crywolf")
         .config("spark.ui.enabled", "false").config("spark.ui.showConsoleProgress", "false").config("spark.sql.session.timeZone", "UTC")
         .config("spark.sql.shuffle.partitions", "2").config("spark.driver.host", "127.0.0.1").getOrCreate())
spark.sparkContext.setLogLevel("ERROR")
for table in ("notified_pairs", "incident_facts"):
    spark.read.parquet(f"{lake}/{table}").createOrReplaceTempView(table)
micros = "unix_micros(CAST({} AS TIMESTAMP))"
names = {
    "notified_pairs": "notified_pairs", "incident_facts": "incident_facts",
    "since": f"TIMESTAMP_NTZ '{since} 00:00:00'", "until": f"TIMESTAMP_NTZ '{until} 00:00:00'",
    "hour": "hour(paged_local_at)", "evening": "CAST(CAST(paged_local_at - INTERVAL 22 HOUR AS DATE) AS STRING)",
    "seconds": f"({micros.format('i.acknowledged_at')} - {micros.format('i.created_at')}) / 1e6D",
    "p50": "percentile(seconds, 0.5)", "p90": "percentile(seconds, 0.9)",
}


def ask(sql):
    return [row.asDict() for row in spark.sql(sql.format(**names)).collect()]


json.dump({"version": spark.version, "night": ask(NIGHT), "time_to_acknowledge": ask(ACKNOWLEDGE)}, sys.stdout)
spark.stop()
