"""Six questions about on-call in DuckDB, PostgreSQL, SQLite and pandas: the same rows, each engine in a good form.

Times are seconds since 1970 as whole numbers everywhere, so that no engine pays for time zones; a person's clock is a table of
offsets. The SQL is one text for all three databases but where a function is called otherwise. Best of three.
"""
import datetime
import functools
import os
import sqlite3
import sys
import time
import zoneinfo

import duckdb
import numpy as np
import pandas as pd
import psycopg2

n, work = int(sys.argv[1]), sys.argv[2]
here = os.path.dirname(os.path.abspath(__file__))

PAGES = """page AS (
  SELECT incident, usr, min(secs) AS secs FROM log WHERE type = 'notify_log_entry' AND medium <> 'email' GROUP BY incident, usr)"""

QUESTIONS = {
    "pages per shift": f"""WITH {PAGES}, held AS (
  SELECT d.schedule, d.start_at, count(*) AS pages
  FROM page p JOIN inc i ON i.id = p.incident JOIN service v ON v.id = i.service
  JOIN shift_day d ON d.schedule = v.schedule AND d.usr = p.usr AND d.day = p.secs DIV 86400 AND p.secs >= d.start_at AND p.secs < d.end_at
  GROUP BY d.schedule, d.start_at)
SELECT count(*), sum(pages), sum(pages * pages) FROM held""",
    "night share": f"""WITH {PAGES}
SELECT count(*), sum(CASE WHEN (p.secs + z.offset_s) % 86400 >= 79200 OR (p.secs + z.offset_s) % 86400 < 28800 THEN 1 ELSE 0 END)
FROM page p JOIN zone z ON z.usr = p.usr AND p.secs >= z.from_at AND p.secs < z.to_at""",
    "percentiles": """WITH acked AS (
  SELECT incident, min(secs) AS secs FROM log WHERE type = 'acknowledge_log_entry' AND agent_type = 'user' GROUP BY incident),
timed AS (SELECT i.service, a.secs - i.created AS ack, i.resolved - i.created AS res FROM inc i LEFT JOIN acked a ON a.incident = i.id)
PERCENTILES""",
    "flapping": """WITH spaced AS (
  SELECT created - lag(created, 2) OVER (PARTITION BY service, akey ORDER BY created, id) AS since FROM inc)
SELECT count(*) FROM spaced WHERE since <= 3600""",
    "non-actionable": """WITH touched AS (
  SELECT DISTINCT incident FROM log WHERE type IN ('acknowledge_log_entry', 'annotate_log_entry') AND agent_type = 'user')
SELECT count(*), count(t.incident), sum(CASE WHEN t.incident IS NULL AND i.resolved - i.created <= 300 THEN 1 ELSE 0 END)
FROM inc i LEFT JOIN touched t ON t.incident = i.id""",
    "top noisy": """SELECT service, akey, count(*) AS n FROM inc GROUP BY service, akey ORDER BY n DESC, service, akey LIMIT 20""",
}

CONT = """, q AS (SELECT service, {ack5} AS a5, {ack9} AS a9, {res5} AS r5, {res9} AS r9 FROM timed GROUP BY service)
SELECT count(*), round(CAST(sum(a5) AS NUMERIC), 2), round(CAST(sum(a9) AS NUMERIC), 2), round(CAST(sum(r5) AS NUMERIC), 2), round(CAST(sum(r9) AS NUMERIC), 2) FROM q"""
RANKED = """, r AS (
  SELECT service, ack AS x, 'a' AS what, row_number() OVER (PARTITION BY service ORDER BY ack) - 1 AS k, count(*) OVER (PARTITION BY service) - 1 AS m FROM timed WHERE ack IS NOT NULL
  UNION ALL
  SELECT service, res, 'r', row_number() OVER (PARTITION BY service ORDER BY res) - 1, count(*) OVER (PARTITION BY service) - 1 FROM timed WHERE res IS NOT NULL),
q AS (SELECT service, what, p, sum(CASE WHEN k = CAST(p * m AS INTEGER) THEN x * (1 - (p * m - CAST(p * m AS INTEGER)))
                                      WHEN k = CAST(p * m AS INTEGER) + 1 THEN x * (p * m - CAST(p * m AS INTEGER)) END) AS v
      FROM r, (SELECT 0.5 AS p UNION ALL SELECT 0.9) GROUP BY service, what, p)
SELECT count(DISTINCT service), round(sum(CASE WHEN what = 'a' AND p = 0.5 THEN v END), 2), round(sum(CASE WHEN what = 'a' AND p = 0.9 THEN v END), 2),
       round(sum(CASE WHEN what = 'r' AND p = 0.5 THEN v END), 2), round(sum(CASE WHEN what = 'r' AND p = 0.9 THEN v END), 2) FROM q"""


