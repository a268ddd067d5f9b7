import type { ClientBase, FieldDef } from 'pg';
import { unsupportedResult } from './api-error';
import { columnMetadata } from './column-metadata';
import { parseArray, type ResultType, resultType, toFieldJson } from './result-types';
import { type ApiRequest, LIMITS, type ResultSetOptions } from './wire';

/** A result with every value in PostgreSQL's text form. */
export interface RawResult {
  readonly command: string;
  readonly rowCount: number | null;
  readonly fields: readonly FieldDef[];
  readonly rows: readonly (readonly (string | null)[])[];
}

/**
 * The body of ExecuteStatement's answer.
 *
 * @throws {ApiError} for types that the Data API does not answer, and for rows and results over its limits
 */
export async function renderResult(
  client: ClientBase,
  request: ApiRequest,
  result: RawResult,
): Promise<string> {
  if (result.fields.length === 0)
    return JSON.stringify({ generatedFields: [], numberOfRecordsUpdated: result.rowCount ?? 0 });
  const types: ResultType[] = [];
  for (const field of result.fields) types.push(await resultType(client, field.dataTypeID));
  const foreign = types.find(({ kind }) => kind === 'unsupported');
  if (foreign !== undefined)
    throw unsupportedResult(`The result contains the unsupported data type ${foreign.name}.`);

  const asJson = request.formatRecordsAs === 'JSON';
  const labels = result.fields.map(({ name }) => JSON.stringify(name));
  const options = request.resultSetOptions ?? {};
  const limit = asJson ? LIMITS.jsonResponse : LIMITS.response;
  const records: string[] = [];
  let size = 0;
  for (const row of result.rows) {
    requireRowSize(row, types);
    const cells = row.map((value, i) => cellJson(types[i], value, options, asJson));
    const record = asJson
      ? `{${cells.map((cell, i) => `${labels[i]}:${cell}`).join(',')}}`
      : `[${cells.join(',')}]`;
    size += Buffer.byteLength(record) + 1;
    if (size > limit)
      throw unsupportedResult(`The result exceeds the size limit ${asJson ? '10 MB' : '1 MB'}`);
    records.push(record);
  }

  const updated = `"generatedFields":[],"numberOfRecordsUpdated":${result.command === 'SELECT' ? 0 : (result.rowCount ?? 0)}`;
  if (asJson) return `{"formattedRecords":${JSON.stringify(`[${records.join(',')}]`)},${updated}}`;
  const metadata =
    request.includeResultMetadata === true
      ? `"columnMetadata":${JSON.stringify(await columnMetadata(client, result.fields, types))},`
      : '';
  return `{${metadata}${updated},"records":[${records.join(',')}]}`;
}

/** AWS says 64 KB "of data"; the stricter reading counts a blob in its Base64. */
function requireRowSize(row: readonly (string | null)[], types: readonly ResultType[]) {
  const size = row.reduce((sum, value, i) => {
    if (value === null) return sum;
    return sum + (types[i]?.kind === 'blob' ? ((value.length - 2) / 2) * (4 / 3) : Buffer.byteLength(value));
  }, 0);
  if (size > LIMITS.row) throw unsupportedResult('The result exceeds the size limit 64 KB per row');
}

function cellJson(
  type: ResultType | undefined,
  value: string | null,
  options: ResultSetOptions,
  asJson: boolean,
): string {
  if (value === null || type === undefined) return asJson ? 'null' : '{"isNull":true}';
  if (type.element === undefined) {
    const { member, json } = toFieldJson(type.kind, value, options);
    return asJson ? json : `{"${member}":${json}}`;
  }
  const elements = parseArray(value);
  if (elements === undefined) throw unsupportedResult('The result contains a multidimensional array.');
  const fields = elements.map((element) =>
    element === null ? undefined : toFieldJson(type.kind, element, options),
  );
  const list = `[${fields.map((field) => field?.json ?? 'null').join(',')}]`;
  const member = fields.find((field) => field !== undefined)?.member ?? 'stringValue';
  return asJson ? list : `{"arrayValue":{"${member}s":${list}}}`;
}
