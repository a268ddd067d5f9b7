import type { AssetUpdate, RunStatusChange } from '../../model/code-location';
import type { EventType } from '../../model/event';
import type { RunStatus } from '../../model/run-status';
import type { EventLogStorage } from '../../ports/event-log-storage';
import type { Driver } from './driver';
import { isUuid } from './run-filter';
import { queryEvents } from './stored-event-row';
import { toJsonText } from './to-json-text';

/** The event that says a run came to a status. */
const EVENT_OF_STATUS: Partial<Record<RunStatus, EventType>> = {
  QUEUED: 'RUN_ENQUEUED',
  STARTING: 'RUN_STARTING',
  STARTED: 'RUN_START',
  SUCCESS: 'RUN_SUCCESS',
  FAILURE: 'RUN_FAILURE',
  CANCELING: 'RUN_CANCELING',
  CANCELED: 'RUN_CANCELED',
};

/** The event log and those who follow it. */
export function createEventLogStorage(driver: Driver): EventLogStorage {
  const stepStatsOfRuns: EventLogStorage['stepStatsOfRuns'] = async (runIds) => {
    const ids = runIds.filter(isUuid);
    return ids.length === 0 ? [] : driver.query(STEP_STATS, [toJsonText(ids)]);
  };
  return {
    async runEvents({ runId, after = 0, limit, types }) {
      if (!isUuid(runId)) return [];
      return queryEvents(driver, 'select headrace.run_events($1::uuid, $2::bigint, $3::integer, $4::jsonb)', [
        runId,
        after,
        limit,
        types === undefined ? null : toJsonText(types),
      ]);
    },
    async appendSystemEvents(runId, events) {
      if (events.length === 0) return;
      await driver.query('select to_json(headrace.append_system_events($1::uuid, $2::json)::text)', [
        runId,
        toJsonText(events),
      ]);
    },
    async safeStorageId() {
      const [id] = await driver.query<number>('select to_json(headrace.safe_storage_id())');
      return id ?? 0;
    },
    async runStatusChanges({ after, statuses, jobs, limit }) {
      const types = statuses.flatMap((status) => EVENT_OF_STATUS[status] ?? []);
      return driver.query<RunStatusChange>(
        'select headrace.run_status_changes($1::bigint, $2::jsonb, $3::jsonb, $4::integer)',
        [after, toJsonText(types), toJsonText(jobs), limit],
      );
    },
    assetUpdates: ({ after, keys, limit }) =>
      driver.query<AssetUpdate>('select headrace.asset_updates($1::bigint, $2::jsonb, $3::integer)', [
        after,
        toJsonText(keys),
        limit,
      ]),
    async stepStats(runId) {
      return (await stepStatsOfRuns([runId])).map(({ runId: _, ...stats }) => stats);
    },
    stepStatsOfRuns,
  };
}

/** A try begins at each start or restart of a step and ends with the first word after it. */
const STEP_STATS = `
  with step_events as (
    select e.run_id, e.step_key, e.type, e.timestamp, e.storage_id,
      count(*) filter (where e.type in ('STEP_START', 'STEP_RESTARTED')) over (partition by e.run_id, e.step_key order by e.storage_id) as try
    from headrace.events e
    where e.run_id = any(array(select value::uuid from json_array_elements_text($1::json))) and e.step_key is not null
      and e.type in ('STEP_START', 'STEP_RESTARTED', 'STEP_UP_FOR_RETRY', 'STEP_SUCCESS', 'STEP_FAILURE', 'STEP_SKIPPED')
  ), tries as (
    select run_id, step_key, try, min(storage_id) as first_id,
      min(timestamp) filter (where type in ('STEP_START', 'STEP_RESTARTED')) as started_at,
      min(timestamp) filter (where type not in ('STEP_START', 'STEP_RESTARTED')) as ended_at
    from step_events group by run_id, step_key, try
  ), last_words as (
    select distinct on (run_id, step_key) run_id, step_key, type, timestamp
    from step_events order by run_id, step_key, storage_id desc
  )
  select json_build_object(
    'runId', t.run_id, 'stepKey', t.step_key,
    'status', case w.type when 'STEP_START' then 'IN_PROGRESS' when 'STEP_RESTARTED' then 'IN_PROGRESS' else substr(w.type, 6) end,
    'startedAt', min(t.started_at),
    'endedAt', case when w.type in ('STEP_SUCCESS', 'STEP_FAILURE', 'STEP_SKIPPED') then w.timestamp end,
    'tries', coalesce(json_agg(json_build_object('startedAt', t.started_at, 'endedAt', t.ended_at) order by t.try)
      filter (where t.started_at is not null), '[]'))
  from tries t join last_words w on w.run_id = t.run_id and w.step_key = t.step_key
  group by t.run_id, t.step_key, w.type, w.timestamp
  order by t.run_id, min(t.first_id)`;
