"""As many assets as BENCH_ASSETS says, each depending on those at a half and a third of its number.

Flat on purpose: Dagster sorts graphs in time that grows with assets times depth, and a chain of 10,000
did not load within three minutes.
"""
import os

import dagster as dg


def generated(i: int):
    deps = sorted({d for d in (i // 2, i // 3) if 0 <= d < i})

    @dg.asset(key=["generated", f"a{i}"], deps=[dg.AssetKey(["generated", f"a{d}"]) for d in deps])
    def run():
        pass

    return run


defs = dg.Definitions(assets=[generated(i) for i in range(int(os.environ["BENCH_ASSETS"]))])
