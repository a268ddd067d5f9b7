import type { Backfill, BackfillEvent } from '../../model/backfill';
import type { BackfillStorage } from '../../ports/backfill-storage';
import type { Driver } from './driver';
import { toArrayText } from './run-filter';
import { toJsonText } from './to-json-text';
import { toRunBatch } from './to-run-batch';

/** Backfills and how far each of their partitions is. */
export function createBackfillStorage(driver: Driver): BackfillStorage {
  const ask = async (call: string, parameters: readonly (string | number | null)[]): Promise<unknown> =>
    (await driver.query<unknown>(`select to_json(headrace.${call})`, parameters))[0];
  const targetsOfBackfills: BackfillStorage['targetsOfBackfills'] = (backfillIds) =>
    driver.query(
      `select json_build_object('backfillId', backfill_id, 'asset', nullif(asset_key, ''), 'status', status,
         'partitions', json_agg(partition order by ord))
       from headrace.backfill_targets where backfill_id = any ($1::text[])
       group by backfill_id, asset_key, status order by backfill_id, asset_key, status`,
      [toArrayText(backfillIds)],
    );

  return {
    async createBackfill(backfill) {
      return (await ask('create_backfill($1::json)', [toJsonText(backfill)])) === true;
    },
    listBackfills: ({
      backfillIds,
      statuses,
      jobName,
      jobNames,
      tags,
      createdAfter,
      createdBefore,
      ...page
    }) =>
      driver.query<Backfill>(
        `select headrace.backfill_json(b) from headrace.backfills b
         where ($2::text[] is null or b.backfill_id = any ($2::text[]))
           and ($3::text[] is null or b.status = any ($3::text[]))
           and ($4::text is null or b.seq < (select seq from headrace.backfills where backfill_id = $4))
           and ($5::text is null or b.job_name = $5) and ($9::text[] is null or b.job_name = any ($9::text[]))
           and ($6::bigint is null or b.created_at > $6::bigint) and ($7::bigint is null or b.created_at < $7::bigint)
           and not exists (
             select from jsonb_array_elements($8::jsonb) t
             where not exists (select from jsonb_array_elements_text(t -> 'values') v where b.tags ->> (t ->> 'key') = v))
         order by b.seq desc limit $1::integer`,
        [
          page.limit,
          backfillIds === undefined ? null : toArrayText(backfillIds),
          statuses === undefined ? null : toArrayText(statuses),
          page.cursor ?? null,
          jobName ?? null,
          createdAfter ?? null,
          createdBefore ?? null,
          toJsonText(tags ?? []),
          jobNames === undefined ? null : toArrayText(jobNames),
        ],
      ),
    async backfillTargets(backfillId) {
      return (await targetsOfBackfills([backfillId])).map(({ backfillId: _, ...targets }) => targets);
    },
    targetsOfBackfills,
    async isBackfillRunning(backfillId) {
      return (await ask('backfill_is_running($1)', [backfillId])) === true;
    },
    async advanceBackfill(backfillId, version, { runs, requested, ...advance }) {
      const batch = toRunBatch(runs);
      return (
        (await ask('advance_backfill($1, $2::integer, $3::json, $4::json, $5::json, $6::json, $7::json)', [
          backfillId,
          version,
          ...[advance, requested, batch.plans, batch.shared, batch.runs].map(toJsonText),
        ])) === true
      );
    },
    async changeBackfill(backfillId, change) {
      const changed = await ask('change_backfill($1, $2::json)', [backfillId, toJsonText(change)]);
      return (changed as Backfill | null) ?? undefined;
    },
    async cancelBackfillRuns(backfillId, limit, cause) {
      const left = await ask('cancel_backfill_runs($1, $2::integer, $3)', [backfillId, limit, cause]);
      return Number(left ?? 0);
    },
    backfillEvents: (backfillId, after, limit) =>
      driver.query<BackfillEvent>(
        `select json_build_object('eventId', event_id, 'timestamp', timestamp, 'level', level, 'message', message)
         from headrace.backfill_events where backfill_id = $1 and event_id > $2::bigint order by event_id limit $3::integer`,
        [backfillId, after, limit],
      ),
    async purgeBackfills(endedBefore, limit) {
      return Number((await ask('purge_backfills($1::bigint, $2::integer)', [endedBefore, limit])) ?? 0);
    },
  };
}
