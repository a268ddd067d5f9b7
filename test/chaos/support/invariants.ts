import type pg from 'pg';
import type { EventType } from '../../../lib/model/event';
import type { Spoken } from './scripted-worker';
import type { World } from './world';

interface EventRow {
  readonly type: EventType;
  readonly attempt: number;
  readonly step_key: string | null;
  readonly timestamp: string;
  readonly data: { readonly reason?: string };
}

interface RunRow {
  readonly run_id: string;
  readonly status: string;
}

const TERMINAL = /^RUN_(SUCCESS|FAILURE|CANCELED)$/;
/** Enqueued, then attempts that go back to the queue, then an end; a cancellation may be asked for at any time. */
const LIFE = /^(E(DS(R?))?)*(C)?T$/;
const LETTERS: Readonly<Partial<Record<EventType, string>>> = {
  RUN_ENQUEUED: 'E',
  RUN_DEQUEUED: 'D',
  RUN_STARTING: 'S',
  RUN_START: 'R',
  RUN_CANCELING: 'C',
  RUN_SUCCESS: 'T',
  RUN_FAILURE: 'T',
  RUN_CANCELED: 'T',
};

/** What is still owed, held or under way, in words. */
export async function unsettled({ database: { admin } }: World): Promise<readonly string[]> {
  const { rows } = await admin.query<{ left: string }>(`
    select format('run %s is %s at attempt %s', run_id, status, attempt) as left
      from headrace.runs where status not in ('SUCCESS', 'FAILURE', 'CANCELED')
    union all select format('outbox: %s', to_json(o)) from headrace.outbox o
    union all select format('tick: %s', to_json(t)) from headrace.ticks t where status = 'STARTED'
    union all select format('execution %s: %s', key, value) from headrace.key_values
      where namespace = 'executions' and value ->> 'status' = 'RUNNING'
    union all select 'there is no run' where not exists (select from headrace.runs)`);
  return rows.map(({ left }) => left);
}

/**
 * What must hold after everything: every run of the scenario has its one end, said by one event; what its workers
 * said is there once and in order; nothing is held; no step that was done was done again. Returns what does not hold.
 */
export async function violations(world: World, ends: readonly string[]): Promise<readonly string[]> {
  const { admin } = world.database;
  const found: string[] = [...world.overlaps];
  const runs = (await admin.query<RunRow>('select run_id, status from headrace.runs order by seq')).rows;
  if (runs.map(({ status }) => status).join() !== ends.join()) {
    found.push(`the runs ended ${runs.map(({ status }) => status).join()}, not ${ends.join()}`);
  }
  for (const run of runs) found.push(...(await violationsOfRun(admin, run, world.spoken)));
  found.push(...(await violationsOfTicks(admin)));
  const held = await admin.query<{ what: string }>(`
    select 'lease of ' || step_key as what from headrace.pool_leases
    union all select 'open attempt ' || attempt from headrace.attempts where ended_at is null
    union all select 'outbox ' || kind from headrace.outbox`);
  found.push(...held.rows.map(({ what }) => `left behind: ${what}`));
  return found;
}

async function violationsOfRun(
  admin: pg.Client,
  { run_id: runId, status }: RunRow,
  spoken: readonly Spoken[],
): Promise<readonly string[]> {
  const found: string[] = [];
  const events = (
    await admin.query<EventRow>(
      'select type, attempt, step_key, timestamp, data from headrace.events where run_id = $1 order by storage_id',
      [runId],
    )
  ).rows;
  const ends = events.filter(({ type }) => TERMINAL.test(type)).map(({ type }) => type);
  if (ends.join() !== `RUN_${status}`) found.push(`ends of a run that is ${status}: ${ends.join()}`);
  const life = events.map(({ type }) => LETTERS[type] ?? '').join('');
  if (!LIFE.test(life)) found.push(`the run lived ${life}`);

  const own = spoken.filter((said) => said.runId === runId);
  const attempts = own.map(({ attempt }) => attempt);
  if (new Set(attempts).size !== attempts.length) found.push(`two workers started one of ${attempts.join()}`);
  const end = events.findIndex(({ type }) => TERMINAL.test(type));
  for (const said of own) {
    const stored = events.flatMap((event, index) => (isWorkers(event, said) ? [{ ...event, index }] : []));
    const expected = said.events.slice(0, stored.length).map(nameOf);
    const names = stored.map((event) => `${event.type} ${event.step_key} ${event.timestamp}`);
    if (names.join() !== expected.join()) {
      found.push(`attempt ${said.attempt} said ${expected.join()}, stored is ${names.join()}`);
    }
    if (stored.length < said.acknowledged) found.push(`${said.acknowledged - stored.length} events are lost`);
    if (stored.some(({ index }) => index > end)) found.push('a worker spoke after the end of its run');
    for (const later of own) {
      if (later.attempt <= said.attempt) continue;
      for (const { type, step_key: step } of stored) {
        if (type !== 'STEP_SUCCESS' || step === null) continue;
        if (!later.completedSteps.includes(step))
          found.push(`${step} was done, and attempt ${later.attempt} does not know`);
        if (later.events.some((event) => event.type === 'STEP_START' && event.stepKey === step)) {
          found.push(`${step} was done twice`);
        }
      }
    }
  }
  return found;
}

/** One run for each tick that says so, none without. */
async function violationsOfTicks(admin: pg.Client): Promise<readonly string[]> {
  const { rows } = await admin.query<{ status: string; runs: number; known: number }>(`
    select t.status, jsonb_array_length(t.run_ids) as runs,
        (select count(*)::integer from headrace.runs where t.run_ids ? run_id::text) as known from headrace.ticks t`);
  const found = rows
    .filter(({ runs, known }) => runs !== known || runs > 1)
    .map((tick) => JSON.stringify(tick));
  const orphans = await admin.query(`select from headrace.runs r where origin_kind in ('schedule', 'sensor')
    and not exists (select from headrace.ticks t where t.run_ids ? r.run_id::text)`);
  if (orphans.rows.length > 0) found.push(`${orphans.rows.length} runs of no tick`);
  return found;
}

/** What this attempt's worker said, and not the system for it. */
const isWorkers = ({ type, attempt, timestamp }: EventRow, said: Spoken): boolean =>
  attempt === said.attempt &&
  said.events.some((event) => event.type === type && String(event.timestamp) === timestamp);

const nameOf = ({ type, stepKey, timestamp }: Spoken['events'][number]): string =>
  `${type} ${stepKey ?? null} ${timestamp}`;
