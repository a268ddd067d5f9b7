import type { ExpectedTick, ExpectedTickStatus } from '../../model/expected-tick';
import type { ExpectedSchedule, ExpectedTickStorage, OverdueTick } from '../../ports/expected-tick-storage';
import type { Driver } from './driver';
import { toJsonText } from './to-json-text';

/** The ledger of expected ticks. */
export function createExpectedTickStorage(driver: Driver): ExpectedTickStorage {
  return {
    expectedSchedules: () =>
      driver.query<ExpectedSchedule>(
        `select json_build_object('location', location, 'name', name, 'cron', cron, 'timezone', timezone,
           'through', expected_through, 'refillAt', refill_at) from headrace.expected_schedules order by location, name`,
      ),
    overdueTicks: (now, limit) =>
      driver.query<OverdueTick>('select headrace.overdue_ticks($1::bigint, $2::integer)', [now, limit]),
    async recordExpectedTicks(change, now) {
      const [count = 0] = await driver.query<number>(
        'select to_json(headrace.record_expected_ticks($1::json, $2::bigint))',
        [toJsonText(change), now],
      );
      return count;
    },
    expectedTicks: ({ schedules, status, cursor, limit }) =>
      driver.query<ExpectedTick>(status === 'MISSED' ? MISSED : EXPECTED, [
        toJsonText(schedules.map(({ location, name }) => ({ location, name }))),
        cursor ?? null,
        limit,
      ]),
    async purgeMissedTicks(before, limit) {
      const [count = 0] = await driver.query<number>(
        'select to_json(headrace.purge_missed_ticks($1::bigint, $2::integer))',
        [before, limit],
      );
      return count;
    },
  };
}

const selectOf = (status: ExpectedTickStatus, beyond: '<' | '>', order: 'asc' | 'desc'): string => `
  select json_build_object(
    'instigator', json_build_object('location', s.location, 'kind', 'schedule', 'name', s.name),
    'scheduledAt', e.scheduled_at, 'status', e.status, 'reason', e.reason, 'missedAt', e.missed_at)
  from rows from (json_to_recordset($1::json) as (location text, name text)) with ordinality as s(location, name, position)
  cross join lateral (
    select e.* from headrace.expected_ticks e
    where e.location = s.location and e.name = s.name and e.status = '${status}'
      and ($2::bigint is null or e.scheduled_at ${beyond} $2::bigint)
      and not exists (
        select from headrace.ticks t where t.location = e.location and t.kind = 'schedule' and t.name = e.name
          and t.scheduled_at = e.scheduled_at and t.status <> 'STARTED')
    order by e.scheduled_at ${order} limit $3::integer) e
  order by s.position, e.scheduled_at ${order}`;
const MISSED = selectOf('MISSED', '<', 'desc');
const EXPECTED = selectOf('EXPECTED', '>', 'asc');
