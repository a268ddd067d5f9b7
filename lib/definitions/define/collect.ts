import { didYouMean, nearMisses } from '../../model/near-misses';
import type { AssetDefinition } from '../asset';
import type { AssetCheckDefinition } from '../asset-check';
import type { ExternalAssetDefinition } from '../external-asset';
import type { JobDefinition } from '../job';
import type { MultiAssetDefinition } from '../multi-asset';
import type { MultiAssetCheckDefinition } from '../multi-asset-check';
import type { ObservableAssetDefinition } from '../observable-asset';
import type { ResourceRecord } from '../resource';
import type { ScheduleDefinition } from '../schedule';
import type { SensorDefinition } from '../sensor';
import { UNKNOWN_SOURCE } from '../source-capture';
import type { MistakeList } from './mistakes';

/** One definition, lists of them (of any depth), or a module whose exports are looked through. */
export type Collection<T> = T | readonly Collection<T>[] | Readonly<Record<string, unknown>>;

/** Anything that can stand under `assetChecks`. */
export type AnyCheck = AssetCheckDefinition | MultiAssetCheckDefinition;

/** What a code location defines. */
export interface DefinitionsInput {
  /** @example import * as assets from './assets'; define({ assets }) */
  readonly assets?: Collection<AssetLike>;
  readonly assetChecks?: Collection<AnyCheck>;
  readonly jobs?: Collection<JobLike>;
  readonly schedules?: Collection<ScheduleDefinition>;
  readonly sensors?: Collection<SensorDefinition>;
  /** Resources by name; needed only to name one that is used elsewhere, or to replace `io_manager`. */
  readonly resources?: ResourceRecord;
}

/** Assets of any types. */
export type AssetLike =
  | { readonly kind: 'asset' | 'observable_asset' | 'external_asset'; readonly key: string }
  | { readonly kind: 'multi_asset'; readonly name: string };

/** Jobs of any partitions. */
export type JobLike = { readonly kind: 'job'; readonly name: string };

/** All definitions, flat, each once. */
export interface CollectedDefinitions {
  readonly assets: readonly AssetDefinition[];
  readonly multiAssets: readonly MultiAssetDefinition[];
  readonly observableAssets: readonly ObservableAssetDefinition[];
  readonly externalAssets: readonly ExternalAssetDefinition[];
  readonly assetChecks: readonly AnyCheck[];
  readonly jobs: readonly JobDefinition[];
  readonly schedules: readonly ScheduleDefinition[];
  readonly sensors: readonly SensorDefinition[];
  readonly resources: ResourceRecord;
}

const ASSET_KINDS = ['asset', 'multi_asset', 'observable_asset', 'external_asset'];
const CHECK_KINDS = ['asset_check', 'multi_asset_check'];

const FIELDS: readonly string[] = Object.keys({
  assets: true,
  assetChecks: true,
  jobs: true,
  schedules: true,
  sensors: true,
  resources: true,
} satisfies Record<keyof DefinitionsInput, true>);

/** Flattens what was given to `define`. In lists everything must be of the kind; in modules the rest is ignored. */
export function collect(input: DefinitionsInput, mistakes: MistakeList): CollectedDefinitions {
  for (const field of Object.keys(input).filter((each) => !FIELDS.includes(each))) {
    const meant = didYouMean(nearMisses(field, FIELDS));
    mistakes.add(
      `define({ ${field} })`,
      UNKNOWN_SOURCE,
      `there is no such field.${meant} There are ${FIELDS.join(', ')}`,
    );
  }
  const assets = flatten(input.assets, ASSET_KINDS, 'assets', mistakes);
  const ofKind = <T>(kind: string) => assets.filter((each) => kindOf(each) === kind) as T[];
  const schedules = flatten(input.schedules, ['schedule'], 'schedules', mistakes) as ScheduleDefinition[];
  const sensors = flatten(input.sensors, ['sensor'], 'sensors', mistakes) as SensorDefinition[];
  const jobs = flatten(input.jobs, ['job'], 'jobs', mistakes) as JobDefinition[];
  const targeted = [...schedules, ...sensors].flatMap(({ target }) => target.jobs);
  return {
    assets: ofKind('asset'),
    multiAssets: ofKind('multi_asset'),
    observableAssets: ofKind('observable_asset'),
    externalAssets: ofKind('external_asset'),
    assetChecks: flatten(input.assetChecks, CHECK_KINDS, 'assetChecks', mistakes) as AnyCheck[],
    jobs: [...new Set([...jobs, ...targeted.filter((job) => typeof job !== 'string')])],
    schedules,
    sensors,
    resources: input.resources ?? {},
  };
}

function flatten(given: unknown, kinds: readonly string[], field: string, mistakes: MistakeList): unknown[] {
  const found = new Set<unknown>();
  const visit = (value: unknown, isStrict: boolean): void => {
    if (Array.isArray(value)) {
      for (const item of value) visit(item, isStrict);
    } else if (kinds.includes(kindOf(value) ?? '')) {
      found.add(value);
    } else if (!isStrict) {
      return;
    } else if (kindOf(value) === undefined && typeof value === 'object' && value !== null) {
      for (const item of Object.values(value)) visit(item, false);
    } else if (value !== undefined) {
      const what = kindOf(value) ?? (value === null ? 'null' : typeof value);
      mistakes.add(
        `define({ ${field} })`,
        UNKNOWN_SOURCE,
        `${what.replaceAll('_', ' ')} does not belong here`,
      );
    }
  };
  visit(given, true);
  return [...found];
}

function kindOf(value: unknown): string | undefined {
  if ((typeof value !== 'object' && typeof value !== 'function') || value === null) return undefined;
  const { kind } = value as { kind?: unknown };
  return typeof kind === 'string' ? kind : undefined;
}
