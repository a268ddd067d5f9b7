"""BENCH_ASSETS assets in layers of 100, each after two of the layer above, all eager; evaluated by one running sensor."""
import os

import dagster as dg

WIDTH = 100


def layered(i: int):
    layer, place = divmod(i, WIDTH)
    above = [(layer - 1) * WIDTH + p for p in (place, (place + 1) % WIDTH)] if layer else []

    @dg.asset(
        name=f"a{i}",
        deps=[f"a{d}" for d in above],
        automation_condition=dg.AutomationCondition.eager(),
    )
    def run():
        pass

    return run


defs = dg.Definitions(
    assets=[layered(i) for i in range(int(os.environ["BENCH_ASSETS"]))],
    sensors=[
        dg.AutomationConditionSensorDefinition(
            "automate",
            target=dg.AssetSelection.all(),
            default_status=dg.DefaultSensorStatus.RUNNING,
            minimum_interval_seconds=10,
        )
    ],
)
