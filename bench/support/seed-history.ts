import type { Driver } from '../../lib/adapters/postgres/driver';
import { INSTANCE_NAMESPACE, PAUSE_KEY } from '../../lib/model/instance-pause';
import { CUSTOMERS, type Sample, TEAMS } from './read-filters';

/** What is written; every value follows from a run's number, so that two databases of one scale are alike. */
export interface History {
  readonly runs: number;
  /** Assets `generated/a0` and on; each run materializes one of them. */
  readonly assets: number;
  /** Jobs `job_0` and on: few make most of the runs. */
  readonly jobs: number;
  /** Where most jobs and all assets are. */
  readonly location: string;
  /** Over how many days the runs lie, the last of them now. Default: a year. */
  readonly days?: number;
}

/** Events of each run, from its enqueueing to its end. */
export const EVENTS_PER_RUN = 10;
/** The first run has many more. */
export const LINES_OF_LONG_RUN = 20_000;
/** Its number. */
const LONG_RUN = 1;
/** Of the newest runs. */
const STARTED = 25;
const QUEUED = 275;
const YEAR = 365;
/** Runs whose events lie between each other's in the log. */
const AT_ONCE = 20;
const CHUNK = 100_000;

/** SQL for the id of a run by its number. */
const runId = (n: string | number): string => `md5('run ' || ${n})::uuid`;

/** A number in [0, 1) that follows from `n`, another for each salt. */
const random = (salt: number): string => `((hashint8extended(n, ${salt}) & 16777215) / 16777216.0::float8)`;
/** One of `0 … of - 1`; with a power above 1, small ones come more often. */
const pick = (salt: number, of: number, power = 1): string =>
  `floor(${of} * power(${random(salt)}, ${power}))::bigint`;

/**
 * Fills an empty, migrated database with runs, a million in a few minutes: by SQL, with the secondary indexes made
 * afterwards. The instance is paused, so that nobody starts the queued ones.
 *
 * @param driver with one connection: the session's settings matter
 */
export async function seedHistory(driver: Driver, history: History): Promise<void> {
  const { runs, assets, jobs, location, days = YEAR } = history;
  for (const setting of ['synchronous_commit = off', "maintenance_work_mem = '1GB'", "work_mem = '128MB'"]) {
    await driver.query(`set ${setting}`);
  }
  await driver.query(`insert into headrace.key_values (namespace, key, value) values ($1, $2, $3::json)`, [
    INSTANCE_NAMESPACE,
    PAUSE_KEY,
    '{"scope":"all","by":"the benchmark","since":0}',
  ]);
  const restoreIndexes = await dropIndexes(driver, ['runs', 'run_tags', 'run_assets', 'events']);
  await driver.query(SEED_PLAN);
  for (let from = 1; from <= runs; from += CHUNK) {
    const to = Math.min(runs, from + CHUNK - 1);
    await driver.query(seedRuns({ from, to, runs, jobs, assets, location, days }));
    await driver.query(seedPlans(from, to));
    await driver.query(seedTags(from, to));
    await driver.query(seedRunAssets(from, to));
    await driver.query(seedEvents(from, to));
  }
  await driver.query(SEED_LINES);
  await driver.query(`select setval('headrace.event_ids', (select max(storage_id) from headrace.events))`);
  await driver.query(`select setval(pg_get_serial_sequence('headrace.runs', 'seq'), ${runs})`);
  await restoreIndexes();
  await driver.query('vacuum (analyze)');
  await driver.query(seedAssetRecords(assets));
  await driver.query('vacuum (analyze) headrace.asset_records');
  await driver.query('checkpoint');
}

/** Drops the indexes that no constraint needs; the answer makes them again. */
async function dropIndexes(driver: Driver, tables: readonly string[]): Promise<() => Promise<void>> {
  const indexes = await driver.query<{ readonly name: string; readonly definition: string }>(
    `select json_build_object('name', i.indexrelid::regclass::text, 'definition', pg_get_indexdef(i.indexrelid))
     from pg_index i join pg_class t on t.oid = i.indrelid
     where t.relnamespace = 'headrace'::regnamespace and t.relname = any ($1::text[])
       and not exists (select from pg_constraint c where c.conindid = i.indexrelid)`,
    [`{${tables.join(',')}}`],
  );
  for (const { name } of indexes) await driver.query(`drop index ${name}`);
  return async () => {
    for (const { definition } of indexes) await driver.query(definition.replace(' ON ONLY ', ' ON '));
  };
}

