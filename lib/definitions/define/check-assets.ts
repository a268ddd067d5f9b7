import { isAssetKey } from '../../model/asset-key';
import { partitionsIdentity } from '../../model/partitions';
import type { AssetDetails, Computation } from '../computation';
import { freshnessProblem } from '../freshness';
import { partitionsProblem } from '../partitions';
import { toRetryPolicy } from '../retry';
import type { AssetGraph } from './asset-graph';
import type { MistakeList } from './mistakes';

const NAME = /^[A-Za-z0-9_]+$/;
const POOL = /^[A-Za-z0-9_./-]+$/;
const TAG_PART = '[A-Za-z0-9_.-]{1,63}';
const TAG_KEY = new RegExp(`^(?:${TAG_PART}/)?${TAG_PART}$`);
const TAG_VALUE = /^[A-Za-z0-9_.-]{0,63}$/;
const EMAIL = /^[^\s@]+@[^\s@]+\.[^\s@]+$/;
const TEAM = /^team:[A-Za-z0-9_-]+$/;
const MAX_KINDS = 3;

type Report = (message: string) => void;

/** Reports whatever is wrong with assets and checks by themselves; edges are checked apart. */
export function checkAssets({ assets, checks, computations }: AssetGraph, mistakes: MistakeList): void {
  for (const { details } of assets.values()) {
    checkAsset(details, mistakes.of(`Asset ${details.key}`, details.source));
  }
  const seen = new Set<string>();
  for (const { details } of checks) {
    const report = mistakes.of(`Check ${details.name} of asset ${details.asset}`, details.source);
    const id = `${details.asset}:${details.name}`;
    if (seen.has(id)) report('it is defined twice');
    seen.add(id);
    if (!NAME.test(details.name)) report('a name is made of letters, digits and "_"');
    if (!assets.has(details.asset)) report('there is no such asset in this location');
  }
  for (const { name, source, assets: made, checks: own } of computations) {
    if (made.length > 0) continue;
    const report = mistakes.of(`Op ${name}`, source);
    if (own.length === 0) report('it has no checks');
    const partitioned = own.flatMap(({ asset }) => assets.get(asset)?.details.partitions ?? []);
    if (new Set(partitioned.map(partitionsIdentity)).size > 1)
      report('it checks assets of different partitions; a run has one: make a check for each');
  }
  checkComputations(computations, mistakes);
}

/** Reports names that ops share, and what is wrong with how they run. */
export function checkComputations(computations: readonly Computation[], mistakes: MistakeList): void {
  const byName = new Map<string, Computation>();
  for (const computation of computations) {
    const { name, source, assets } = computation;
    const [only] = assets;
    const report = mistakes.of(
      assets.length === 1 && only !== undefined ? `Asset ${only.key}` : `Op ${name}`,
      source,
    );
    const other = byName.get(name);
    const isSameKey = other?.assets[0] !== undefined && other.assets[0].key === only?.key;
    if (other !== undefined && other !== computation && !isSameKey) {
      report(
        `its op is named "${name}", as another at ${other.source.file}:${other.source.line}; rename one of them`,
      );
    }
    byName.set(name, computation);
    if (!NAME.test(name)) report(`its op's name "${name}" may only have letters, digits and "_"`);
    toRetryPolicy(computation.retry ?? undefined, report);
    if (computation.pool !== null && !POOL.test(computation.pool)) {
      report(`pool "${computation.pool}" may only have letters, digits, "_", "-", "." and "/"`);
    }
  }
}

function checkAsset(details: AssetDetails, report: Report): void {
  if (!isAssetKey(details.key)) {
    report(`key "${details.key}" is not valid: parts of letters, digits, "_", "-" and ".", joined by "/"`);
  }
  for (const mistake of details.mistakes) report(mistake);
  if (!NAME.test(details.group)) report(`group "${details.group}" may only have letters, digits and "_"`);
  checkTags(details.tags, report);
  checkOwners(details.owners, report);
  if (details.kinds.length > MAX_KINDS)
    report(`it has ${details.kinds.length} kinds; at most ${MAX_KINDS} can be shown`);
  for (const kind of details.kinds) {
    if (!TAG_VALUE.test(kind) || kind === '')
      report(`kind "${kind}" may only have up to 63 letters, digits, "_", "-" and "."`);
  }
  const partitions = details.partitions === null ? undefined : partitionsProblem(details.partitions);
  if (partitions !== undefined) report(`partitions: ${partitions}`);
  const freshness = details.freshness === null ? undefined : freshnessProblem(details.freshness);
  if (freshness !== undefined) report(`freshness: ${freshness}`);
  const max = details.backfill?.maxPartitionsPerRun ?? null;
  if (max !== null && (!Number.isInteger(max) || max < 1))
    report(`backfill.maxPartitionsPerRun is ${max}: it must be at least 1`);
}

function checkTags(tags: Readonly<Record<string, string>>, report: Report): void {
  for (const [key, value] of Object.entries(tags)) {
    if (!TAG_KEY.test(key))
      report(`tag "${key}" is not valid: [namespace/]name, each up to 63 letters, digits, "_", "-" and "."`);
    if (typeof value !== 'string' || !TAG_VALUE.test(value)) {
      report(
        `tag "${key}" has the value ${JSON.stringify(value)}: up to 63 letters, digits, "_", "-" and "."`,
      );
    }
  }
}

/** Owners are people or teams. */
export function checkOwners(owners: readonly string[], report: Report): void {
  for (const owner of owners) {
    if (!EMAIL.test(owner) && !TEAM.test(owner))
      report(`owner "${owner}" is neither an e-mail address nor "team:<name>"`);
  }
}
