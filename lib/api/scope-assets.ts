import { isMaterializable } from '../model/asset-execution';
import type { AssetKey } from '../model/asset-key';
import type { CodeLocation } from '../model/code-location';

/** Which code locations an asset belongs to. */
export interface AssetOwners {
  /** Those that define it in any way; whoever sees one of them sees the asset. */
  definedIn(key: AssetKey): Promise<readonly string[]>;
  /** Those whose data it is: where it is made, else where it is declared. None: it is in no code any more. */
  ownedBy(key: AssetKey): Promise<readonly string[]>;
  keys(): Promise<readonly AssetKey[]>;
}

/** @param list all code locations of the deployment */
export function createAssetOwners(list: () => Promise<readonly CodeLocation[]>): AssetOwners {
  let index: Promise<ReadonlyMap<AssetKey, Definitions>> | undefined;
  const read = () => {
    index ??= list().then(indexAssets);
    return index;
  };
  return {
    definedIn: async (key) => (await read()).get(key)?.all ?? [],
    ownedBy: async (key) => {
      const { all = [], making = [] } = (await read()).get(key) ?? {};
      return making.length > 0 ? making : all;
    },
    keys: async () => [...(await read()).keys()],
  };
}

interface Definitions {
  readonly all: string[];
  readonly making: string[];
}

function indexAssets(locations: readonly CodeLocation[]): ReadonlyMap<AssetKey, Definitions> {
  const index = new Map<AssetKey, Definitions>();
  for (const { name, manifest } of locations) {
    for (const asset of manifest?.assets ?? []) {
      const { key } = asset;
      const entry = index.get(key) ?? { all: [], making: [] };
      index.set(key, entry);
      entry.all.push(name);
      if (isMaterializable(asset)) entry.making.push(name);
    }
  }
  return index;
}
