import type { RunFilter } from '../../ports/run-storage';
import type { SqlParameter } from './driver';
import { cleanText } from './to-json-text';

/** Which runs match, with the parameters that say so. */
export interface Conditions {
  /** What follows `from`, up to the end of its `where`. */
  readonly sql: string;
  /** The column that newer runs have more in. */
  readonly seq: string;
  readonly parameters: readonly SqlParameter[];
}

/** An instant's neighbourhood, milliseconds: no transaction that creates runs lasts as long. */
const CREATION_TAKES = 3_600_000;

/**
 * Translates a filter. Values are always parameters; lists go as one text.
 *
 * A run has one value of a tag at most, so that its tags are plain joins: the planner may begin with the rarest, or walk
 * several in the order of `seq` side by side.
 *
 * @param options.first number of the first free parameter
 * @param options.before SQL of a `seq`: older runs only
 * @param options.from SQL of a `seq`: this run and newer ones only; none where it is null
 * @param options.countsOnly `headrace.runs r` is left away where the tags alone tell
 */
export function runConditions(
  filter: RunFilter,
  {
    first = 1,
    before,
    from,
    countsOnly = false,
  }: {
    readonly first?: number;
    readonly before?: string;
    readonly from?: string;
    readonly countsOnly?: boolean;
  } = {},
): Conditions {
  const parameters: SqlParameter[] = [];
  const add = (value: SqlParameter) => {
    parameters.push(value);
    return `$${first + parameters.length - 1}`;
  };
  // As values that the planner sees, not as a subquery over JSON: it must know which of several tags is the rare one.
  const anyOf = (values: readonly string[], type = 'text') =>
    values.length === 1 ? `${add(values[0] ?? '')}::${type}` : `any (${add(toArrayText(values))}::${type}[])`;
  const conditions: string[] = [];

  if (filter.runIds !== undefined)
    conditions.push(`r.run_id = ${anyOf(filter.runIds.filter(isUuid), 'uuid')}`);
  if (filter.runIdPrefix !== undefined && filter.runIdPrefix !== '') {
    const range = uuidRange(filter.runIdPrefix);
    conditions.push(
      range === undefined ? 'false' : `r.run_id between ${add(range.from)}::uuid and ${add(range.to)}::uuid`,
    );
  }
  if (filter.idempotencyKey !== undefined)
    conditions.push(`r.idempotency_key = ${add(cleanText(filter.idempotencyKey))}`);
  if (filter.location !== undefined) conditions.push(`r.location = ${add(filter.location)}`);
  if (filter.locations !== undefined) conditions.push(`r.location = ${anyOf(filter.locations)}`);
  if (filter.jobName !== undefined) conditions.push(`r.job_name = ${add(filter.jobName)}`);
  if (filter.jobNames !== undefined) conditions.push(`r.job_name = ${anyOf(filter.jobNames)}`);
  if (filter.bundleHash !== undefined) conditions.push(`r.bundle_hash = ${add(filter.bundleHash)}`);
  if (filter.statuses !== undefined) conditions.push(`r.status = ${anyOf(filter.statuses)}`);
  if (filter.outsideBackfills === true) conditions.push("r.tags -> 'dagster/backfill' is null");
  const bounds = [
    ['created_at', '>', filter.createdAfter],
    ['created_at', '<', filter.createdBefore],
    ['updated_at', '>', filter.updatedAfter],
    ['updated_at', '<', filter.updatedBefore],
  ] as const;
  for (const [column, operator, value] of bounds) {
    if (value !== undefined) conditions.push(`r.${column} ${operator} ${add(value)}::bigint`);
  }
  const tags = filter.tags ?? [];
  const needsRuns = !countsOnly || conditions.length > 0 || tags.length === 0;
  const tables = needsRuns ? ['headrace.runs r'] : [];
  for (const [i, { key, values }] of tags.entries()) {
    conditions.push(`t${i}.key = ${add(key)} and t${i}.value = ${anyOf(values)}`);
    if (tables.length > 0) conditions.push(`t${i}.seq = ${needsRuns ? 'r' : 't0'}.seq`);
    tables.push(`headrace.run_tags t${i}`);
  }
  // Of each table, because the planner does not carry an inequality from one to the other.
  for (const table of tables.map((each) => each.split(' ')[1])) {
    if (before !== undefined) conditions.push(`${table}.seq < ${before}`);
    if (from !== undefined) conditions.push(`${table}.seq >= ${from}`);
    if (filter.createdAfter !== undefined) {
      conditions.push(`${table}.seq > ${createdLongBefore(add(filter.createdAfter))}`);
    }
  }
  return {
    sql: `${tables.join(', ')} where ${['true', ...conditions].join(' and ')}`,
    seq: `${needsRuns ? 'r' : 't0'}.seq`,
    parameters,
  };
}

/** A `seq` that no run has which was created after the instant: `seq` follows `created_at` but for the time that creating takes. */
function createdLongBefore(instant: string): string {
  return `coalesce((select c.seq from headrace.runs c where c.created_at < ${instant}::bigint - ${CREATION_TAKES} order by c.created_at desc limit 1), 0)`;
}

/** A `seq` from which on all runs were created after the instant; null when there is none yet. */
export function createdSince(instant: string): string {
  return `(select c.seq from headrace.runs c where c.created_at > ${instant}::bigint + ${CREATION_TAKES} order by c.created_at limit 1)`;
}

/** PostgreSQL's text form of an array, for drivers that cannot send arrays. */
export function toArrayText(values: readonly string[]): string {
  return `{${values.map((value) => `"${cleanText(value).replaceAll('\\', '\\\\').replaceAll('"', '\\"')}"`).join(',')}}`;
}

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;

/** Ids of another form name nothing; the database would call them wrong input. */
export function isUuid(id: string): boolean {
  return UUID.test(id);
}

/** All UUIDs that begin with the prefix, with or without its dashes; undefined when none can. */
function uuidRange(prefix: string): { readonly from: string; readonly to: string } | undefined {
  const digits = prefix.replaceAll('-', '');
  if (!/^[0-9a-f]{1,32}$/i.test(digits)) return undefined;
  return { from: digits.padEnd(32, '0'), to: digits.padEnd(32, 'f') };
}
