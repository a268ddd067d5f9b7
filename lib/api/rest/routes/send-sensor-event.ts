import { z } from 'zod';
import { receiveSensorEvent } from '../../../engine/receive-sensor-event';
import { operation, param } from '../operation';
import { jsonValueSchema, named } from '../schemas';
import { receivedEventSchema } from './receive-webhook';

export const sendEventSchema = z
  .strictObject({
    body: jsonValueSchema,
    eventId: z
      .string()
      .min(1)
      .max(255)
      .optional()
      .describe('The same id is one event, however often it is sent; default a new one.'),
  })
  .register(named, { id: 'SendSensorEvent' });

/** `POST /api/sensors/{location}/{sensor}/events` */
export const sendSensorEvent = operation({
  summary: 'Send an event to a sensor by hand, as if what it follows had pushed it.',
  description: 'Any sensor that takes events: webhooks, messages of a queue, created objects.',
  body: sendEventSchema,
  answers: { 202: receivedEventSchema },
  async handle(input, { instance }) {
    const { body, eventId = instance.ids.uuid() } = input.body;
    const address = { location: param(input, 'location'), sensor: param(input, 'sensor') };
    const { created } = await receiveSensorEvent(instance, { ...address, eventId, body });
    return { status: 202, body: { eventId, created } };
  },
});
