import type { AssetKey } from '../../model/asset-key';
import type { Manifest } from '../../model/manifest';
import { checkId } from '../plan/select-asset-units';

/**
 * The assets of a location that have a condition, and the ids of such checks; of the assets that a sensor follows,
 * where one is given.
 */
export function automatedKeys(manifest: Manifest, followed?: readonly AssetKey[]): readonly string[] {
  const wanted = followed === undefined ? null : new Set(followed);
  const isWanted = (key: AssetKey): boolean => wanted?.has(key) !== false;
  const assets = manifest.assets.filter(
    ({ key, op, automationCondition }) => op !== null && automationCondition !== null && isWanted(key),
  );
  const checks = manifest.assetChecks.filter(
    ({ asset, automationCondition }) => automationCondition !== undefined && isWanted(asset),
  );
  return [...assets.map(({ key }) => key), ...checks.map(checkId)];
}
