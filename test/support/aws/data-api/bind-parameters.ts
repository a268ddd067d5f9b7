import { badRequest, databaseError, invalid } from './api-error';
import { readNamedParameters } from './named-parameters';
import type { ApiParameter } from './wire';

/** A statement as PostgreSQL takes it. */
export interface BoundStatement {
  readonly text: string;
  readonly values: readonly (string | null)[];
}

/** Type hints and the form that AWS demands of their texts. JSON has no type of its own: it goes untyped. */
const TYPE_HINTS: Readonly<Record<string, { readonly type: string | null; readonly form: RegExp }>> = {
  JSON: { type: null, form: /[\s\S]/ },
  UUID: { type: 'uuid', form: /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i },
  TIMESTAMP: { type: 'timestamp', form: /^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d(\.\d+)?$/ },
  DATE: { type: 'date', form: /^\d{4}-\d\d-\d\d$/ },
  TIME: { type: 'time', form: /^\d\d:\d\d:\d\d(\.\d+)?$/ },
  DECIMAL: { type: 'numeric', form: /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i },
};

/** Checks a statement and gives each parameter the type that AWS gives it. */
export function bindParameters(
  sql: string | undefined,
  parameters: readonly ApiParameter[] = [],
): BoundStatement {
  if (sql === undefined || sql.trim() === '') throw invalid("SQL statement can't be empty");
  const statement = readNamedParameters(sql);
  if (statement.isMultistatement) throw invalid("Multistatements aren't supported.");
  if (statement.dollarQuotedName !== undefined) {
    // AWS replaces it silently; a test had better hear of it.
    throw invalid(`:${statement.dollarQuotedName} inside a dollar-quoted text would be replaced`);
  }
  if (/^\s*copy\b.*\b(stdin|stdout)\b/is.test(sql))
    throw databaseError('execute: unexpected message: CopyOutResponse');

  const given = new Map(parameters.map((parameter) => [parameter.name ?? '', typed(parameter)]));
  const values: (string | null)[] = [];
  let text = statement.texts[0] ?? '';
  for (const [i, name] of statement.names.entries()) {
    const parameter = given.get(name);
    if (parameter === undefined)
      throw databaseError(`ERROR: bind message supplies no parameter ${name}; SQLState: 08P01`);
    values.push(parameter.value);
    const reference = `$${values.length}`;
    text += parameter.type === null ? reference : `(${reference}::${parameter.type})`;
    text += statement.texts[i + 1] ?? '';
  }
  return { text, values };
}

function typed({ name, value = {}, typeHint }: ApiParameter): { value: string | null; type: string | null } {
  if (value.arrayValue !== undefined) throw invalid('Array parameters are not supported.');
  const hint = typeHint === undefined ? undefined : TYPE_HINTS[typeHint];
  if (typeHint !== undefined && hint === undefined) {
    throw invalid(
      `Value '${typeHint}' at 'typeHint' failed to satisfy constraint: Member must satisfy enum value set: [${Object.keys(TYPE_HINTS).join(', ')}]`,
    );
  }
  if (value.isNull === true) return { value: null, type: hint?.type ?? null };
  if (value.stringValue !== undefined) {
    if (hint !== undefined && !hint.form.test(value.stringValue)) {
      throw badRequest(
        `Invalid value for parameter ${name} with type hint ${typeHint}: ${value.stringValue}`,
      );
    }
    return { value: value.stringValue, type: hint === undefined ? 'text' : hint.type };
  }
  if (value.longValue !== undefined) return { value: String(value.longValue), type: 'int8' };
  if (value.doubleValue !== undefined) return { value: String(value.doubleValue), type: 'float8' };
  if (value.booleanValue !== undefined) return { value: value.booleanValue ? 't' : 'f', type: 'bool' };
  if (value.blobValue !== undefined)
    return { value: `\\x${Buffer.from(value.blobValue, 'base64').toString('hex')}`, type: 'bytea' };
  throw invalid(`Parameter ${name} has no value`);
}
