"""One asset that does nothing but write down when it ran; its job runs in one process, which is Dagster's fastest."""
import os
import time

import dagster as dg


@dg.asset
def noop(context: dg.AssetExecutionContext):
    with open(os.path.join(os.environ["BENCH_DIRECTORY"], context.run.run_id), "w") as file:
        file.write(str(time.time() * 1000))


defs = dg.Definitions(
    assets=[noop],
    jobs=[dg.define_asset_job("noop_job", selection=[noop], executor_def=dg.in_process_executor)],
)
