"""BENCH_SCHEDULES schedules that are due every minute."""
import os

import dagster as dg


@dg.op
def noop():
    pass


@dg.job(executor_def=dg.in_process_executor)
def noop_job():
    noop()


defs = dg.Definitions(
    jobs=[noop_job],
    schedules=[
        dg.ScheduleDefinition(
            name=f"s{i}",
            job=noop_job,
            cron_schedule="* * * * *",
            default_status=dg.DefaultScheduleStatus.RUNNING,
        )
        for i in range(int(os.environ["BENCH_SCHEDULES"]))
    ],
)