def dialect(engine, sql):
    if engine == "sqlite":
        return sql.replace("\nPERCENTILES", RANKED).replace("DIV", "/")
    call = "quantile_cont({0}, {1})" if engine == "duckdb" else "percentile_cont({1}) WITHIN GROUP (ORDER BY {0})"
    cont = CONT.format(ack5=call.format("ack", 0.5), ack9=call.format("ack", 0.9), res5=call.format("res", 0.5), res9=call.format("res", 0.9))
    return sql.replace("\nPERCENTILES", cont).replace("DIV", "//" if engine == "duckdb" else "/")


def best(ask):
    seconds, answer = 1e9, None
    for _ in range(3):
        started = time.perf_counter()
        answer = ask()
        seconds = min(seconds, time.perf_counter() - started)
    return seconds, [tuple(float(x) if not isinstance(x, str) else x for x in row) for row in answer]


TABLES = {
    "inc": "id text, service text, akey text, created bigint, resolved bigint",
    "log": "incident text, type text, secs bigint, agent_type text, usr text, medium text",
    "service": "id text, schedule text",
    "shift_day": "schedule text, usr text, day bigint, start_at bigint, end_at bigint",
    "zone": "usr text, from_at bigint, to_at bigint, offset_s bigint",
}


@functools.cache
def stretches(name):
    """The stretches of time over which a zone has one offset: from, to, offset."""
    zone, at, out = zoneinfo.ZoneInfo(name), datetime.datetime(2023, 12, 1, tzinfo=datetime.timezone.utc), []
    begun, offset = 0, at.astimezone(zone).utcoffset()
    while at.year < 2027:
        at += datetime.timedelta(hours=1)
        now = at.astimezone(zone).utcoffset()
        if now != offset:
            out.append((begun, int(at.timestamp()), int(offset.total_seconds())))
            begun, offset = int(at.timestamp()), now
    return out + [(begun, 1 << 40, int(offset.total_seconds()))]


def make_facts():
    """Writes the rows once, by facts.sql, and as CSV for the others."""
    db = duckdb.connect(os.path.join(work, "facts.duckdb"))
    db.execute("SET threads = 2; SET TimeZone = 'UTC'")
    db.execute(open(os.path.join(here, "../../ingest/schema.sql")).read())
    db.execute(f"SET VARIABLE incident_count = {n}")
    db.execute(open(os.path.join(here, "facts.sql")).read())
    db.execute("""
      CREATE TABLE inc AS SELECT id, service_id AS service, json_extract_string(e.raw, '$.channel.incident_key') AS akey,
             epoch_us(i.created_at) // 1000000 AS created, epoch_us(i.resolved_at) // 1000000 AS resolved
        FROM incidents i JOIN (SELECT incident_id, first(raw ORDER BY id) AS raw FROM log_entries WHERE type = 'trigger_log_entry' GROUP BY 1) e ON e.incident_id = i.id ORDER BY i.created_at, i.id;
      CREATE TABLE log AS SELECT incident_id AS incident, type, epoch_us(created_at) // 1000000 AS secs, agent_type, coalesce(user_id, agent_id) AS usr, summary_medium AS medium
        FROM log_entries ORDER BY created_at, id;
      CREATE TABLE service AS SELECT s.id, t.target_id AS schedule FROM services s JOIN escalation_targets t ON t.escalation_policy_id = s.escalation_policy_id AND t.level = 1;
      CREATE TABLE shift_day AS
        SELECT schedule, usr, unnest(range(a // 86400, (b - 1) // 86400 + 1)) AS day, a AS start_at, b AS end_at
        FROM (SELECT schedule_id AS schedule, user_id AS usr, epoch_us(start_at) // 1000000 AS a, epoch_us(end_at) // 1000000 AS b FROM schedule_entries WHERE user_id IS NOT NULL);
      UPDATE inc SET akey = '' WHERE akey IS NULL""")
    zones = [(user, *stretch) for user, name in db.execute("SELECT id, time_zone FROM users").fetchall() for stretch in stretches(name)]
    frame = pd.DataFrame(zones, columns=["usr", "from_at", "to_at", "offset_s"])
    db.execute("CREATE TABLE zone AS FROM frame")
    for table in TABLES:
        db.execute(f"COPY {table} TO '{work}/{table}.csv' (HEADER false)")
    db.execute("CHECKPOINT")
    return db


