import { z } from 'zod';
import { findPushSensor, receiveSensorEvent } from '../../../engine/receive-sensor-event';
import { replaySensorEvents as replay } from '../../../engine/replay-sensor-events';
import { SENSOR_EVENT_STATUSES } from '../../../model/sensor-event';
import { operation, param } from '../operation';
import { jsonValueSchema, named, wholeNumber } from '../schemas';
import { receivedEventSchema } from './receive-webhook';

const epochMs = z.int().describe('Epoch milliseconds.');
const eventId = z.string().min(1).max(1_500);

const sendSchema = z
  .strictObject({
    body: jsonValueSchema,
    eventId: eventId
      .optional()
      .describe('The same id is one event, however often it is sent; default a new one.'),
  })
  .register(named, { id: 'SendSensorEvent' });

const eventSchema = z
  .object({
    eventId: z.string(),
    status: z
      .enum(SENSOR_EVENT_STATUSES)
      .describe('`PENDING`: to be evaluated, or tried again; `FAILED`: given up, kept to be replayed.'),
    body: jsonValueSchema,
    receivedAt: epochMs,
    acceptedAt: epochMs.describe(
      'Its place in line, and the time of its tick; pass the last one as `before`.',
    ),
    attempts: z.int(),
    nextAttemptAt: epochMs.nullable().describe('Null when it is not to be evaluated.'),
    tickId: z.int().nullable(),
  })
  .register(named, { id: 'SensorEvent' });

const addressOf = (input: { readonly params: Readonly<Record<string, string>> }) => ({
  location: param(input, 'location'),
  sensor: param(input, 'sensor'),
});

/** `POST /api/sensors/{location}/{sensor}/events` */
export const sendSensorEvent = operation({
  summary: 'Send an event to a sensor by hand, as if what it follows had pushed it.',
  description: 'Any sensor that takes events: webhooks, messages of a queue, created objects.',
  body: sendSchema,
  answers: { 202: receivedEventSchema },
  async handle(input, { instance }) {
    const { body, eventId: id = instance.ids.uuid() } = input.body;
    const { created } = await receiveSensorEvent(instance, { ...addressOf(input), eventId: id, body });
    return { status: 202, body: { eventId: id, created } };
  },
});

/** `GET /api/sensors/{location}/{sensor}/events` */
export const listSensorEvents = operation({
  summary: 'List the events that a sensor was sent, newest first.',
  query: z.strictObject({
    status: z.array(z.enum(SENSOR_EVENT_STATUSES)).max(SENSOR_EVENT_STATUSES.length).optional(),
    before: wholeNumber(0, Number.MAX_SAFE_INTEGER).optional().describe('`acceptedAt` of the last one seen.'),
    limit: wholeNumber(1, 100).optional().describe('Default 25.'),
  }),
  answers: { 200: z.object({ events: z.array(eventSchema) }).register(named, { id: 'SensorEvents' }) },
  async handle(input, { instance }) {
    const address = addressOf(input);
    await findPushSensor(instance, address);
    const { status: statuses, before, limit = 25 } = input.query;
    const events = await instance.storage.listSensorEvents({ ...address, statuses, before, limit });
    const views = events.map(({ location: _, sensor: __, headers: ___, ...event }) => ({
      ...event,
      nextAttemptAt: event.status === 'PENDING' ? event.nextAttemptAt : null,
    }));
    return { status: 200, body: { events: views } };
  },
});

/** `POST /api/sensors/{location}/{sensor}/events/replay` */
export const replaySensorEvents = operation({
  summary: 'Evaluate failed events of a sensor again.',
  body: z
    .strictObject({
      eventIds: z.array(eventId).min(1).max(1_000).optional().describe('Default all that failed.'),
    })
    .register(named, { id: 'ReplaySensorEvents' })
    .prefault({}),
  answers: {
    200: z.object({ replayed: z.int() }).register(named, { id: 'ReplayedSensorEvents' }),
  },
  async handle(input, { instance }) {
    const replayed = await replay(instance, addressOf(input), input.body.eventIds ?? null);
    return { status: 200, body: { replayed } };
  },
});
