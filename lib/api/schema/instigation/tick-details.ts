import type { DynamicPartitionsRequest } from '../../../model/run-request';
import { builder } from '../../builder';
import { AssetCheckHandle } from '../common';
import { RunRequestType, TickEvaluation } from './tick-evaluation';

const DynamicPartitionsRequestType = builder.enumType('DynamicPartitionsRequestType', {
  values: ['ADD_PARTITIONS', 'DELETE_PARTITIONS'] as const,
});
const DynamicPartitionRequest = builder.objectRef<DynamicPartitionsRequest>('DynamicPartitionRequest');
DynamicPartitionRequest.implement({
  fields: (t) => ({
    partitionKeys: t.stringList({ nullable: true, resolve: ({ keys }) => [...keys] }),
    partitionsDefName: t.exposeString('name'),
    type: t.field({
      type: DynamicPartitionsRequestType,
      resolve: ({ kind }) => (kind === 'add' ? 'ADD_PARTITIONS' : 'DELETE_PARTITIONS'),
    }),
  }),
});
builder.objectField(TickEvaluation, 'dynamicPartitionsRequests', (t) =>
  t.field({
    type: [DynamicPartitionRequest],
    nullable: true,
    resolve: ({ result }) => (result === null ? null : [...result.dynamicPartitionsRequests]),
  }),
);
builder.objectField(RunRequestType, 'assetChecks', (t) =>
  t.field({
    type: [AssetCheckHandle],
    nullable: true,
    resolve: ({ assetCheckSelection }) => (assetCheckSelection === null ? null : [...assetCheckSelection]),
  }),
);
