import type { EventSourceSpec } from '../../../model/sensor-event';
import { webhookPath } from '../../../model/sensor-event';
import { builder } from '../../builder';

/** What pushes events to a sensor; ours, beside Dagster's types. */
export interface EventSourceValue {
  readonly location: string;
  readonly sensor: string;
  readonly spec: EventSourceSpec;
}

const EventSourceType = builder.enumType('SensorEventSourceType', {
  values: ['WEBHOOK', 'QUEUE_MESSAGE', 'OBJECT_CREATED'] as const,
});
const TYPES = {
  webhook: 'WEBHOOK',
  queue_message: 'QUEUE_MESSAGE',
  object_created: 'OBJECT_CREATED',
} as const;
const SignatureType = builder.enumType('WebhookSignature', { values: ['STANDARD', 'GITHUB'] as const });
const SIGNATURES = { standard: 'STANDARD', github: 'GITHUB' } as const;

export const SensorEventSource = builder.objectRef<EventSourceValue>('SensorEventSource');
SensorEventSource.implement({
  description: 'What pushes events to a sensor.',
  fields: (t) => ({
    type: t.field({ type: EventSourceType, resolve: ({ spec }) => TYPES[spec.type] }),
    webhookPath: t.string({
      nullable: true,
      description: "Of a webhook: its path below the API's address.",
      resolve: ({ location, sensor, spec }) =>
        spec.type === 'webhook' ? webhookPath(location, sensor) : null,
    }),
    signature: t.field({
      type: SignatureType,
      nullable: true,
      resolve: ({ spec }) => (spec.type === 'webhook' ? SIGNATURES[spec.signature] : null),
    }),
    bucket: t.string({
      nullable: true,
      resolve: ({ spec }) => (spec.type === 'object_created' ? spec.bucket : null),
    }),
    prefix: t.string({
      nullable: true,
      resolve: ({ spec }) => (spec.type === 'object_created' ? spec.prefix : null),
    }),
    suffix: t.string({
      nullable: true,
      resolve: ({ spec }) => (spec.type === 'object_created' ? spec.suffix : null),
    }),
  }),
});
