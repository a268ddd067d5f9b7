"""Materializations stored in batches of BENCH_BATCH, BENCH_BATCHES times; prints the rate of each round."""
import json
import logging
import os
import time
import warnings

warnings.filterwarnings("ignore")

import dagster as dg
from dagster._core.events import DagsterEvent, StepMaterializationData
from dagster._core.events.log import EventLogEntry
from dagster._core.storage.dagster_run import DagsterRun

logging.disable(logging.CRITICAL)
instance = dg.DagsterInstance.get()
run = instance.add_run(DagsterRun(job_name="bench"))
batch = int(os.environ["BENCH_BATCH"])


def event(i):
    materialization = dg.AssetMaterialization(asset_key=f"a{i % 50}", metadata={"rows": i})
    return EventLogEntry(
        error_info=None,
        user_message="m",
        level=10,
        run_id=run.run_id,
        timestamp=time.time(),
        step_key="s",
        job_name=run.job_name,
        dagster_event=DagsterEvent(
            event_type_value="ASSET_MATERIALIZATION",
            job_name=run.job_name,
            step_key="s",
            event_specific_data=StepMaterializationData(materialization, []),
            message="m",
        ),
    )


for _ in range(int(os.environ["BENCH_BATCHES"])):
    cpu, started = time.process_time(), time.time()
    instance.event_log_storage.store_event_batch([event(i) for i in range(batch)])
    print(json.dumps({"seconds": time.time() - started, "cpuSeconds": time.process_time() - cpu}), flush=True)
