import { type AssetCheckKey, checkId } from '../../model/asset-check';
import type { AssetKey } from '../../model/asset-key';
import type {
  AssetCheckManifest,
  AssetManifest,
  JobManifest,
  Manifest,
  OpManifest,
} from '../../model/manifest';
import { PlanError } from '../errors';

/** What one op is to do in a run: some or all of its assets and checks. */
export interface OpWork {
  readonly op: OpManifest;
  readonly assets: Map<AssetKey, AssetManifest>;
  /** By `checkId`. */
  readonly checks: Map<string, AssetCheckManifest>;
}

/**
 * The assets and checks of a run, by op. Without a check selection every check of a selected asset is taken;
 * an op that cannot be subset brings all that it makes.
 *
 * @throws {PlanError}
 */
export function selectAssetUnits(
  manifest: Manifest,
  job: JobManifest,
  assetSelection: readonly AssetKey[] | null,
  checkSelection: readonly AssetCheckKey[] | null,
): OpWork[] {
  const assets = new Map(manifest.assets.map((asset) => [asset.key, asset]));
  const checks = new Map(manifest.assetChecks.map((check) => [checkId(check), check]));
  const jobAssets = new Set(job.assets);
  const jobChecks = job.assetChecks ?? manifest.assetChecks.filter((check) => jobAssets.has(check.asset));
  const checksByOp = Map.groupBy(manifest.assetChecks, (check) => check.op);
  const ops = new Map(manifest.ops.map((op) => [op.name, op]));

  const work = new Map<string, OpWork>();
  const workOf = (opName: string): OpWork => {
    const known = work.get(opName);
    if (known !== undefined) return known;
    const op = ops.get(opName);
    if (op === undefined) throw new Error(`Manifest of '${manifest.location}' has no op '${opName}'`);
    const added: OpWork = { op, assets: new Map(), checks: new Map() };
    work.set(opName, added);
    return added;
  };

  for (const key of assetSelection ?? job.assets ?? []) {
    const asset = assets.get(key);
    if (asset === undefined) {
      throw new PlanError('unknown-asset', key, `There is no asset '${key}' in '${manifest.location}'.`, {
        known: assets.keys(),
      });
    }
    if (asset.op === null) {
      throw new PlanError(
        'not-materializable',
        key,
        `Asset '${key}' is external: nothing in '${manifest.location}' materializes it. Leave it out, or report its materializations through the API.`,
      );
    }
    if (!jobAssets.has(key)) {
      throw new PlanError('unknown-asset', key, `Job '${job.name}' does not select asset '${key}'.`, {
        known: jobAssets,
      });
    }
    workOf(asset.op).assets.set(key, asset);
  }

  const selectedAssets = new Set([...work.values()].flatMap(({ assets: selected }) => [...selected.keys()]));
  const selectedChecks =
    checkSelection ??
    (assetSelection === null ? jobChecks : jobChecks.filter((check) => selectedAssets.has(check.asset)));
  for (const key of selectedChecks) {
    const check = checks.get(checkId(key));
    if (check === undefined) {
      throw new PlanError(
        'unknown-check',
        checkId(key),
        `There is no check '${key.name}' of asset '${key.asset}'.`,
        {
          known: checks.keys(),
        },
      );
    }
    workOf(check.op).checks.set(checkId(check), check);
  }

  for (const { op, assets: own, checks: ownChecks } of work.values()) {
    if (op.canSubset) continue;
    for (const key of op.assets) {
      const asset = assets.get(key);
      if (asset !== undefined) own.set(key, asset);
    }
    for (const check of checksByOp.get(op.name) ?? []) ownChecks.set(checkId(check), check);
  }
  const order = new Map(manifest.ops.map((op, index) => [op.name, index]));
  return [...work.values()].sort((a, b) => (order.get(a.op.name) ?? 0) - (order.get(b.op.name) ?? 0));
}
