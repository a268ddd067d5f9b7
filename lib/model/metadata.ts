import type { AssetKey } from './asset-key';
import type { JsonValue } from './json';

/** One column of a table's schema. */
export interface TableColumn {
  readonly name: string;
  readonly type: string;
  readonly description?: string | undefined;
  readonly tags?: Readonly<Record<string, string>> | undefined;
  /** What its values are held to. */
  readonly constraints?: TableColumnConstraints | undefined;
}

export interface TableColumnConstraints {
  /** Default true. */
  readonly nullable?: boolean | undefined;
  /** Default false. */
  readonly unique?: boolean | undefined;
  /** In words. */
  readonly other?: readonly string[] | undefined;
}

/** Where code stands: in a file of the project, or wherever a link leads. */
export type CodeReference =
  | { readonly file: string; readonly line: number; readonly label?: string | undefined }
  | { readonly url: string; readonly label?: string | undefined };

/** Facts attached to definitions, materializations, observations and check results: Dagster's kinds. */
export type MetadataValue =
  | { readonly kind: 'text'; readonly value: string }
  | { readonly kind: 'url'; readonly value: string }
  | { readonly kind: 'path'; readonly value: string }
  | { readonly kind: 'notebook'; readonly value: string }
  | { readonly kind: 'md'; readonly value: string }
  | { readonly kind: 'json'; readonly value: JsonValue }
  | { readonly kind: 'int'; readonly value: number }
  | { readonly kind: 'float'; readonly value: number }
  | { readonly kind: 'bool'; readonly value: boolean }
  /** Epoch seconds, as in Dagster. */
  | { readonly kind: 'timestamp'; readonly value: number }
  | { readonly kind: 'run'; readonly value: string }
  | { readonly kind: 'job'; readonly value: string; readonly location?: string }
  | { readonly kind: 'asset'; readonly value: AssetKey }
  | { readonly kind: 'pool'; readonly value: string }
  | {
      readonly kind: 'table';
      readonly columns: readonly TableColumn[];
      /** What holds for the table as a whole, in words. */
      readonly constraints?: readonly string[] | undefined;
      readonly records: readonly Readonly<Record<string, JsonValue>>[];
    }
  | {
      readonly kind: 'table_schema';
      readonly columns: readonly TableColumn[];
      readonly constraints?: readonly string[] | undefined;
    }
  /** Column → the upstream columns it is made from. */
  | {
      readonly kind: 'column_lineage';
      readonly value: Readonly<
        Record<string, readonly { readonly asset: AssetKey; readonly column: string }[]>
      >;
    }
  | {
      readonly kind: 'code_references';
      readonly value: readonly CodeReference[];
    }
  | { readonly kind: 'null' };

export type Metadata = Readonly<Record<string, MetadataValue>>;

/** What users may write: plain values are wrapped by `toMetadata`. */
export type RawMetadata = Readonly<Record<string, MetadataValue | JsonValue | undefined>>;

/** Well-known metadata keys that the dashboard plots or links (Dagster's names). */
export const METADATA = {
  rowCount: 'dagster/row_count',
  columnSchema: 'dagster/column_schema',
  columnLineage: 'dagster/column_lineage',
  relationIdentifier: 'dagster/relation_identifier',
  uri: 'dagster/uri',
  lastUpdatedTimestamp: 'dagster/last_updated_timestamp',
} as const;

const KINDS = new Set([
  'text',
  'url',
  'path',
  'notebook',
  'md',
  'json',
  'int',
  'float',
  'bool',
  'timestamp',
  'run',
  'job',
  'asset',
  'pool',
  'table',
  'table_schema',
  'column_lineage',
  'code_references',
  'null',
]);

/**
 * Wraps plain values: strings → text (or url), integers → int, numbers → float, booleans, null, the rest → json.
 *
 * @example toMetadata({ rows: 3, docs: 'https://x.y' }) // int and url
 */
export function toMetadata(raw: RawMetadata): Metadata {
  const entries = Object.entries(raw).flatMap(([key, value]) =>
    value === undefined ? [] : [[key, toMetadataValue(value)] as const],
  );
  return Object.fromEntries(entries);
}

function toMetadataValue(value: MetadataValue | JsonValue): MetadataValue {
  if (value === null) return { kind: 'null' };
  if (typeof value === 'string') return { kind: /^https?:\/\/\S+$/.test(value) ? 'url' : 'text', value };
  if (typeof value === 'boolean') return { kind: 'bool', value };
  if (typeof value === 'number') return { kind: Number.isInteger(value) ? 'int' : 'float', value };
  if (isMetadataValue(value)) return value;
  return { kind: 'json', value };
}

function isMetadataValue(value: object): value is MetadataValue {
  const kind = (value as { kind?: unknown }).kind;
  return (
    typeof kind === 'string' && KINDS.has(kind) && ('value' in value || 'columns' in value || kind === 'null')
  );
}
