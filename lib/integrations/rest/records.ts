import type { SourceRecord } from '../../ingestion/batch';
import type { JsonObject, JsonValue } from '../../model/json';
import { type RestErrorContext, RestRecordError } from './errors';
import { asCursorValue, type CursorValue, compareCursorValues, type Incremental } from './incremental';
import type { ResourceConfig } from './rest-config';
import { valueAt } from './values';

/** Finds the records in a page's body. A null at the selector's path means none. */
export function selectRecords(
  body: JsonValue,
  selector: ResourceConfig['records'],
  context: RestErrorContext,
): readonly JsonValue[] {
  if (typeof selector === 'function') return selector(body);
  const found = selector === undefined ? body : valueAt(body, selector);
  if (Array.isArray(found)) return found;
  if (found === null) return [];
  if (typeof found === 'object') return [found as JsonObject];
  const place = selector === undefined ? 'The body' : `"${selector}" in the body`;
  const actual = found === undefined ? 'nothing' : `a ${typeof found}`;
  throw new RestRecordError(
    `${place} holds ${actual} instead of records`,
    'Set records to the dot path of the list.',
    undefined,
    context,
  );
}

/** Checks and shapes the records of one page: object, map, schema, key. Throws `RestRecordError`. */
export function shapeRecords(
  values: readonly JsonValue[],
  config: Pick<ResourceConfig, 'map' | 'schema'>,
  primaryKey: readonly string[],
  context: RestErrorContext,
): SourceRecord[] {
  const shaped: SourceRecord[] = [];
  for (const [index, value] of values.entries()) {
    if (typeof value !== 'object' || value === null || Array.isArray(value)) {
      const actual = value === null ? 'null' : Array.isArray(value) ? 'an array' : `a ${typeof value}`;
      throw new RestRecordError(
        `Record ${index} is ${actual}, not an object`,
        'Point records to a list of objects.',
        index,
        context,
      );
    }
    const mapped = config.map === undefined ? (value as SourceRecord) : config.map(value as SourceRecord);
    if (mapped === undefined) continue;
    const record = config.schema === undefined ? mapped : checked(mapped, config.schema, index, context);
    for (const column of primaryKey) {
      if (record[column] !== undefined && record[column] !== null) continue;
      throw new RestRecordError(
        `Record ${index} has no value in its primary key "${column}"`,
        'Drop such records in map, or choose another primaryKey.',
        index,
        context,
      );
    }
    shaped.push(record);
  }
  return shaped;
}

function checked(
  record: SourceRecord,
  schema: NonNullable<ResourceConfig['schema']>,
  index: number,
  context: RestErrorContext,
): SourceRecord {
  const result = schema.safeParse(record);
  if (result.success) return result.data as SourceRecord;
  const issues = result.error.issues
    .slice(0, 5)
    .map((issue) => `${issue.path.join('.') || 'record'}: ${issue.message}`);
  throw new RestRecordError(
    `Record ${index} does not match the schema (${issues.join('; ')})`,
    'Widen the schema, or repair such records in map.',
    index,
    { ...context, cause: result.error },
  );
}

/**
 * The highest cursor value of the records so far. Null and missing values are passed over; going backwards in a
 * resource declared `ascending` is an error, because a resumed load would lose what lies between.
 */
export function highestCursorValue(
  values: readonly JsonValue[],
  incremental: Incremental,
  before: CursorValue | undefined,
  context: RestErrorContext,
): CursorValue | undefined {
  let highest = before;
  for (const [index, record] of values.entries()) {
    const value = asCursorValue(valueAt(record, incremental.field));
    if (value === undefined) continue;
    const order = highest === undefined ? 1 : compareCursorValues(value, highest);
    if (order > 0) highest = value;
    if (order < 0 && incremental.order === 'ascending') {
      throw new RestRecordError(
        `Record ${index} has ${incremental.field} = ${value} after ${highest}, but the order is "ascending"`,
        'Ask the service to sort by that field, or remove order from incremental.',
        index,
        context,
      );
    }
  }
  return highest;
}
