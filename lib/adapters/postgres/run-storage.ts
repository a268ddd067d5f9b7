import { INSTANCE_NAMESPACE, PAUSE_KEY } from '../../model/instance-pause';
import type { NewRun, Run } from '../../model/run';
import type {
  CancelResult,
  ClaimedRun,
  CreatedRun,
  FinalizeResult,
  LateAttempt,
  OutboxMessage,
  PrunedRuns,
  QueuePlace,
  RunStorage,
  RunWait,
} from '../../ports/run-storage';
import { StaleAttemptError } from '../../ports/worker-storage';
import { countStatement } from './count-statement';
import type { Driver, SqlParameter } from './driver';
import { pageStatement } from './page-statement';
import { isUuid, toArrayText } from './run-filter';
import { selectRuns } from './run-json';
import { createRunTagStorage } from './run-tag-storage';
import { toJsonText } from './to-json-text';
import { type StoredPlan, toRunBatch } from './to-run-batch';

const COUNT_CAP = 10_000;

/** Runs, their queue and the side effects they owe. */
export function createRunStorage(driver: Driver): RunStorage {
  const one = async <Row>(sql: string, parameters: readonly SqlParameter[]) =>
    (await driver.query<Row>(sql, parameters))[0];
  const runPlans: RunStorage['runPlans'] = async (runIds) => {
    const ids = runIds.filter(isUuid);
    if (ids.length === 0) return [];
    const rows = await driver.query<{ runId: string; plan: StoredPlan; partitionKeys: string[] }>(
      `select json_build_object('runId', p.run_id, 'plan', f.plan, 'partitionKeys', p.partition_keys)
       from headrace.run_plans p join headrace.plans f on f.hash = p.plan_hash
       where p.run_id = any(array(select value::uuid from json_array_elements_text($1::json)))`,
      [toJsonText(ids)],
    );
    return rows.map(({ runId, plan, partitionKeys }) => ({ runId, plan: { ...plan, partitionKeys } }));
  };

  return {
    async createRuns(runs: readonly NewRun[]) {
      if (runs.length === 0) return [];
      return driver.query<CreatedRun>(
        `select json_build_object('runId', run_id, 'created', created) from headrace.create_runs($1::json)`,
        [toJsonText(toRunBatch(runs))],
      );
    },
    claimRuns: (count, settings) =>
      driver.query<ClaimedRun>(
        // In the same statement, so that a pause costs no call of its own and holds wherever runs are claimed.
        `select json_build_object('runId', run_id, 'attempt', attempt) from headrace.claim_runs(
           case when exists (select from headrace.key_values where namespace = $3 and key = $4) then 0 else $1::integer end,
           $2::jsonb)`,
        [count, toJsonText(settings), INSTANCE_NAMESPACE, PAUSE_KEY],
      ),
    async issueAttemptToken(runId, attempt) {
      const [token] = isUuid(runId)
        ? await driver.query<string>('select to_json(headrace.issue_attempt_token($1::uuid, $2::integer))', [
            runId,
            attempt,
          ])
        : [];
      if (token === undefined) throw new StaleAttemptError(`There is no run ${runId}.`);
      return token;
    },
    async cancelRun(runId, { force, cause }) {
      if (!isUuid(runId)) return 'not-found';
      const result = await one<CancelResult>(
        'select to_json(headrace.cancel_run($1::uuid, $2::boolean, $3))',
        [runId, force, cause],
      );
      return result ?? 'not-found';
    },
    async finalizeAttempt(runId, attempt, decision) {
      if (!isUuid(runId)) return 'not-found';
      const result = await one<FinalizeResult>(
        'select to_json(headrace.finalize_attempt($1::uuid, $2::integer, $3::json))',
        [runId, attempt, toJsonText(decision)],
      );
      return result ?? 'not-found';
    },
    findLateAttempts: (limits) =>
      driver.query<LateAttempt>(
        `select json_build_object('runId', run_id, 'attempt', attempt, 'status', status, 'why', why) from headrace.find_late_attempts($1::jsonb)`,
        [toJsonText(limits)],
      ),
    async settleDependencies(maxRetries) {
      const changed = await one<number>('select to_json(headrace.settle_dependencies($1::integer))', [
        maxRetries,
      ]);
      return changed ?? 0;
    },
    runWaits: (runIds, maxRetries, poolGranularity) =>
      driver.query<RunWait>('select headrace.run_waits($1::jsonb, $2::integer, $3)', [
        toJsonText(runIds.filter(isUuid)),
        maxRetries,
        poolGranularity,
      ]),
    queuePlaces: (runIds) => driver.query<QueuePlace>(QUEUE_PLACES, [toArrayText(runIds.filter(isUuid))]),
    undecidedFailures: (maxRetries, limit) =>
      driver.query<string>('select headrace.undecided_failures($1::integer, $2::integer)', [
        maxRetries,
        limit,
      ]),
    async decideRetry(runId, retry) {
      if (!isUuid(runId)) return null;
      const made = await one<string | null>('select to_json(headrace.decide_retry($1::uuid, $2::json))', [
        runId,
        retry === null ? null : toJsonText(toRunBatch([retry])),
      ]);
      return made ?? null;
    },
    async resumeSuspendedRuns() {
      return (await one<number>('select to_json(headrace.resume_suspended_runs())', [])) ?? 0;
    },
    async upkeepDueAt() {
      const due = await one<Awaited<ReturnType<RunStorage['upkeepDueAt']>>>(
        'select headrace.upkeep_due_at()',
        [],
      );
      return due ?? { resumeAt: null, backfillAt: null, alertAt: null };
    },
    async addRunTags(runId, tags) {
      if (!isUuid(runId)) return false;
      const found = await one<boolean>('select to_json(headrace.add_run_tags($1::uuid, $2::jsonb))', [
        runId,
        toJsonText(tags),
      ]);
      return found ?? false;
    },
    async getRun(runId) {
      if (!isUuid(runId)) return undefined;
      return one<Run>(selectRuns('headrace.runs r where r.run_id = $1::uuid'), [runId]);
    },
    async getRunPlan(runId) {
      const [found] = await runPlans([runId]);
      return found?.plan;
    },
    runPlans,
    async listRuns({ filter, cursor, limit }) {
      if (cursor !== undefined && !isUuid(cursor)) return [];
      const { sql, parameters } = pageStatement({ filter, cursor, limit });
      return driver.query<Run>(sql, parameters);
    },
    runsByTag: ({ key, values, locations, statuses, limit }) =>
      driver.query<Run>(RUNS_BY_TAG, [
        key,
        toArrayText([...new Set(values)]),
        locations === undefined ? null : toArrayText(locations),
        statuses === undefined ? null : toArrayText(statuses),
        limit,
      ]),
    async countRuns(filter, cap = COUNT_CAP) {
      const { sql, parameters } = countStatement(filter, cap);
      return (await one<number>(sql, parameters)) ?? 0;
    },
    latestRunsByJob: (perJob) => driver.query<Run>(LATEST_RUNS_BY_JOB, [perJob]),
    ...createRunTagStorage(driver),
    async deleteRuns(runIds) {
      const deleted = await one<number>('select to_json(headrace.delete_runs($1::jsonb))', [
        toJsonText(runIds.filter(isUuid)),
      ]);
      return deleted ?? 0;
    },
    async pruneRuns(runIds, maxEvents) {
      const pruned = await one<PrunedRuns>('select headrace.prune_runs($1::jsonb, $2::integer)', [
        toJsonText(runIds.filter(isUuid)),
        maxEvents,
      ]);
      return pruned ?? { events: 0, runs: 0 };
    },
    takeOutbox: (limit, leaseSeconds) =>
      driver.query<OutboxMessage>(
        `select json_build_object('id', id, 'kind', kind, 'runId', run_id, 'attempt', attempt, 'alert', payload) from headrace.take_outbox($1::integer, $2::double precision)`,
        [limit, leaseSeconds],
      ),
    async raiseAlert(key, alert) {
      const [isNew = false] = await driver.query<boolean>(
        'select to_json(headrace.raise_alert($1, $2::json))',
        [key, toJsonText(alert)],
      );
      return isNew;
    },
    async settleAlert(key) {
      await driver.query("delete from headrace.key_values where namespace = 'alerts' and key = $1", [key]);
    },
    async completeOutbox(ids) {
      await driver.query(
        'delete from headrace.outbox where id in (select value::bigint from jsonb_array_elements_text($1::jsonb))',
        [toJsonText(ids)],
      );
    },
  };
}

