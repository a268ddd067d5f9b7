import { type AssetCheckKey, checkId } from '../../model/asset-check';
import { isMaterializable, isObservable } from '../../model/asset-execution';
import type { AssetKey } from '../../model/asset-key';
import type { PlannedStep, StepInput } from '../../model/execution-plan';
import type { AssetManifest, JobManifest, Manifest, OpManifest } from '../../model/manifest';
import { runPriority } from '../../model/tags';
import { assetUnitId, checkUnitId, groupUnits, type UnitGroup, unitsOf } from './group-units';
import { selectAssetUnits } from './select-asset-units';

/**
 * Steps of an asset job: one per op (more only where a subsettable op must be split), in dependency order.
 *
 * @throws {PlanError}
 */
export function planAssetSteps(
  manifest: Manifest,
  job: JobManifest,
  assetSelection: readonly AssetKey[] | null,
  checkSelection: readonly AssetCheckKey[] | null,
): PlannedStep[] {
  const works = selectAssetUnits(manifest, job, assetSelection, checkSelection);
  const units = unitsOf(works);
  const groups = groupUnits(works, units);
  const stepOfUnit = new Map(
    groups.flatMap((group) => group.units.map((unit) => [unit.id, stepKeyOf(group)])),
  );
  const blocking = Map.groupBy(
    works.flatMap((work) => [...work.checks.values()]).filter((check) => check.blocking),
    (check) => check.asset,
  );

  const madeInRun = new Set(
    works.flatMap((work) => [...work.assets.values()].filter(isMaterializable).map(({ key }) => key)),
  );

  return groups.map((group): PlannedStep => {
    const key = stepKeyOf(group);
    const { op } = group.work;
    const ids = new Set(group.units.map((unit) => unit.id));
    const assets = [...group.work.assets.values()].filter((asset) => ids.has(assetUnitId(asset.key)));
    const checks = [...group.work.checks.values()].filter((check) => ids.has(checkUnitId(checkId(check))));
    const made = assets.filter(isMaterializable);
    const upstream = new Set(
      assets.flatMap((asset) => asset.dependencies.map((dependency) => dependency.key)),
    );
    const observes = inOrder(assets.filter(isObservable), op.assets);
    const upstreamAssets = made.length === 0 ? [] : [...upstream].filter((asset) => !madeInRun.has(asset));
    const dependsOn = new Set(
      group.units.flatMap((unit) => [...unit.dependsOn].map((id) => stepOfUnit.get(id))),
    );
    dependsOn.delete(key);
    dependsOn.delete(undefined);
    return {
      key,
      op: op.name,
      inputs: inputsOf(op, assets, checks, (asset) => {
        const stepKey = stepOfUnit.get(assetUnitId(asset)) ?? null;
        return stepKey === key ? null : stepKey;
      }),
      dependsOn: [...dependsOn].filter((step) => step !== undefined),
      blockedBy: [...upstream]
        .filter((asset) => stepOfUnit.get(assetUnitId(asset)) !== key)
        .flatMap((asset) => blocking.get(asset) ?? [])
        .map(({ asset, name }) => ({ asset, name })),
      assets: inOrder(made, op.assets),
      ...(observes.length === 0 ? {} : { observes }),
      ...(upstreamAssets.length === 0 ? {} : { upstreamAssets }),
      checks: checks.map(({ asset, name }) => ({ asset, name })),
      mappedOver: null,
      pool: op.pool,
      retryPolicy: op.retryPolicy,
      priority: runPriority(op.tags),
      isolated: op.isolation === 'process',
    };
  });
}

function stepKeyOf(group: UnitGroup): string {
  return group.part === 1 ? group.work.op.name : `${group.work.op.name}_${group.part}`;
}

function inOrder(assets: readonly AssetManifest[], order: readonly AssetKey[]): AssetKey[] {
  const chosen = new Set(assets.map((asset) => asset.key));
  return order.filter((key) => chosen.has(key));
}

/**
 * Values that the step loads: upstream assets by the input that names them, and for a check's own op the asset
 * it checks. What the step makes itself is never loaded, except an asset's own earlier partition.
 */
function inputsOf(
  op: OpManifest,
  assets: readonly AssetManifest[],
  checks: readonly AssetCheckKey[],
  stepOf: (asset: AssetKey) => string | null,
): StepInput[] {
  const own = new Set(op.assets);
  const keysByInput = new Map<string, AssetKey>();
  for (const asset of assets) {
    for (const { key, kind, input } of asset.dependencies) {
      if (kind === 'data' && input !== null && (key === asset.key || !own.has(key)))
        keysByInput.set(input, key);
    }
  }
  const [checked] = assets.length === 0 ? checks : [];
  return op.inputs.flatMap((input): StepInput[] => {
    if (!input.hasValue) return [];
    const asset = keysByInput.get(input.name) ?? checked?.asset;
    if (asset === undefined) return [];
    return [{ name: input.name, sources: [{ kind: 'asset', asset, stepKey: stepOf(asset) }] }];
  });
}
