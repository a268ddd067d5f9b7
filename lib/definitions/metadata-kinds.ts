import type { AssetKey } from '../model/asset-key';
import type { JsonValue } from '../model/json';
import type { MetadataValue, TableColumn } from '../model/metadata';

/** Markdown. @example metadata: { preview: md('| a | b |') } */
export const md = (value: string): MetadataValue => ({ kind: 'md', value });
/** A link. Strings that begin with http:// or https:// become links by themselves. */
export const url = (value: string): MetadataValue => ({ kind: 'url', value });
/** A file's path. */
export const path = (value: string): MetadataValue => ({ kind: 'path', value });
/** Plain text, also when it looks like a link. */
export const text = (value: string): MetadataValue => ({ kind: 'text', value });
/** A notebook's path. */
export const notebook = (value: string): MetadataValue => ({ kind: 'notebook', value });
/** Any JSON value. */
export const json = (value: JsonValue): MetadataValue => ({ kind: 'json', value });
/** A floating-point number, also when it is whole; plotted over time. */
export const float = (value: number): MetadataValue => ({ kind: 'float', value });
/** An instant. @param value a date, or epoch milliseconds */
export const timestamp = (value: Date | number): MetadataValue => ({
  kind: 'timestamp',
  value: Number(value) / 1000,
});
/** A link to an asset's page. */
export const assetLink = (value: AssetKey): MetadataValue => ({ kind: 'asset', value });
/** A link to a run's page. */
export const runLink = (value: string): MetadataValue => ({ kind: 'run', value });
/** A link to a job's page. */
export const jobLink = (value: string, location?: string): MetadataValue => ({
  kind: 'job',
  value,
  ...(location === undefined ? {} : { location }),
});
/**
 * Columns of a table.
 *
 * @param constraints what holds for the table as a whole, in words
 * @example columnSchema([{ name: 'id', type: 'NUMBER', constraints: { nullable: false, unique: true } }])
 */
export const columnSchema = (
  columns: readonly TableColumn[],
  constraints?: readonly string[],
): MetadataValue => ({
  kind: 'table_schema',
  columns,
  ...(constraints === undefined ? {} : { constraints }),
});

/**
 * What each column of a table is made from; the dashboard draws it as a graph across assets.
 *
 * @param columns a column's name → the upstream columns, as pairs of an asset's key and a column
 * @example metadata: { 'dagster/column_lineage': columnLineage({ total: [['raw/orders', 'amount']] }) }
 */
export const columnLineage = (
  columns: Readonly<Record<string, readonly (readonly [asset: AssetKey, column: string])[]>>,
): MetadataValue => ({
  kind: 'column_lineage',
  value: Object.fromEntries(
    Object.entries(columns).map(([name, sources]) => [
      name,
      sources.map(([asset, column]) => ({ asset, column })),
    ]),
  ),
});

/**
 * Records as a table; columns are those of the first record unless given.
 *
 * @example metadata: { preview: table([{ id: 1, place: 'Kamchatka' }]) }
 */
export function table(
  records: readonly Readonly<Record<string, JsonValue>>[],
  columns?: readonly TableColumn[],
): MetadataValue {
  const inferred = Object.entries(records[0] ?? {}).map(([name, value]) => ({
    name,
    type: value === null ? 'unknown' : typeof value,
  }));
  return { kind: 'table', columns: columns ?? inferred, records };
}
