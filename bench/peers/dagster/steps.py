"""BENCH_STEPS assets that do nothing, as a chain and side by side, each a job in one process: Dagster's fastest."""
import os

import dagster as dg

COUNT = int(os.environ["BENCH_STEPS"])


def noop(name, deps, group):
    @dg.asset(name=name, deps=deps, group_name=group)
    def run():
        pass

    return run


assets = [noop(f"chained_{i}", [f"chained_{i - 1}"] if i else [], "chained") for i in range(COUNT)]
assets += [noop(f"beside_{i}", [], "beside") for i in range(COUNT)]
defs = dg.Definitions(
    assets=assets,
    jobs=[
        dg.define_asset_job(
            name, selection=dg.AssetSelection.groups(name), executor_def=dg.in_process_executor
        )
        for name in ("chained", "beside")
    ],
)
