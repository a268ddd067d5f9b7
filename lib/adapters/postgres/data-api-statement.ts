import type { SqlParameter as ApiParameter, Field } from '@aws-sdk/client-rds-data';
import { PortError } from '../../ports/errors';
import type { SqlParameter } from './driver';
import { toNamedParameters } from './named-parameters';

/** A text that was sent before its statement, in parts. */
export interface Transfer {
  readonly id: string;
  readonly parts: number;
}

/** A statement as ExecuteStatement takes it. */
export interface DataApiStatement {
  readonly sql: string;
  readonly parameters: ApiParameter[];
}

/**
 * A statement of storage in the Data API's terms. Texts go as text, whole numbers as bigint, others as double, and
 * the statement casts them; a null has no type.
 *
 * @param transfers by the index of the parameter that they stand for
 */
export function toDataApiStatement(
  sql: string,
  parameters: readonly SqlParameter[],
  transfers: ReadonlyMap<number, Transfer> = new Map(),
): DataApiStatement {
  return {
    sql: toNamedParameters(sql, (number) =>
      transfers.has(number - 1)
        ? `headrace.transferred_text(:p${number}::uuid, :p${number}parts::integer)`
        : `:p${number}`,
    ),
    parameters: parameters.flatMap((value, i) => {
      const transfer = transfers.get(i);
      if (transfer === undefined) return [{ name: `p${i + 1}`, value: toField(value) }];
      return [
        { name: `p${i + 1}`, value: { stringValue: transfer.id } },
        { name: `p${i + 1}parts`, value: { longValue: transfer.parts } },
      ];
    }),
  };
}

/**
 * The same statement, answering its records as `headrace.answer` cuts them; undefined for one that answers none.
 * The part within the parentheses runs once, in the same transaction.
 *
 * @param transferId under which the database keeps what does not fit into one answer
 */
export function toAnsweringStatement(
  statement: DataApiStatement,
  transferId: string,
): DataApiStatement | undefined {
  if (!answersRecords(statement.sql)) return undefined;
  return {
    sql: `with answer (record) as materialized (
${statement.sql}
)
select size, piece from headrace.answer(:answer::uuid, (select array_agg(record::text) from answer))`,
    parameters: [...statement.parameters, { name: 'answer', value: { stringValue: transferId } }],
  };
}

function answersRecords(sql: string): boolean {
  return /^\s*(select|with)\b/i.test(sql) || /^\s*(insert|update|delete)\b[\s\S]*\breturning\b/i.test(sql);
}

function toField(value: SqlParameter): Field {
  if (value === null) return { isNull: true };
  if (typeof value === 'string') return { stringValue: value };
  if (typeof value === 'boolean') return { booleanValue: value };
  if (Number.isSafeInteger(value)) return { longValue: value };
  if (Number.isFinite(value)) return { doubleValue: value };
  throw new PortError('permanent', `${value} is no number that a database takes.`);
}