const PLAN_HASH = "sha256('plan'::bytea)";
const SEED_PLAN = `insert into headrace.plans (hash, plan) values (${PLAN_HASH},
  '{"steps":[{"key":"load","op":"load","inputs":[],"dependsOn":[],"blockedBy":[],"assets":[],"checks":[],"mappedOver":null,"pool":null,"retryPolicy":null,"priority":0,"isolated":false}],"maxConcurrentSteps":null}')`;

interface Chunk extends Required<History> {
  readonly from: number;
  readonly to: number;
}

/** Which asset a run makes, by its number. */
const assetOf = (assets: number): string => `'generated/a' || ${pick(5, assets)}`;

const seedRuns = ({ from, to, runs, jobs, assets, location, days }: Chunk): string => `
  insert into headrace.runs (run_id, seq, location, job_name, bundle_hash, status, attempt, tags, origin_kind, origin_name,
      created_at, claimed_at, started_at, ended_at, updated_at, cause)
    overriding system value
  select ${runId('n')}, n, case when job % 5 = 4 then 'elsewhere' else '${location}' end, 'job_' || job, 'none', status,
    case when status = 'QUEUED' then 0 else 1 end,
    jsonb_strip_nulls(jsonb_build_object(
      'team', 'team-' || ${pick(1, TEAMS, 2)},
      'env', case when ${random(2)} < 0.95 then 'production' else 'staging' end,
      'customer', case when ${random(3)} < 0.3 then 'customer-' || ${pick(4, CUSTOMERS, 2)} end,
      'asset', ${assetOf(assets)},
      'dagster/schedule_name', case when job % 3 > 0 then 'job_' || job || '_schedule' end,
      'dagster/partition', case when job % 2 = 0 then to_char(to_timestamp(at / 1000), 'YYYY-MM-DD') end,
      'dagster/backfill', case when (n / 500) % 6 = 0 then 'backfill-' || (n / 500) end)),
    case when job % 3 > 0 then 'schedule' else 'manual' end, case when job % 3 > 0 then 'job_' || job || '_schedule' else '' end,
    at, case when status <> 'QUEUED' then at + 1000 end, case when status <> 'QUEUED' then at + 2000 end,
    case when status not in ('QUEUED', 'STARTED') then at + 60000 end,
    case when status in ('QUEUED', 'STARTED') then at else at + 60000 end,
    case when status = 'FAILURE' then 'The step load failed.' end
  from (
    select n, job, (extract(epoch from now()) * 1000)::bigint - (${runs} - n) * (${days}::bigint * 86400000 / ${runs}) as at,
      case
        when n > ${runs - QUEUED} then 'QUEUED'
        when n > ${runs - QUEUED - STARTED} then 'STARTED'
        when ${random(6)} < 0.02 then 'CANCELED'
        when ${random(7)} < case when job = 7 then 0.6 else 0.05 end then 'FAILURE'
        else 'SUCCESS' end as status
    from (select n, ${pick(8, jobs, 3)} as job from generate_series(${from}::bigint, ${to}) n) numbered
  ) made order by n`;

const between = (from: number, to: number): string => `r.seq between ${from} and ${to}`;

const seedPlans = (from: number, to: number): string => `
  insert into headrace.run_plans (run_id, config, asset_selection, plan_hash, partition_keys)
  select r.run_id, '{"ops":{"load":{"config":{"limit":1000}}}}', jsonb_build_array(r.tags ->> 'asset'), ${PLAN_HASH}, '[]'
  from headrace.runs r where ${between(from, to)} order by r.seq`;

const seedTags = (from: number, to: number): string => `
  insert into headrace.run_tags (key, value, seq)
  select t.key, t.value, r.seq from headrace.runs r, jsonb_each_text(r.tags) t where ${between(from, to)} order by 1, 2, 3`;

const seedRunAssets = (from: number, to: number): string => `
  insert into headrace.run_assets (run_id, asset_key, step_key, seq, done)
  select r.run_id, r.tags ->> 'asset', 'load', r.seq, r.status <> 'STARTED' from headrace.runs r where ${between(from, to)} order by r.seq`;

