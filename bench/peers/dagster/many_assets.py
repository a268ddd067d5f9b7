"""As many assets as BENCH_ASSETS says, each depending on the one before and on the one at half its number."""
import os

import dagster as dg


def generated(i: int):
    deps = sorted({d for d in (i - 1, i // 2) if 0 <= d < i})

    @dg.asset(key=["generated", f"a{i}"], deps=[dg.AssetKey(["generated", f"a{d}"]) for d in deps])
    def run():
        pass

    return run


defs = dg.Definitions(assets=[generated(i) for i in range(int(os.environ["BENCH_ASSETS"]))])
