import { ticksBetween } from '../../../lib/model/cron';
import { SCHEDULES } from '../workload/manifest';
import type { People } from '../workload/people';
import type { File } from '../world/code-locations';
import type { Database } from '../world/database';
import type { Ecs } from '../world/ecs';
import type { StepFunctions } from '../world/step-functions';
import { isFinished, type RunBook } from './run-book';

/** What there is to look at when all should be over. */
export interface Ending {
  readonly database: Database;
  readonly book: RunBook;
  readonly people: People;
  readonly ecs: Ecs;
  readonly stepFunctions: StepFunctions;
  readonly files: readonly File[];
  /** Runs of whose failure people were told. */
  readonly failuresTold: ReadonlySet<string>;
  /** Schedules and sensors were on from here … */
  readonly beganAt: number;
  /** … faults ended here … */
  readonly healedAt: number;
  /** … and they were asked to be off here. */
  readonly turnedOffAt: number;
  /** Whether anything could keep a tick from being evaluated in its time. */
  readonly couldBeLate: boolean;
}

/** What is still going on; empty when all has come to its end. */
export async function unfinished({
  database,
  book,
  people,
  ecs,
  stepFunctions,
}: Ending): Promise<readonly string[]> {
  const open = await database.ask<string>(`
    select to_json(what) from (
      select 'outbox ' || kind || ' ' || coalesce(run_id::text, '') as what from headrace.outbox
      union all select 'tick ' || name || ' ' || scheduled_at from headrace.ticks where status = 'STARTED'
      union all select 'backfill ' || backfill_id || ' ' || status from headrace.backfills where ended_at is null
      union all select 'lease ' || pool || ' ' || run_id from headrace.pool_leases) o`);
  return [
    ...[...book.runs.values()]
      .filter((run) => !isFinished(run))
      .map(({ runId, status }) => `run ${runId} ${status}`),
    ...[...people.asking].map((key) => `request ${key}`),
    ...stepFunctions.running().map((name) => `execution ${name}`),
    ...ecs.all().flatMap(({ arn, lastStatus }) => (lastStatus === 'STOPPED' ? [] : [`${arn} ${lastStatus}`])),
    ...open,
  ];
}

/** Accounts for everything that was asked for. */
export async function checkAtTheEnd(ending: Ending, violate: (what: string) => void): Promise<void> {
  const { book, people, failuresTold } = ending;
  for (const [key, runId] of people.accepted) {
    const run = book.runs.get(runId);
    if (run === undefined || !isFinished(run)) violate(`run ${runId} of request ${key} was lost`);
  }
  for (const run of book.runs.values()) if (isFinished(run)) await book.checkEvents(run);
  for (const { runId, status } of book.runs.values()) {
    const isLast = status === 'FAILURE' && book.retriesOf(runId).length === 0;
    if (isLast && !failuresTold.has(runId)) violate(`nobody was told of the failure of run ${runId}`);
  }
  await checkTicks(ending, violate);
  await checkSensors(ending, violate);
  await checkBackfills(ending, violate);
}

interface TickRow {
  readonly name: string;
  readonly status: string;
  readonly scheduledAt: number;
  readonly runs: number;
  readonly startedAt: number;
  readonly endedAt: number;
}

const RUNS_OF_TICK: Readonly<Record<string, number>> = { hourly_report: 1, daily_load: 2, catching_up: 1 };

async function checkTicks(ending: Ending, violate: (what: string) => void): Promise<void> {
  const rows = await ending.database.ask<TickRow>(`
    select json_build_object('name', name, 'status', status, 'scheduledAt', scheduled_at, 'startedAt', started_at, 'endedAt', ended_at, 'runs', (
        select count(*) from headrace.runs r where r.origin_kind = 'schedule' and r.origin_name = t.name and r.run_key like t.scheduled_at || '/%'))
      from headrace.ticks t where kind = 'schedule' order by name, scheduled_at`);
  for (const [name, cron] of Object.entries(SCHEDULES)) {
    const own = rows.filter((row) => row.name === name);
    for (const { status, scheduledAt, runs } of own) {
      const expected = status === 'SUCCESS' ? RUNS_OF_TICK[name] : 0;
      if (runs !== expected) violate(`tick ${name} ${scheduledAt} is ${status} with ${runs} runs`);
    }
    const ticked = new Set(own.map(({ scheduledAt }) => scheduledAt));
    // A tick in the last minutes may be left to the evaluation that turning it off prevented.
    const expected = ticksBetween([cron], 'UTC', ending.beganAt, ending.turnedOffAt - 120_000);
    const missed = [...expected].filter((instant) => !ticked.has(instant));
    for (const instant of missed) {
      const isMadeUpFor = own.some(({ scheduledAt }) => scheduledAt > instant);
      const isExcused = ending.couldBeLate && instant < ending.healedAt;
      if (!isMadeUpFor || !isExcused)
        violate(`tick ${name} of ${new Date(instant).toISOString()} is missing`);
    }
  }
}

async function checkSensors(
  { database, book, files, turnedOffAt }: Ending,
  violate: (what: string) => void,
): Promise<void> {
  const runs = [...book.runs.values()].filter(({ origin }) => origin.kind === 'sensor');
  const keys = (name: string): ReadonlySet<string | null> =>
    new Set(runs.filter(({ origin }) => origin.name === name).map(({ origin }) => origin.runKey));
  const loaded = keys('files');
  for (const { name, at } of files) {
    if (at < turnedOffAt - 180_000 && !loaded.has(name)) violate(`file ${name} was never loaded`);
  }
  const followed = keys('after_load');
  const loads = await database.ask<string>(
    `select to_json(r.run_id) from headrace.runs r
      where r.job_name = 'load' and r.status = 'SUCCESS' and r.ended_at < $1::bigint and r.ended_at > (
        select min(ended_at) from headrace.ticks where kind = 'sensor' and name = 'after_load' and status <> 'FAILURE')`,
    [Math.floor(turnedOffAt - 180_000)],
  );
  for (const runId of loads) if (!followed.has(runId)) violate(`the end of run ${runId} was never followed`);
}

async function checkBackfills({ database }: Ending, violate: (what: string) => void): Promise<void> {
  const targets = await database.ask<{
    id: string;
    partition: string;
    status: string;
    backfill: string;
    runs: number;
  }>(`
    select json_build_object('id', b.backfill_id, 'backfill', b.status, 'partition', t.partition, 'status', t.status, 'runs', (
        select count(*) from headrace.runs r where r.tags ->> 'dagster/backfill' = b.backfill_id
          and r.tags ->> 'dagster/partition' = t.partition and r.origin_kind = 'backfill' and r.status <> 'CANCELED'))
      from headrace.backfills b join headrace.backfill_targets t on t.backfill_id = b.backfill_id order by b.backfill_id, t.ord`);
  for (const { id, partition, status, backfill, runs } of targets) {
    if (status === 'PENDING' || status === 'REQUESTED')
      violate(`partition ${partition} of backfill ${id} (${backfill}) is ${status}`);
    // One that is resumed after it was canceled makes again what was canceled.
    if (runs > 1 || (backfill === 'COMPLETED_SUCCESS' && runs !== 1))
      violate(`partition ${partition} of backfill ${id} (${backfill}) has ${runs} runs`);
  }
}
