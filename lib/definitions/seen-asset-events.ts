import type { AssetKey } from '../model/asset-key';
import { toMetadata } from '../model/metadata';
import type { SeenAssetEvent } from '../model/run-request';
import type { CheckResult, MaterializeResult, ObserveResult } from './results';

/**
 * The events that a sensor's report makes: a materialization with its checks, an observation, or one check.
 *
 * @throws TypeError when it does not say which asset, or which check
 */
export function seenAssetEvents(
  reported: MaterializeResult | ObserveResult | CheckResult,
): readonly SeenAssetEvent[] {
  const { asset, metadata = {}, partition = null } = reported;
  if (asset === undefined)
    throw new TypeError('What a sensor reports has to name its asset: give it `asset`.');
  switch (reported.kind) {
    case 'check_result':
      return [checkEvaluation(asset, partition, reported)];
    case 'observe_result': {
      const { tags = {}, dataVersion } = reported;
      const data = {
        metadata: toMetadata(metadata),
        tags,
        ...(dataVersion === undefined ? {} : { dataVersion }),
      };
      return [{ type: 'ASSET_OBSERVATION', assetKey: asset, partition, data }];
    }
    case 'materialize_result': {
      const { tags = {}, description, dataVersion, checkResults = [] } = reported;
      const data = {
        metadata: toMetadata(metadata),
        tags,
        inputDataVersions: {},
        ...(description === undefined ? {} : { description }),
        ...(dataVersion === undefined ? {} : { dataVersion }),
      };
      return [
        { type: 'ASSET_MATERIALIZATION', assetKey: asset, partition, data },
        ...checkResults.map((check) => checkEvaluation(asset, partition, check)),
      ];
    }
  }
}

function checkEvaluation(asset: AssetKey, partition: string | null, result: CheckResult): SeenAssetEvent {
  const { check, passed, severity = 'ERROR', description, metadata = {} } = result;
  const key = result.partition ?? partition;
  if (check === undefined)
    throw new TypeError(
      `What a sensor reports of asset '${asset}' has to name its check: give it \`check\`.`,
    );
  return {
    type: 'ASSET_CHECK_EVALUATION',
    assetKey: asset,
    partition: key,
    data: {
      asset,
      name: check,
      passed,
      severity,
      metadata: toMetadata(metadata),
      // As the manifest says, where it is stored.
      blocking: false,
      ...(key === null ? {} : { partition: key }),
      ...(description === undefined ? {} : { description }),
    },
  };
}
