import type { AssetKey } from '../../model/asset-key';
import type { Manifest } from '../../model/manifest';

/** The assets of a location that have a condition; of those that a sensor follows, where one is given. */
export function automatedKeys(manifest: Manifest, followed?: readonly AssetKey[]): readonly AssetKey[] {
  const wanted = followed === undefined ? null : new Set(followed);
  return manifest.assets
    .filter(
      ({ key, op, automationCondition }) =>
        op !== null && automationCondition !== null && wanted?.has(key) !== false,
    )
    .map(({ key }) => key);
}
