import type { AssetKey } from './asset-key';

/** What was last materialized (or observed) of an asset, and from what. */
export interface AssetVersion {
  /** Position of the event in the log. */
  readonly storageId: number;
  readonly dataVersion: string | null;
  readonly codeVersion: string | null;
  /** Data version of each input at the time, of those that had one. */
  readonly inputDataVersions: Readonly<Record<AssetKey, string>>;
}

export interface StaleCause {
  readonly key: AssetKey;
  readonly category: 'CODE' | 'DATA' | 'DEPENDENCIES';
  readonly reason: string;
  readonly dependency: AssetKey | null;
}

/**
 * Why a materialized asset is stale: its code version or what it is made from changed, or an input has new data.
 * An input that was made again with the same data version has none; where a version is not known (code without a
 * version), every materialization counts as new data. Not transitive, like Dagster's: an asset whose input is stale
 * is so once the input has been made again.
 *
 * @param latest the newest version of each input that has one
 */
export function staleCauses(
  asset: {
    readonly key: AssetKey;
    readonly codeVersion: string | null;
    readonly inputs: readonly AssetKey[];
  },
  last: AssetVersion,
  latest: ReadonlyMap<AssetKey, AssetVersion>,
): readonly StaleCause[] {
  const { key, codeVersion, inputs } = asset;
  const cause = (
    category: StaleCause['category'],
    reason: string,
    dependency: AssetKey | null,
  ): StaleCause => ({
    key,
    category,
    reason,
    dependency,
  });
  const causes: StaleCause[] = [];
  if (codeVersion !== null && last.codeVersion !== null && last.codeVersion !== codeVersion) {
    causes.push(cause('CODE', 'has a new code version', null));
  }
  for (const removed of Object.keys(last.inputDataVersions).filter((each) => !inputs.includes(each))) {
    causes.push(cause('DEPENDENCIES', `removed dependency on ${removed}`, removed));
  }
  for (const input of new Set(inputs)) {
    const now = latest.get(input);
    const used = last.inputDataVersions[input];
    if (now === undefined || input === key) continue;
    const isNewer = now.storageId > last.storageId;
    if (used !== undefined && now.dataVersion !== null) {
      if (used !== now.dataVersion) causes.push(cause('DATA', 'has a new dependency data version', input));
    } else if (isNewer) {
      causes.push(cause('DATA', 'has a new dependency materialization', input));
    } else if (now.dataVersion !== null) {
      // It had this version when the asset was made, which would have been recorded.
      causes.push(cause('DEPENDENCIES', `has a new dependency on ${input}`, input));
    }
  }
  return causes;
}
