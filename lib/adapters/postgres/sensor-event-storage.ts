import type { SensorEvent } from '../../model/sensor-event';
import type { Tick } from '../../model/tick';
import { PortError } from '../../ports/errors';
import type {
  PendingSensorEvents,
  ReceivedSensorEvent,
  SensorEventStorage,
  StartedEventTick,
} from '../../ports/sensor-event-storage';
import type { Driver, SqlParameter } from './driver';
import { cleanText, toJsonText } from './to-json-text';
import { toRunBatch } from './to-run-batch';

/** Events that are pushed to sensors. */
export function createSensorEventStorage(driver: Driver): SensorEventStorage {
  const only = async <Row>(sql: string, parameters: readonly SqlParameter[]) => {
    const [row] = await driver.query<Row>(sql, parameters);
    if (row === undefined) throw new PortError('permanent', `The database answered nothing to: ${sql}`);
    return row;
  };
  return {
    receiveSensorEvent: ({ location, sensor, eventId, body, headers, receivedAt }) =>
      only<ReceivedSensorEvent>(
        'select headrace.receive_sensor_event($1, $2, $3, $4::json, $5::jsonb, $6::bigint)',
        [location, sensor, cleanText(eventId), toJsonText(body), toJsonText(headers), receivedAt],
      ),
    async startEventTick({ location, name }, now, leaseSeconds) {
      const started = await only<StartedEventTick | null>(
        'select headrace.start_event_tick($1, $2, $3::bigint, $4::double precision)',
        [location, name, now, leaseSeconds],
      );
      return started ?? undefined;
    },
    finishEventTick: ({ tick, event }, outcome, retryAt) =>
      only<Tick>('select headrace.finish_event_tick($1::bigint, $2::integer, $3::json, $4::bigint)', [
        tick.tickId,
        event.attempts,
        toJsonText({ ...outcome, runs: toRunBatch(outcome.runs) }),
        retryAt,
      ]),
    pendingSensorEvents: () => driver.query<PendingSensorEvents>(PENDING, []),
    listSensorEvents: ({ location, sensor, statuses, before, limit }) =>
      driver.query<SensorEvent>(
        `select headrace.sensor_event_json(e) from headrace.sensor_events e
         where e.location = $1 and e.sensor = $2 and ($3::bigint is null or e.accepted_at < $3::bigint)
           and ($4::jsonb is null or e.status in (select jsonb_array_elements_text($4::jsonb)))
         order by e.accepted_at desc limit $5::integer`,
        [location, sensor, before ?? null, statuses === undefined ? null : toJsonText(statuses), limit],
      ),
    replaySensorEvents: ({ location, name }, eventIds, now) =>
      only<number>('select to_json(headrace.replay_sensor_events($1, $2, $3::jsonb, $4::bigint))', [
        location,
        name,
        eventIds === null ? null : toJsonText(eventIds),
        now,
      ]),
  };
}

/** Steps from sensor to sensor along the index, however many events wait. */
const PENDING = `
  with recursive heads as (
    (select location, sensor, next_attempt_at from headrace.sensor_events
      where status = 'PENDING' order by location, sensor, accepted_at limit 1)
    union all
    select n.location, n.sensor, n.next_attempt_at from heads h cross join lateral (
      select location, sensor, next_attempt_at from headrace.sensor_events e
      where e.status = 'PENDING' and (e.location, e.sensor) > (h.location, h.sensor)
      order by location, sensor, accepted_at limit 1) n
  )
  select json_build_object('location', location, 'sensor', sensor, 'dueAt', next_attempt_at) from heads`;
