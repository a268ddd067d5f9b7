import type { SensorManifest } from '../../../model/manifest';
import { mayActAt } from '../../access';
import { builder, type Tagged, tag } from '../../builder';
import { AssetKeyType, assetKey, DefinitionTag, tagPairs } from '../common';
import { MetadataEntry, metadataEntries } from '../metadata';
import { futureTicks, statusOf } from './future-ticks';
import { InstigationState, stateValue } from './instigation-state';
import { InstigationStatus, isOverridden } from './instigation-status';
import { encodeInstigatorId, type InstigatorValue, instigatorId } from './instigator';
import { SensorEventSource } from './sensor-event-source';
import { DryRunInstigationTick } from './tick-evaluation';

export type SensorValue = Tagged<'Sensor', Extract<InstigatorValue, { kind: 'sensor' }>>;

export const taggedSensor = (location: string, definition: SensorValue['definition']): SensorValue =>
  tag('Sensor', { kind: 'sensor', location, definition });

export const SensorType = builder.enumType('SensorType', {
  values: [
    'STANDARD',
    'RUN_STATUS',
    'ASSET',
    'MULTI_ASSET',
    'FRESHNESS_POLICY',
    'AUTO_MATERIALIZE',
    'AUTOMATION',
    'UNKNOWN',
  ] as const,
});
/** Dagster's clients know no other word for one that events are pushed to; what pushes them is said beside it. */
export const sensorTypeOf = (kind: SensorManifest['kind']) => (kind === 'PUSH' ? 'STANDARD' : kind);
const Target = builder.objectRef<{ readonly jobName: string }>('Target');
Target.implement({
  fields: (t) => ({
    pipelineName: t.exposeString('jobName'),
    mode: t.string({ resolve: () => 'default' }),
    solidSelection: t.stringList({ nullable: true, resolve: () => null }),
  }),
});
const SensorMetadata = builder.objectRef<SensorManifest>('SensorMetadata');
SensorMetadata.implement({
  fields: (t) => ({
    assetKeys: t.field({
      type: [AssetKeyType],
      nullable: true,
      resolve: (sensor) => sensor.assets.map(assetKey),
    }),
  }),
});

export const Sensor = builder.objectRef<SensorValue>('Sensor');
Sensor.implement({
  fields: (t) => ({
    id: t.id({ resolve: (sensor) => encodeInstigatorId(instigatorId(sensor)) }),
    jobOriginId: t.string({ resolve: (sensor) => encodeInstigatorId(instigatorId(sensor)) }),
    name: t.string({ resolve: ({ definition }) => definition.name }),
    description: t.string({ nullable: true, resolve: ({ definition }) => definition.description }),
    targets: t.field({
      type: [Target],
      nullable: true,
      resolve: ({ definition }) => definition.jobNames.map((jobName) => ({ jobName })),
    }),
    defaultStatus: t.field({
      type: InstigationStatus,
      resolve: ({ definition }) => definition.defaultStatus,
    }),
    canReset: t.boolean({ resolve: isOverridden }),
    hasCursorUpdatePermissions: t.boolean({
      resolve: ({ location }, _args, { identity }) => mayActAt(identity, location, 'editor'),
    }),
    sensorState: t.field({ type: InstigationState, resolve: (sensor) => stateValue(sensor) }),
    minIntervalSeconds: t.int({ resolve: ({ definition }) => definition.minimumIntervalSeconds }),
    nextTick: t.field({
      type: DryRunInstigationTick,
      nullable: true,
      resolve: async (sensor, _args, context) =>
        (await statusOf(sensor, context)) === 'STOPPED'
          ? null
          : ((await futureTicks(sensor, context, 1, null))[0] ?? null),
    }),
    metadata: t.field({ type: SensorMetadata, resolve: ({ definition }) => definition }),
    eventSource: t.field({
      type: SensorEventSource,
      nullable: true,
      description: 'What pushes events to it; null = it is evaluated every so often.',
      resolve: ({ location, definition: { name, eventSource } }) =>
        eventSource == null ? null : { location, sensor: name, spec: eventSource },
    }),
    sensorType: t.field({
      type: SensorType,
      resolve: ({ definition: { kind } }) => sensorTypeOf(kind),
    }),
    tags: t.field({ type: [DefinitionTag], resolve: ({ definition }) => tagPairs(definition.tags) }),
    metadataEntries: t.field({
      type: [MetadataEntry],
      resolve: ({ definition }) => metadataEntries(definition.metadata),
    }),
  }),
});
