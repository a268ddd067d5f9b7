import { externalAsset } from '../../definitions/external-asset';
import { freshness } from '../../definitions/freshness';
import { columnSchema } from '../../definitions/metadata-kinds';
import type { AssetSpec, CheckSpec } from '../../definitions/multi-asset';
import type { CapturedSource } from '../../definitions/source-capture';
import type { FreshnessPolicySpec } from '../../model/manifest';
import { METADATA, type RawMetadata, type TableColumn } from '../../model/metadata';
import { columnConstraints, inWords } from './dbt-constraints';
import { type DbtAsset, type DbtCheck, type DbtGraph, groupOf } from './dbt-graph';
import type { DbtNode } from './dbt-manifest';

/** What is said of all assets of a project. */
export interface SpecOptions {
  /** Folder of the project as the user wrote it: for links to its files. */
  readonly project: string;
  /** `snowflake`, …; shown as a kind beside `dbt`. */
  readonly adapter: string | null;
  /** Group of every asset whose node names none. */
  readonly group: string | undefined;
  readonly source: CapturedSource;
}

/** Assets and checks of the graph, as a multi-asset declares them. */
export function toSpecs(
  { assets, checks, external }: DbtGraph,
  options: SpecOptions,
): { readonly specs: readonly AssetSpec[]; readonly checks: readonly CheckSpec[] } {
  const { source } = options;
  const others = new Map(
    external.map(({ key, description, group }) => [
      key,
      externalAsset({ key, group: toName(group), source, ...(description === '' ? {} : { description }) }),
    ]),
  );
  return {
    specs: assets.map((asset) =>
      toSpec(
        asset,
        asset.dependencies.map((key) => others.get(key) ?? key),
        options,
      ),
    ),
    checks: checks.map(toCheckSpec),
  };
}

function toSpec(
  { key, node }: DbtAsset,
  deps: NonNullable<AssetSpec['deps']> & readonly unknown[],
  { project, adapter, group, source }: SpecOptions,
): AssetSpec {
  const declared = node.config.meta.dagster;
  const codeVersion = node.checksum?.checksum;
  return {
    key,
    deps,
    source,
    group: toName(group !== undefined && declared?.group === undefined ? group : groupOf(node)),
    tags: Object.fromEntries(node.tags.filter((tag) => TAG.test(tag)).map((tag) => [tag, ''])),
    kinds: ['dbt', ...(adapter === null ? [] : [adapter])],
    owners: declared?.owners ?? [],
    metadata: metadataOf(node, project),
    ...(node.description === '' ? {} : { description: node.description }),
    ...(codeVersion ? { codeVersion } : {}),
    ...(declared?.freshness ? { freshness: toPolicy(declared.freshness) } : {}),
  };
}

function toPolicy({
  failWindow,
  warnWindow,
}: NonNullable<NonNullable<DbtNode['config']['meta']['dagster']>['freshness']>): FreshnessPolicySpec {
  return freshness.timeWindow({ failWindow, ...(warnWindow === undefined ? {} : { warnWindow }) });
}

function metadataOf(node: DbtNode, project: string): RawMetadata {
  const columns = Object.values(node.columns).map(
    ({ name, data_type, description, tags, constraints }): TableColumn => ({
      name,
      type: data_type ?? 'unknown',
      ...(description === '' ? {} : { description }),
      ...(tags.length === 0 ? {} : { tags: Object.fromEntries(tags.map((tag) => [tag, ''])) }),
      constraints: columnConstraints(constraints) ?? undefined,
    }),
  );
  const constraints = node.constraints.length === 0 ? undefined : node.constraints.map(inWords);
  return {
    'dbt/unique_id': node.unique_id,
    'dbt/resource_type': node.resource_type,
    ...(node.config.materialized ? { 'dbt/materialized': node.config.materialized } : {}),
    ...(columns.length === 0 ? {} : { [METADATA.columnSchema]: columnSchema(columns, constraints) }),
    ...(node.relation_name ? { [METADATA.relationIdentifier]: node.relation_name } : {}),
    'dagster/code_references': {
      kind: 'code_references',
      value: [{ file: `${project}/${node.original_file_path}`, line: 1 }],
    },
  };
}

function toCheckSpec({ asset, name, uniqueId, description, severity }: DbtCheck): CheckSpec {
  return {
    asset,
    name,
    // dbt itself skips what depends on a failed test.
    blocking: false,
    metadata: { 'dbt/unique_id': uniqueId, 'dbt/severity': severity },
    ...(description === '' ? {} : { description }),
  };
}

const TAG = /^(?:[A-Za-z0-9_.-]{1,63}\/)?[A-Za-z0-9_.-]{1,63}$/;
const toName = (text: string): string => text.replaceAll(/[^A-Za-z0-9_]/g, '_');
