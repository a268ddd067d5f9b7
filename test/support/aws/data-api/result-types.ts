import type { ClientBase } from 'pg';
import { ApiError } from './api-error';
import type { ResultSetOptions } from './wire';

/** How the Data API answers a PostgreSQL type. */
export type FieldKind =
  | 'long'
  | 'double'
  | 'text'
  | 'decimal'
  | 'boolean'
  | 'blob'
  | 'datetime'
  | 'timestamptz'
  | 'unsupported';

export interface ResultType {
  readonly name: string;
  readonly kind: FieldKind;
  /** java.sql.Types, in column metadata. */
  readonly jdbc: number;
  /** Of an array's elements. */
  readonly element?: ResultType;
}

const OTHER = 1111;
const ARRAY = 2003;
const VARCHAR = 12;

const BUILT_IN: Readonly<Record<number, ResultType>> = {
  16: { name: 'bool', kind: 'boolean', jdbc: -7 },
  17: { name: 'bytea', kind: 'blob', jdbc: -2 },
  19: { name: 'name', kind: 'text', jdbc: VARCHAR },
  20: { name: 'int8', kind: 'long', jdbc: -5 },
  21: { name: 'int2', kind: 'long', jdbc: 5 },
  23: { name: 'int4', kind: 'long', jdbc: 4 },
  25: { name: 'text', kind: 'text', jdbc: VARCHAR },
  26: { name: 'oid', kind: 'long', jdbc: -5 },
  114: { name: 'json', kind: 'text', jdbc: OTHER },
  700: { name: 'float4', kind: 'double', jdbc: 7 },
  701: { name: 'float8', kind: 'double', jdbc: 8 },
  1042: { name: 'bpchar', kind: 'text', jdbc: 1 },
  1043: { name: 'varchar', kind: 'text', jdbc: VARCHAR },
  1082: { name: 'date', kind: 'datetime', jdbc: 91 },
  1083: { name: 'time', kind: 'text', jdbc: 92 },
  1114: { name: 'timestamp', kind: 'datetime', jdbc: 93 },
  1184: { name: 'timestamptz', kind: 'timestamptz', jdbc: 93 },
  1700: { name: 'numeric', kind: 'decimal', jdbc: 2 },
  2278: { name: 'void', kind: 'text', jdbc: OTHER },
  2950: { name: 'uuid', kind: 'text', jdbc: OTHER },
  3802: { name: 'jsonb', kind: 'text', jdbc: OTHER },
};

const TEXT_EXTENSIONS = ['citext', 'inet', 'cidr', 'macaddr'];

/** Looks a type up; domains are their base type, enums and network addresses text, arrays have an element. */
export async function resultType(client: ClientBase, oid: number): Promise<ResultType> {
  const known = BUILT_IN[oid];
  if (known !== undefined) return known;
  const found = await client.query<{
    name: string;
    type: string;
    category: string;
    element: number;
    base: number;
  }>(
    'select typname as name, typtype as type, typcategory as category, typelem::int4 as element, typbasetype::int4 as base from pg_type where oid = $1',
    [oid],
  );
  const [row] = found.rows;
  if (row === undefined) return { name: String(oid), kind: 'unsupported', jdbc: OTHER };
  if (row.category === 'A' && row.element !== 0) {
    const element = await resultType(client, row.element);
    return { name: row.name, kind: element.kind, jdbc: ARRAY, element };
  }
  if (row.type === 'd') return { ...(await resultType(client, row.base)), name: row.name };
  const isText = row.type === 'e' || TEXT_EXTENSIONS.includes(row.name);
  return {
    name: row.name,
    kind: isText ? 'text' : 'unsupported',
    jdbc: row.type === 'e' ? VARCHAR : OTHER,
  };
}

/** A member of the field union and its JSON; as text, because an int8 may exceed a JavaScript number. */
export interface FieldJson {
  readonly member: 'longValue' | 'doubleValue' | 'stringValue' | 'booleanValue' | 'blobValue';
  readonly json: string;
}

/** A value that is not null, from PostgreSQL's text form. */
export function toFieldJson(kind: FieldKind, text: string, options: ResultSetOptions): FieldJson {
  switch (kind) {
    case 'long':
      return options.longReturnType === 'STRING' ? string(text) : { member: 'longValue', json: text };
    case 'double':
      return { member: 'doubleValue', json: numberJson(text) };
    case 'boolean':
      return { member: 'booleanValue', json: text === 't' ? 'true' : 'false' };
    case 'blob':
      return {
        member: 'blobValue',
        json: JSON.stringify(Buffer.from(text.slice(2), 'hex').toString('base64')),
      };
    case 'decimal':
      if (options.decimalReturnType !== 'DOUBLE_OR_LONG') return string(text);
      return { member: /^-?\d+$/.test(text) ? 'longValue' : 'doubleValue', json: numberJson(text) };
    case 'datetime':
    case 'timestamptz':
      if (/^-?infinity$/.test(text)) throw new ApiError('InternalFailure', 500, '');
      // In UTC, because the sessions are; AWS leaves the offset away.
      return string(kind === 'timestamptz' ? text.replace(/[+-]\d\d(:?\d\d)?$/, '') : text);
    default:
      return string(text);
  }
}

const string = (text: string): FieldJson => ({ member: 'stringValue', json: JSON.stringify(text) });
const numberJson = (text: string) => (/^-?(NaN|Infinity)$/.test(text) ? JSON.stringify(text) : text);

/** Elements of PostgreSQL's text of a one-dimensional array; undefined for one of more dimensions. */
export function parseArray(text: string): readonly (string | null)[] | undefined {
  const body = text.slice(text.indexOf('{') + 1, -1);
  if (body.startsWith('{')) return undefined;
  return Array.from(body.matchAll(/"((?:[^"\\]|\\[\s\S])*)"|([^,]+)/g), ([, quoted, plain]) =>
    quoted === undefined ? (plain === 'NULL' ? null : (plain ?? '')) : quoted.replace(/\\([\s\S])/g, '$1'),
  );
}
