import type { StoredEvent } from '../../../model/event';
import { builder } from '../../builder';
import { FailedToMaterializeEvent, MaterializationEvent, ObservationEvent } from '../events/asset-events';
import { TYPE_OF_EVENT } from '../events/event-types';
import { freshnessOf } from '../freshness';
import { Asset } from './asset';
import { eventsOf } from './asset-events';

const AssetResultEventType = builder.unionType('AssetResultEventType', {
  types: [FailedToMaterializeEvent, MaterializationEvent, ObservationEvent],
  resolveType: ({ type }) => TYPE_OF_EVENT[type],
});
const EventTypeSelector = builder.enumType('AssetEventHistoryEventTypeSelector', {
  values: ['MATERIALIZATION', 'FAILED_TO_MATERIALIZE', 'OBSERVATION'] as const,
});
const TYPE_OF_SELECTOR = {
  MATERIALIZATION: 'ASSET_MATERIALIZATION',
  FAILED_TO_MATERIALIZE: 'ASSET_FAILED_TO_MATERIALIZE',
  OBSERVATION: 'ASSET_OBSERVATION',
} as const;

interface HistoryValue {
  readonly events: readonly StoredEvent[];
  readonly cursor: string;
}
const HistoryConnection = builder.objectRef<HistoryValue>('AssetResultEventHistoryConnection');
HistoryConnection.implement({
  fields: (t) => ({
    results: t.field({ type: [AssetResultEventType], resolve: ({ events }) => [...events] }),
    positions: t.idList({
      description:
        'Where each result is in the log. The one after it, as a cursor, begins a page with it. Not in Dagster.',
      resolve: ({ events }) => events.map(({ storageId }) => String(storageId)),
    }),
    cursor: t.exposeString('cursor', { description: 'Where the next page begins.' }),
  }),
});

builder.objectFields(Asset, (t) => ({
  assetEventHistory: t.field({
    type: HistoryConnection,
    description: 'Materializations, failures and observations together, newest first.',
    args: {
      partitions: t.arg.stringList(),
      beforeTimestampMillis: t.arg.string(),
      afterTimestampMillis: t.arg.string(),
      limit: t.arg.int({ required: true }),
      eventTypeSelectors: t.arg({ type: [EventTypeSelector], required: true }),
      cursor: t.arg.string(),
    },
    resolve: async ({ key }, { eventTypeSelectors, cursor, ...range }, context) => {
      const types = eventTypeSelectors.map((selector) => TYPE_OF_SELECTOR[selector]);
      const events = await eventsOf(
        key,
        types,
        { ...range, ...(cursor ? { cursor: Number(cursor) } : {}) },
        context,
      );
      return { events, cursor: String(events.at(-1)?.storageId ?? cursor ?? '') };
    },
  }),
  latestEventSortKey: t.id({
    nullable: true,
    description: 'Grows with every materialization and observation.',
    resolve: async ({ key }, _args, { loaders }) => {
      const record = await loaders.assetRecord.load(key);
      const ids = [record?.lastMaterialization, record?.lastObservation].flatMap(
        (event) => event?.storageId ?? [],
      );
      return ids.length === 0 ? null : String(Math.max(...ids));
    },
  }),
  latestObservationTimestamp: t.float({
    nullable: true,
    resolve: async ({ key }, _args, { loaders }) =>
      (await loaders.assetRecord.load(key))?.lastObservation?.timestamp ?? null,
  }),
  freshnessStatusChangedTimestamp: t.float({
    nullable: true,
    description: 'Since when its freshness is what it is, in milliseconds as all instants here.',
    resolve: async ({ key }, _args, context) => {
      const found = context.workspace.asset(key);
      return found === undefined ? null : (await freshnessOf(found, context)).since;
    },
  }),
}));