/** The kinds of events in their order. Of a queued run there are the first two, of a started one the first six. */
const EVENTS = `(values
  (0, 'RUN_ENQUEUED', 'INFO', false, 'Run was enqueued.'),
  (1, 'ASSET_MATERIALIZATION_PLANNED', 'DEBUG', true, 'Plans to materialize an asset.'),
  (2, 'RUN_STARTING', 'INFO', false, 'Attempt 1 starts.'),
  (3, 'RUN_START', 'INFO', false, 'Started the run.'),
  (4, 'STEP_START', 'INFO', true, 'Started step "load".'),
  (5, 'LOG_MESSAGE', 'INFO', true, 'Read 1,000 rows from the source.'),
  (6, 'ASSET_MATERIALIZATION', 'INFO', true, 'Materialized an asset.'),
  (7, 'LOG_MESSAGE', 'INFO', true, 'Wrote 1,000 rows.'),
  (8, 'STEP_SUCCESS', 'INFO', true, 'Finished step "load" in 57 s.'),
  (9, 'RUN_SUCCESS', 'INFO', false, 'Finished the run.')
) kind (k, type, level, of_step, message)`;

const seedEvents = (from: number, to: number): string => `
  insert into headrace.events (storage_id, recorded_at, run_id, attempt, type, timestamp, level, message, step_key, try_number, asset_key, data)
  select (r.seq / ${AT_ONCE}) * ${AT_ONCE * EVENTS_PER_RUN} + k * ${AT_ONCE} + r.seq % ${AT_ONCE} + 1 as id,
    r.created_at + k * 6000, r.run_id, 1,
    case when r.status = 'SUCCESS' or k < 6 then type
      when k = 6 then 'LOG_MESSAGE'
      when k = 8 then 'STEP_FAILURE'
      when k = 9 then 'RUN_' || r.status else type end,
    r.created_at + k * 6000, level, message, case when of_step then 'load' end, case when of_step then 1 end,
    case when k = 1 or (k = 6 and r.status = 'SUCCESS') then r.tags ->> 'asset' end,
    case when k = 6 and r.status = 'SUCCESS'
        then json_build_object('metadata', json_build_object('rows', json_build_object('kind', 'int', 'value', r.seq)),
          'tags', '{}'::json, 'inputDataVersions', '{}'::json, 'dataVersion', substr(r.run_id::text, 1, 8))
      when k = 8 and r.status <> 'SUCCESS'
        then '{"error":{"name":"Error","message":"The source closed the connection."}}'::json
      when k = 9 and r.status = 'FAILURE' then '{"reason":"STEP_FAILURE"}'
      else '{}' end
  from headrace.runs r cross join ${EVENTS}
  where ${between(from, to)} and k < case r.status when 'QUEUED' then 2 when 'STARTED' then 6 else 10 end
  order by id`;

const SEED_LINES = `
  insert into headrace.events (storage_id, recorded_at, run_id, attempt, type, timestamp, level, message, step_key, data)
  select (select max(storage_id) from headrace.events) + n, at, ${runId(LONG_RUN)}, 1, 'LOG_MESSAGE', at,
    'INFO', 'Line ' || n, 'load', '{}'
  from generate_series(1, ${LINES_OF_LONG_RUN}) n, (select (extract(epoch from now()) * 1000)::bigint as at)`;

/** The latest state of each asset, as its events would have made it. */
const seedAssetRecords = (assets: number): string => `
  insert into headrace.asset_records (asset_key, last_materialization, last_materialization_id, data_version, data_version_id)
  select latest.asset_key, headrace.event_json(latest), latest.storage_id, latest.data ->> 'dataVersion', latest.storage_id
  from generate_series(0, ${assets - 1}) n cross join lateral (
    select e.* from headrace.events e
    where e.asset_key = 'generated/a' || n and e.type = 'ASSET_MATERIALIZATION'
    order by e.storage_id desc limit 1) latest`;

/** What there is to ask about. */
export interface HistorySubjects {
  /** Runs from all over the history. */
  readonly samples: readonly Sample[];
  /** A run with many events. */
  readonly longRun: string;
  /** Storage id of the first of its lines. */
  readonly firstLine: number;
}

/** Finds subjects in a database that was filled. */
export async function historySubjects(driver: Driver): Promise<HistorySubjects> {
  const samples = await driver.query<Sample>(
    `select json_build_object('runId', run_id, 'jobName', job_name, 'tags', tags, 'createdAt', created_at)
     from headrace.runs where seq in (
       select 1 + n * 7919 % (select max(seq) from headrace.runs) from generate_series(1, 400::bigint) n)
     order by run_id`,
  );
  const [line] = await driver.query<{ readonly longRun: string; readonly firstLine: number }>(
    `select json_build_object('longRun', run_id, 'firstLine', min(storage_id)) from headrace.events
     where run_id = ${runId(LONG_RUN)} and message like 'Line %' group by run_id`,
  );
  if (line === undefined) throw new Error('The database was not filled by `seedHistory`.');
  return { samples, ...line };
}
