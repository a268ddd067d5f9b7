import { checkId } from '../../model/asset-check';
import { PlanError } from '../errors';
import type { OpWork } from './select-asset-units';

/** An asset or a check of the run, as a node of the graph by which steps are ordered. */
export interface Unit {
  readonly id: string;
  readonly op: string;
  /** Units of the run that come before: upstream assets, their blocking checks, the asset that is checked. */
  readonly dependsOn: ReadonlySet<string>;
}

/** Units that run together as one step of their op. */
export interface UnitGroup {
  readonly work: OpWork;
  /** 1 for the op's first step; more only where a subsettable op had to be split. */
  readonly part: number;
  readonly units: readonly Unit[];
}

export const assetUnitId = (key: string): string => `asset ${key}`;
export const checkUnitId = (id: string): string => `check ${id}`;

/** The graph of a run's assets and checks. */
export function unitsOf(works: readonly OpWork[]): Map<string, Unit> {
  const opOfAsset = new Map(
    works.flatMap((work) => [...work.assets.keys()].map((key) => [key, work.op.name])),
  );
  const blocking = Map.groupBy(
    works.flatMap((work) => [...work.checks.values()]).filter((check) => check.blocking),
    (check) => check.asset,
  );
  const units = new Map<string, Unit>();
  for (const { op, assets, checks } of works) {
    for (const asset of assets.values()) {
      const dependsOn = new Set<string>();
      for (const { key } of asset.dependencies) {
        if (key === asset.key || !opOfAsset.has(key)) continue;
        dependsOn.add(assetUnitId(key));
        if (opOfAsset.get(key) === op.name) continue;
        for (const check of blocking.get(key) ?? []) dependsOn.add(checkUnitId(checkId(check)));
      }
      units.set(assetUnitId(asset.key), { id: assetUnitId(asset.key), op: op.name, dependsOn });
    }
    for (const check of checks.values()) {
      const dependsOn = new Set(opOfAsset.has(check.asset) ? [assetUnitId(check.asset)] : []);
      const id = checkUnitId(checkId(check));
      units.set(id, { id, op: op.name, dependsOn });
    }
  }
  return units;
}

/**
 * Orders ops by their units' dependencies, each as one step. Where two ops need each other (a dbt model reads
 * what another op makes from a dbt model), a subsettable one is split into as few steps as that takes.
 *
 * @throws {PlanError} `cycle` when no split helps
 */
export function groupUnits(works: readonly OpWork[], units: ReadonlyMap<string, Unit>): UnitGroup[] {
  const remaining = new Map<string, Set<string>>(works.map((work) => [work.op.name, new Set()]));
  const missing = new Map<string, number>(works.map((work) => [work.op.name, 0]));
  const opsAfter = new Map<string, string[]>();
  for (const unit of units.values()) {
    remaining.get(unit.op)?.add(unit.id);
    for (const dependency of unit.dependsOn) {
      if (units.get(dependency)?.op === unit.op) continue;
      missing.set(unit.op, (missing.get(unit.op) ?? 0) + 1);
      opsAfter.set(dependency, [...(opsAfter.get(dependency) ?? []), unit.op]);
    }
  }

  const workOf = new Map(works.map((work) => [work.op.name, work]));
  const parts = new Map<string, number>();
  const groups: UnitGroup[] = [];
  const ready = works.map((work) => work.op.name).filter((op) => missing.get(op) === 0);
  const emit = (op: string, ids: Iterable<string>): void => {
    const part = (parts.get(op) ?? 0) + 1;
    parts.set(op, part);
    const chosen = [...ids].flatMap((id) => units.get(id) ?? []);
    groups.push({ work: workOf.get(op) as OpWork, part, units: chosen });
    for (const { id } of chosen) {
      remaining.get(op)?.delete(id);
      for (const next of opsAfter.get(id) ?? []) {
        const left = (missing.get(next) ?? 0) - 1;
        missing.set(next, left);
        if (left === 0) ready.push(next);
      }
    }
  };

  for (;;) {
    for (const op of ready) {
      const rest = remaining.get(op);
      if (rest !== undefined && rest.size > 0) emit(op, [...rest]);
    }
    ready.length = 0;
    const open = works.filter((work) => (remaining.get(work.op.name)?.size ?? 0) > 0);
    if (open.length === 0) return groups;
    const partial = open
      .filter((work) => work.op.canSubset)
      .map((work) => ({
        op: work.op.name,
        ids: runnableNow(remaining.get(work.op.name) ?? new Set(), remaining, units),
      }))
      .sort((a, b) => b.ids.size - a.ids.size)[0];
    if (partial === undefined || partial.ids.size === 0) {
      const names = open.map((work) => work.op.name);
      throw new PlanError(
        'cycle',
        names[0] ?? '',
        `Steps ${names.map((name) => `'${name}'`).join(', ')} wait for each other. Let one of them be subset, or break the dependency between their assets and checks.`,
      );
    }
    emit(partial.op, partial.ids);
  }
}

/** The units of one op that depend, within the run, on nothing but finished units and each other. */
function runnableNow(
  own: ReadonlySet<string>,
  remaining: ReadonlyMap<string, ReadonlySet<string>>,
  units: ReadonlyMap<string, Unit>,
): Set<string> {
  const runnable = new Set(own);
  const isOpen = (id: string): boolean => remaining.get(units.get(id)?.op ?? '')?.has(id) ?? false;
  let changed = true;
  while (changed) {
    changed = false;
    for (const id of runnable) {
      const blocked = [...(units.get(id)?.dependsOn ?? [])].some(
        (other) => isOpen(other) && !runnable.has(other),
      );
      if (blocked) changed = runnable.delete(id);
    }
  }
  return runnable;
}
