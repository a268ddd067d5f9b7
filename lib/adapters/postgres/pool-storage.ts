import type { PoolState, PoolStorage } from '../../ports/pool-storage';
import type { Driver } from './driver';
import { isUuid } from './run-filter';

/** Limits of pools and who holds their slots. */
export function createPoolStorage(driver: Driver): PoolStorage {
  return {
    poolStates: () => driver.query<PoolState>(POOL_STATES),
    async setPoolLimit(pool, limit) {
      await (limit === null
        ? driver.query('delete from headrace.pools where pool = $1', [pool])
        : driver.query(
            'insert into headrace.pools (pool, slots) values ($1, $2::integer) on conflict (pool) do update set slots = excluded.slots',
            [pool, limit],
          ));
    },
    async freePoolSlots(runId, stepKey) {
      if (!isUuid(runId)) return;
      await driver.query(
        'delete from headrace.pool_leases where run_id = $1::uuid and ($2::text is null or step_key = $2)',
        [runId, stepKey],
      );
    },
  };
}

/** Who waits asks again and again: the newest time counts as long as it does in `headrace.pool_usage`. */
const POOL_STATES = `
  select json_build_object('pool', s.pool, 'limit', s.slots, 'holders', s.holders, 'waiters', coalesce((
      select json_agg(json_build_object('runId', w.run_id, 'stepKey', w.step_key, 'since', w.since, 'priority', w.priority)
          order by -w.priority, w.since, w.run_id, w.step_key)
        from headrace.pool_waiters w join headrace.runs r on r.run_id = w.run_id and r.attempt = w.attempt
        where w.pool = s.pool and w.asked_at > headrace.now_ms() - 20000 and r.status = 'STARTED'), '[]'))
  from (
    select pool, max(p.slots) as slots, coalesce(
        json_agg(json_build_object('runId', l.run_id, 'stepKey', l.step_key, 'since', l.since) order by l.since, l.run_id, l.step_key)
          filter (where l.run_id is not null), '[]') as holders
      from headrace.pools p full join headrace.live_pool_leases l using (pool)
      group by pool
  ) s
  order by s.pool`;
