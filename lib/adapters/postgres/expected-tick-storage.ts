import type { ExpectedTick } from '../../model/expected-tick';
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
    expectedTicks: ({ location, name, status, cursor, limit }) =>
      driver.query<ExpectedTick>(status === 'MISSED' ? MISSED : EXPECTED, [
        location,
        name,
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

const selectOf = (status: 'EXPECTED' | 'MISSED', order: string): string => `
  select json_build_object(
    'instigator', json_build_object('location', e.location, 'kind', 'schedule', 'name', e.name),
    'scheduledAt', e.scheduled_at, 'status', e.status, 'reason', e.reason, 'missedAt', e.missed_at)
  from headrace.expected_ticks e
  where e.location = $1 and e.name = $2 and e.status = '${status}' and ($3::bigint is null or e.scheduled_at ${order})
    and not exists (
      select from headrace.ticks t where t.location = e.location and t.kind = 'schedule' and t.name = e.name
        and t.scheduled_at = e.scheduled_at and t.status <> 'STARTED')`;
const MISSED = `${selectOf('MISSED', '< $3::bigint')} order by e.scheduled_at desc limit $4::integer`;
const EXPECTED = `${selectOf('EXPECTED', '> $3::bigint')} order by e.scheduled_at limit $4::integer`;
