"""Loads the flights of the sample API into DuckDB with dlt and prints what it took.

usage: load.py <base url> <rows> <json|arrow> <scratch folder>

json: pages of records, as lists.
"""
import json
import os
import resource
import sys
import time

base_url, rows, kind, scratch = sys.argv[1], int(sys.argv[2]), sys.argv[3], sys.argv[4]
os.chdir(scratch)
os.environ["RUNTIME__DLTHUB_TELEMETRY"] = "false"
os.environ["DLT_DATA_DIR"] = scratch

import io

import dlt
import pyarrow.json
from dlt.sources.helpers import requests


def pages(**params):
    url, params = f"{base_url}/flights", {"limit": 100_000, "rows": rows, "repeat": 10, **params}
    while url:
        answer = requests.get(url, params=params)
        answer.raise_for_status()
        yield answer
        url, params = answer.links.get("next", {}).get("url"), None


@dlt.resource(name="flights", write_disposition="replace")
def records():
    for answer in pages():
        yield answer.json()["data"]


@dlt.resource(name="flights", write_disposition="replace")
def tables():
    for answer in pages(format="ndjson"):
        yield pyarrow.json.read_json(io.BytesIO(answer.content))


def cpu_seconds():
    return sum(u.ru_utime + u.ru_stime for u in map(resource.getrusage, (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)))


pipeline = dlt.pipeline("flights_" + kind, destination=dlt.destinations.duckdb(os.path.join(scratch, kind + ".duckdb")), dataset_name="raw")
cpu, started = cpu_seconds(), time.time()
# Parquet, because as SQL text (the default) DuckDB took 5 GB of memory for 200,000 records.
pipeline.run(records() if kind == "json" else tables(), loader_file_format="parquet")
seconds, cpu = time.time() - started, cpu_seconds() - cpu
with pipeline.sql_client() as client, client.execute_query("select count(*) from flights") as cursor:
    loaded = cursor.fetchone()[0]
peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024 / 1e6
print(json.dumps({"rows": loaded, "seconds": round(seconds, 2), "cpuSeconds": round(cpu, 2), "peakMegabytes": round(peak)}))
