"""An asset of BENCH_PARTITIONS partitions that does nothing, a run each."""
import os

import dagster as dg

keys = [f"p{i:05d}" for i in range(int(os.environ["BENCH_PARTITIONS"]))]


@dg.asset(
    partitions_def=dg.StaticPartitionsDefinition(keys),
    backfill_policy=dg.BackfillPolicy.multi_run(1),
)
def parted():
    pass


defs = dg.Definitions(assets=[parted])
