import type { RunFilter } from '../../ports/storage';
import type { SqlParameter } from './driver';
import { cleanText } from './to-json-text';

/** Conditions over `headrace.runs r`, with the parameters that they name. */
export interface Conditions {
  /** Joined by `and`; `true` when there are none. */
  readonly sql: string;
  readonly parameters: readonly SqlParameter[];
}

/**
 * Translates a filter. Values are always parameters; lists go as one text.
 *
 * @param first number of the first free parameter
 */
export function runConditions(filter: RunFilter, first = 1): Conditions {
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
  if (filter.statuses !== undefined) conditions.push(`r.status = ${anyOf(filter.statuses)}`);
  for (const { key, values } of filter.tags ?? []) {
    conditions.push(
      `exists (select from headrace.run_tags t where t.key = ${add(key)} and t.value = ${anyOf(values)} and t.seq = r.seq)`,
    );
  }
  const bounds = [
    ['created_at', '>', filter.createdAfter],
    ['created_at', '<', filter.createdBefore],
    ['updated_at', '>', filter.updatedAfter],
    ['updated_at', '<', filter.updatedBefore],
  ] as const;
  for (const [column, operator, value] of bounds) {
    if (value !== undefined) conditions.push(`r.${column} ${operator} ${add(value)}::bigint`);
  }
  return { sql: conditions.length === 0 ? 'true' : conditions.join(' and '), parameters };
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