def make_postgres():
    pg = psycopg2.connect(host=os.path.join(work, "sock"), user="postgres", dbname="postgres")
    pg.autocommit = True
    c = pg.cursor()
    for table, columns in TABLES.items():
        c.execute(f"CREATE TABLE {table} ({columns})")
        with open(f"{work}/{table}.csv") as f:
            c.copy_expert(f"COPY {table} FROM STDIN (FORMAT csv)", f)
    c.execute("CREATE INDEX ON shift_day (schedule, usr, day)")
    c.execute("CREATE INDEX ON zone (usr, from_at)")
    c.execute("CREATE INDEX ON inc (id)")
    c.execute("VACUUM ANALYZE")

    def ask(sql):
        c.execute(sql)
        return c.fetchall()
    return ask


def make_sqlite():
    lite = sqlite3.connect(os.path.join(work, "facts.sqlite"))
    lite.execute("PRAGMA journal_mode = off")
    lite.execute("PRAGMA cache_size = -2000000")
    lite.execute("PRAGMA threads = 2")
    lite.execute("PRAGMA temp_store = memory")
    for table, columns in TABLES.items():
        lite.execute(f"CREATE TABLE {table} ({columns})")
        marks = ",".join("?" * (columns.count(",") + 1))
        for part in pd.read_csv(f"{work}/{table}.csv", header=None, chunksize=200_000, dtype=object, keep_default_na=False, na_values=[""]):
            lite.executemany(f"INSERT INTO {table} VALUES ({marks})", [[None if x != x else x for x in row] for row in part.values.tolist()])
    lite.execute("UPDATE inc SET akey = '' WHERE akey IS NULL")
    lite.execute("CREATE INDEX d ON shift_day (schedule, usr, day, start_at, end_at)")
    lite.execute("CREATE INDEX z ON zone (usr, from_at, to_at, offset_s)")
    lite.execute("CREATE INDEX i ON inc (id, service)")
    lite.execute("ANALYZE")
    lite.commit()
    return lambda sql: lite.execute(sql).fetchall()


