import { createHash } from 'node:crypto';
import type { AssetKey } from '../model/asset-key';

/**
 * The data version of a materialization whose code gave none: SHA-256 of its code version and of its inputs'
 * data versions, sorted by asset key. Undefined when any of these is not known.
 */
export function computeDataVersion(
  codeVersion: string | null,
  inputs: readonly AssetKey[],
  versions: Readonly<Record<AssetKey, string>>,
): string | undefined {
  if (codeVersion === null) return undefined;
  const hash = createHash('sha256').update(codeVersion);
  for (const key of [...inputs].sort()) {
    const version = versions[key];
    if (version === undefined) return undefined;
    hash.update(`\0${key}\0${version}`);
  }
  return hash.digest('hex');
}
