import type { InstigatorId, InstigatorState, Tick } from '../../model/tick';
import { PortError } from '../../ports/errors';
import type { InstigatorStorage } from '../../ports/instigator-storage';
import type { Driver, SqlParameter } from './driver';
import { toJsonText } from './to-json-text';
import { toRunBatch } from './to-run-batch';

/** Schedules' and sensors' states and ticks. */
export function createInstigatorStorage(driver: Driver): InstigatorStorage {
  const only = async <Row>(sql: string, parameters: readonly SqlParameter[]) => {
    const [row] = await driver.query<Row>(sql, parameters);
    if (row === undefined) throw new PortError('permanent', `The database answered nothing to: ${sql}`);
    return row;
  };

  return {
    instigatorStates: () =>
      driver.query<InstigatorState>(
        'select headrace.instigator_json(i) from headrace.instigators i order by location, kind, name',
      ),
    setInstigatorStatus: (id, status, now) =>
      only<InstigatorState>('select headrace.set_instigator_status($1, $2, $3, $4, $5::bigint)', [
        ...idParameters(id),
        status,
        now,
      ]),
    setSensorCursor: (id, cursor) =>
      only<InstigatorState>('select headrace.set_sensor_cursor($1, $2, $3, $4)', [
        ...idParameters(id),
        cursor,
      ]),
    async pauseInstigator(tick, reason, now) {
      const state = await only<InstigatorState | null>(
        'select headrace.pause_instigator($1::bigint, $2, $3::bigint)',
        [tick.tickId, reason, now],
      );
      return state ?? undefined;
    },
    async startTick(id, scheduledAt, now, leaseSeconds, last) {
      const parameters = [...idParameters(id), scheduledAt, now, leaseSeconds];
      const tick =
        last === undefined
          ? await only<Tick | null>(
              'select headrace.start_tick($1, $2, $3, $4::bigint, $5::bigint, $6::double precision)',
              parameters,
            )
          : await only<Tick | null>(
              'select headrace.start_next_tick($1, $2, $3, $4::bigint, $5::bigint, $6::double precision, $7::bigint)',
              [...parameters, last],
            );
      return tick ?? undefined;
    },
    finishTick: (tick, { automation, ...outcome }) =>
      only<Tick>('select headrace.finish_tick($1::bigint, $2::json, $3::json)', [
        tick.tickId,
        toJsonText({ ...outcome, runs: toRunBatch(outcome.runs) }),
        automation === undefined ? null : toJsonText(automation),
      ]),
    async passOver(id, through) {
      await driver.query('select to_json(headrace.pass_over($1, $2, $3, $4::bigint)::text)', [
        ...idParameters(id),
        through,
      ]);
    },
    latestTicks: (perInstigator) => driver.query<Tick>(LATEST_TICKS, [perInstigator]),
    listTicks: ({ instigator, statuses, before, scheduledAfter, scheduledBefore, limit }) =>
      driver.query<Tick>(
        `select headrace.tick_json(t) from headrace.ticks t
         where t.location = $1 and t.kind = $2 and t.name = $3 and ($4::bigint is null or t.tick_id < $4::bigint)
           and ($5::jsonb is null or t.status in (select jsonb_array_elements_text($5::jsonb)))
           and ($6::bigint is null or t.scheduled_at > $6::bigint) and ($7::bigint is null or t.scheduled_at < $7::bigint)
         order by t.tick_id desc limit $8::integer`,
        [
          ...idParameters(instigator),
          before ?? null,
          statuses === undefined ? null : toJsonText(statuses),
          scheduledAfter ?? null,
          scheduledBefore ?? null,
          limit,
        ],
      ),
    openTicks: ({ startedBefore, limit }) =>
      driver.query<Tick>(
        `select headrace.tick_json(t) from headrace.ticks t
         where t.status = 'STARTED' and t.started_at < $1::bigint order by t.tick_id limit $2::integer`,
        [startedBefore, limit],
      ),
    expiredTicks: async (rules, limit) =>
      rules.length === 0
        ? []
        : driver.query<Tick>(
            `select headrace.tick_json(t) from jsonb_to_recordset($1::jsonb) r (kind text, status text, "startedBefore" bigint)
             join headrace.ticks t on t.kind = r.kind and t.status = r.status and t.started_at < r."startedBefore"
             order by t.tick_id limit $2::integer`,
            [toJsonText(rules), limit],
          ),
    async deleteTicks(tickIds) {
      await driver.query(
        'delete from headrace.ticks where tick_id in (select value::bigint from jsonb_array_elements_text($1::jsonb))',
        [toJsonText(tickIds)],
      );
    },
  };
}

/** Steps from instigator to instigator along the index, so that the cost is theirs, not that of their ticks. */
const LATEST_TICKS = `
  with recursive instigators as (
    (select location, kind, name from headrace.ticks order by location, kind, name limit 1)
    union all
    select n.location, n.kind, n.name from instigators i cross join lateral (
      select location, kind, name from headrace.ticks t
      where (t.location, t.kind, t.name) > (i.location, i.kind, i.name) order by location, kind, name limit 1) n
  )
  select latest.tick from instigators i cross join lateral (
    select headrace.tick_json(t) from headrace.ticks t
    where t.location = i.location and t.kind = i.kind and t.name = i.name
    order by t.tick_id desc limit $1::integer
  ) latest (tick)`;

function idParameters({ location, kind, name }: InstigatorId): readonly SqlParameter[] {
  return [location, kind, name];
}
