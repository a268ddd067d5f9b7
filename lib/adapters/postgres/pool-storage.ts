import type { PoolState, PoolStorage } from '../../ports/storage';
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

const POOL_STATES = `
  select json_build_object('pool', pool, 'limit', max(p.slots), 'holders', coalesce(
    json_agg(json_build_object('runId', l.run_id, 'stepKey', l.step_key, 'since', l.since) order by l.since, l.run_id, l.step_key)
      filter (where l.run_id is not null), '[]'))
  from headrace.pools p full join headrace.live_pool_leases l using (pool)
  group by pool order by pool`;
