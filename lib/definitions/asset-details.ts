import type { AssetKey } from '../model/asset-key';
import type { AutomationConditionSpec, FreshnessPolicySpec } from '../model/manifest';
import type { RawMetadata } from '../model/metadata';
import type { PartitionsSpec } from '../model/partitions';
import type { Tags } from '../model/tags';
import type { AssetReference, DependencyDefinition, DependencyLike, InputRecord } from './asset-reference';
import type { AssetDetails, Edge } from './computation';
import type { IoManagerDefinition } from './io-manager';
import type { CapturedSource } from './source-capture';

/** What describes an asset, whoever computes it. */
export interface AssetDescription<P extends PartitionsSpec | undefined> {
  /** Parts joined by `/`, unique in the deployment, e.g. `raw/earthquakes`. */
  readonly key: AssetKey;
  /** Assets that come before, without their values: assets, keys, multi-assets. */
  readonly deps?: DependencyLike | readonly DependencyLike[];
  /** Markdown; the first line is its summary. */
  readonly description?: string;
  /** Default: `default`. */
  readonly group?: string;
  /** Labels `[namespace/]name` → value, each part up to 63 of letters, digits, `_`, `-`, `.`. */
  readonly tags?: Tags;
  /** What it is made of, e.g. `['snowflake', 'dbt']`; up to three show as icons. */
  readonly kinds?: readonly string[];
  /** E-mail addresses or `team:<name>`. */
  readonly owners?: readonly string[];
  readonly metadata?: RawMetadata;
  /** Change it when the code computes something else: what depends on it then shows as stale. */
  readonly codeVersion?: string;
  readonly partitions?: P;
  /** When to materialize it by itself. @example automation.eager() */
  readonly automation?: AutomationConditionLike;
  /** When it is fresh. @example freshness.timeWindow({ failWindow: '24h' }) */
  readonly freshness?: FreshnessPolicySpec;
  /** How backfills cut it into runs; default one partition a run. @example backfill.singleRun() */
  readonly backfill?: { readonly maxPartitionsPerRun: number | null };
  /** Where its value is stored: an IO manager, or the name of one. */
  readonly ioManager?: string | IoManagerDefinition;
  /** Where users define it, when an integration calls this for them. */
  readonly source?: CapturedSource;
}

/** An automation condition, or its data. */
export type AutomationConditionLike = AutomationConditionSpec | { toSpec(): AutomationConditionSpec };

/** Brings a description into the form that `define` reads. */
export function toAssetDetails(
  description: AssetDescription<PartitionsSpec | undefined>,
  inputs: InputRecord,
  source: CapturedSource,
  isOptional = false,
): AssetDetails {
  return {
    key: description.key,
    edges: [...inputEdges(inputs), ...orderEdges(description.deps)],
    group: description.group ?? 'default',
    description: description.description ?? null,
    tags: description.tags ?? {},
    kinds: description.kinds ?? [],
    owners: description.owners ?? [],
    metadata: description.metadata ?? {},
    codeVersion: description.codeVersion ?? null,
    partitions: description.partitions ?? null,
    automation: toConditionSpec(description.automation),
    freshness: description.freshness ?? null,
    backfill: description.backfill ?? null,
    ioManager: description.ioManager ?? null,
    isOptional,
    source: description.source ?? source,
    mistakes: [],
  };
}

/** Edges whose values are loaded. */
export function inputEdges(inputs: InputRecord): Edge[] {
  return Object.entries(inputs).map(([input, given]) => toEdge(given, input));
}

function orderEdges(deps: DependencyLike | readonly DependencyLike[] | undefined): Edge[] {
  if (deps === undefined) return [];
  const list = isList(deps) ? deps : [deps];
  return list.flatMap((dependency) => {
    if (typeof dependency === 'string')
      return [{ key: dependency, input: null, mapping: null, external: null }];
    if ('kind' in dependency && dependency.kind === 'multi_asset') {
      return Object.values(dependency.assets).map((asset) => toEdge(asset, null));
    }
    return [toEdge(dependency as AssetReference | DependencyDefinition, null)];
  });
}

function isList(deps: DependencyLike | readonly DependencyLike[]): deps is readonly DependencyLike[] {
  return Array.isArray(deps);
}

function toEdge(given: AssetReference | DependencyDefinition, input: string | null): Edge {
  const [asset, mapping] = 'asset' in given ? [given.asset, given.mapping] : [given, null];
  const external = (asset as { externalDetails?: AssetDetails }).externalDetails ?? null;
  return { key: asset.key, input, mapping, external };
}

export function toConditionSpec(
  condition: AutomationConditionLike | undefined,
): AutomationConditionSpec | null {
  if (condition === undefined) return null;
  return 'toSpec' in condition && typeof condition.toSpec === 'function'
    ? condition.toSpec()
    : (condition as AutomationConditionSpec);
}
