import { builder } from '../../builder';
import { AssetKeyInput } from '../common';

const PartitionRangeSelector = builder.inputType('PartitionRangeSelector', {
  fields: (t) => ({ start: t.string({ required: true }), end: t.string({ required: true }) }),
});

const PartitionsSelector = builder.inputType('PartitionsSelector', {
  fields: (t) => ({
    range: t.field({ type: PartitionRangeSelector }),
    ranges: t.field({ type: [PartitionRangeSelector] }),
  }),
});

export const PartitionsByAssetSelector = builder.inputType('PartitionsByAssetSelector', {
  fields: (t) => ({
    assetKey: t.field({ type: AssetKeyInput, required: true }),
    partitions: t.field({ type: PartitionsSelector }),
  }),
});

export const PartitionKeyRange = builder.objectRef<{ readonly start: string; readonly end: string }>(
  'PartitionKeyRange',
);
PartitionKeyRange.implement({
  fields: (t) => ({ start: t.exposeString('start'), end: t.exposeString('end') }),
});
