import { expectType } from '../../graphql/api-error';
import type { AssetPartitionResult } from '../../graphql/generated';
import { withPositions } from './asset-event';

/** What is known of one partition. */
export function readPartition(answer: AssetPartitionResult) {
  const node = expectType(answer.assetNodeOrError, 'AssetNode');
  const asset = answer.assetOrError.__typename === 'Asset' ? answer.assetOrError : undefined;
  return {
    latest: node.latestMaterializationByPartition[0] ?? undefined,
    run: node.latestRunForPartition,
    history: asset ? withPositions(asset.assetEventHistory) : [],
  };
}
