import type { AssetKey } from '../../model/asset-key';
import type { AssetManifest, Manifest } from '../../model/manifest';
import type { InstigatorResult, RunRequest } from '../../model/run-request';
import type { AssetVersions } from '../../ports/asset-storage';
import type { Instance } from '../../ports/instance';
import { causesAmong, staleStatusOf } from '../asset-staleness';
import { findJob } from '../find-definitions';
import { jobNameOf, type Requester } from './request-configs';

/** Shown on a tick whose requests were all for assets that need not be made. */
export const NOTHING_STALE = 'Nothing to run: of what is asked for, no asset is missing or stale.';

/**
 * What a tick asks for, without the assets that are fresh where a request wants stale ones only. A request of which
 * nothing is left is dropped. Of a partitioned asset the requested partition counts when it was never made; whether
 * one is stale is not known.
 *
 * @throws {EngineError} when a request does not say which job it means
 */
export async function narrowToStale(
  { storage }: Pick<Instance, 'storage'>,
  manifest: Manifest,
  tick: Requester,
  result: InstigatorResult,
): Promise<InstigatorResult> {
  if (!result.runRequests.some(({ staleAssetsOnly }) => staleAssetsOnly)) return result;
  const definitions = new Map(manifest.assets.map((asset) => [asset.key, asset]));
  const asked = result.runRequests.map((request) => assetsAskedFor(manifest, tick, request));
  const versions = await versionsFor(asked.flatMap((keys) => keys ?? []));
  const runRequests: RunRequest[] = [];
  for (const [index, request] of result.runRequests.entries()) {
    const keys = asked[index] ?? null;
    if (keys === null) {
      runRequests.push(request);
      continue;
    }
    const needed = await Promise.all(keys.map((key) => isNeeded(key, request.partitionKey)));
    const assetSelection = keys.filter((_key, at) => needed[at]);
    if (assetSelection.length > 0) runRequests.push({ ...request, assetSelection });
  }
  const skipReason = runRequests.length === 0 ? (result.skipReason ?? NOTHING_STALE) : result.skipReason;
  return { ...result, runRequests, skipReason };

  async function versionsFor(keys: readonly AssetKey[]): Promise<ReadonlyMap<AssetKey, AssetVersions>> {
    const read = new Set(keys.flatMap((key) => [key, ...dependenciesOf(definitions.get(key))]));
    return new Map((await storage.assetVersions([...read])).map((each) => [each.key, each]));
  }

  async function isNeeded(key: AssetKey, partition: string | null): Promise<boolean> {
    const definition = definitions.get(key);
    // What does not exist stays asked for, so that the plan says so.
    if (definition === undefined) return true;
    if (definition.partitions !== null && partition !== null) {
      return (await storage.latestMaterializations(key, [partition])).length === 0;
    }
    return staleStatusOf(definition, causesAmong(definition, versions)) !== 'FRESH';
  }
}

/** The assets of a request that is to be narrowed; null = of any other, or of a job without assets. */
function assetsAskedFor(
  manifest: Manifest,
  tick: Requester,
  request: RunRequest,
): readonly AssetKey[] | null {
  if (!request.staleAssetsOnly) return null;
  const job = findJob(manifest, jobNameOf(request, tick));
  return job.assets === null ? null : (request.assetSelection ?? job.assets);
}

const dependenciesOf = (asset: AssetManifest | undefined): readonly AssetKey[] =>
  asset?.dependencies.map(({ key }) => key) ?? [];