/** Steps from job to job along the index, so that the cost is that of the jobs, not of the runs. */
const LATEST_RUNS_BY_JOB = `
  with recursive jobs as (
    (select location, job_name from headrace.runs order by location, job_name limit 1)
    union all
    select n.location, n.job_name from jobs j cross join lateral (
      select location, job_name from headrace.runs r
      where (r.location, r.job_name) > (j.location, j.job_name) order by location, job_name limit 1) n
  )
  select latest.run from jobs j cross join lateral (
    ${selectRuns('headrace.runs r where r.location = j.location and r.job_name = j.job_name order by r.seq desc limit $1::integer')}
  ) latest (run)`;

const QUEUE_PLACES = `
  select json_build_object('runId', q.run_id, 'place', q.place, 'of', q.total)
  from (select run_id, row_number() over (order by -priority, seq) as place, count(*) over () as total
    from headrace.runs where status = 'QUEUED') q
  where q.run_id = any ($1::uuid[])`;

const RUNS_BY_TAG = selectRuns(`unnest($2::text[]) as wanted(value) cross join lateral (
  select r.* from headrace.run_tags t join headrace.runs r on r.seq = t.seq
  where t.key = $1 and t.value = wanted.value
    and ($3::text[] is null or r.location = any ($3::text[])) and ($4::text[] is null or r.status = any ($4::text[]))
  order by t.seq desc limit $5::integer) r`);