def make_pandas():
    """Texts as categories and log entries joined by number: what somebody who knows pandas does once, before asking."""
    f = {t: pd.read_csv(f"{work}/{t}.csv", header=None, names=[x.split()[0] for x in cols.split(", ")], keep_default_na=False, na_values=[""]) for t, cols in TABLES.items()}
    ids = pd.Index(f["inc"]["id"])
    f["log"]["incident"] = ids.get_indexer(f["log"]["incident"])
    f["inc"]["akey"] = f["inc"]["akey"].fillna("")
    for table, columns in {"inc": ["service", "akey"], "log": ["type", "agent_type", "usr", "medium"]}.items():
        for c in columns:
            f[table][c] = f[table][c].astype("category")
    f["inc"]["number"] = np.arange(len(f["inc"]))
    inc, log = f["inc"], f["log"]
    schedule_of = f["service"].set_index("id")["schedule"]

    def pages():
        sent = log[(log["type"] == "notify_log_entry") & (log["medium"] != "email")]
        return sent.groupby(["incident", "usr"], observed=True, sort=False)["secs"].min().reset_index()

    def per_shift():
        p = pages()
        p["schedule"] = inc["service"].map(schedule_of).astype(object).to_numpy()[p["incident"]]
        p["day"], p["usr"] = p["secs"] // 86400, p["usr"].astype(object)
        m = p.merge(f["shift_day"], on=["schedule", "usr", "day"])
        m = m[(m["secs"] >= m["start_at"]) & (m["secs"] < m["end_at"])].groupby(["schedule", "start_at"]).size()
        return [(len(m), m.sum(), (m * m).sum())]

    def night():
        p = pages()
        p["usr"] = p["usr"].astype(object)
        m = p.merge(f["zone"], on="usr")
        m = m[(m["secs"] >= m["from_at"]) & (m["secs"] < m["to_at"])]
        second = (m["secs"] + m["offset_s"]) % 86400
        return [(len(m), ((second >= 79200) | (second < 28800)).sum())]

    def percentiles():
        acked = log[(log["type"] == "acknowledge_log_entry") & (log["agent_type"] == "user")].groupby("incident")["secs"].min()
        t = pd.DataFrame({"service": inc["service"], "a": acked.reindex(inc["number"]).to_numpy() - inc["created"], "r": inc["resolved"] - inc["created"]})
        q = t.groupby("service", observed=True)[["a", "r"]].quantile([0.5, 0.9]).unstack()
        return [(len(q), *(round(q[c][p].sum(), 2) for c in "ar" for p in (0.5, 0.9)))]

    def flapping():
        s = inc.sort_values(["created", "id"], kind="stable")
        since = s["created"] - s.groupby(["service", "akey"], observed=True)["created"].shift(2)
        return [((since <= 3600).sum(),)]

    def non_actionable():
        hit = log[log["type"].isin(["acknowledge_log_entry", "annotate_log_entry"]) & (log["agent_type"] == "user")]["incident"].unique()
        touched = np.zeros(len(inc), bool)
        touched[hit] = True
        return [(len(inc), touched.sum(), (~touched & (inc["resolved"] - inc["created"] <= 300).to_numpy()).sum())]

    def noisy():
        g = inc.groupby(["service", "akey"], observed=True).size().reset_index(name="n")
        g["service"], g["akey"] = g["service"].astype(str), g["akey"].astype(str)
        return list(g.sort_values(["n", "service", "akey"], ascending=[False, True, True]).head(20).itertuples(index=False, name=None))

    return dict(zip(QUESTIONS, [per_shift, night, percentiles, flapping, non_actionable, noisy]))


def main():
    loads, results = {}, {}
    started = time.perf_counter()
    db = make_facts()
    print(f"{n} incidents, {db.execute('SELECT count(*) FROM log').fetchone()[0]} log entries; made in {time.perf_counter() - started:.0f} s", flush=True)
    engines = {"duckdb": lambda: (lambda sql: db.execute(sql).fetchall()), "postgres": make_postgres, "sqlite": make_sqlite, "pandas": make_pandas}
    for name, make in engines.items():
        started = time.perf_counter()
        ask = make()
        loads[name] = time.perf_counter() - started
        for question, sql in QUESTIONS.items():
            results[name, question] = best(ask[question]) if name == "pandas" else best(lambda: ask(dialect(name, sql)))
        print(f"{name} done, loaded in {loads[name]:.0f} s", flush=True)
    print("\n| question | " + " | ".join(f"{e}, s" if e == "duckdb" else f"{e} (× DuckDB)" for e in engines) + " |\n|---|" + "---:|" * len(engines))
    for question in QUESTIONS:
        base, want = results["duckdb", question]
        for e in engines:
            if results[e, question][1] != want:
                sys.exit(f"{question}: {e} says {results[e, question][1][:3]}, duckdb {want[:3]}")
        print(f"| {question} | {base:.3f} | " + " | ".join(f"{results[e, question][0]:.2f} ({results[e, question][0] / base:.1f}×)" for e in list(engines)[1:]) + " |")
    total = {e: sum(results[e, q][0] for q in QUESTIONS) for e in engines}
    print(f"| all six | {total['duckdb']:.2f} | " + " | ".join(f"{total[e]:.1f} ({total[e] / total['duckdb']:.1f}×)" for e in list(engines)[1:]) + " |")


main()
