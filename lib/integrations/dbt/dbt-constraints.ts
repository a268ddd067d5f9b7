import type { TableColumnConstraints } from '../../model/metadata';
import type { DbtConstraint } from './dbt-manifest';

/** What a model's contract says of one column; null: nothing. */
export function columnConstraints(constraints: readonly DbtConstraint[]): TableColumnConstraints | null {
  if (constraints.length === 0) return null;
  const has = (...types: readonly string[]): boolean => constraints.some(({ type }) => types.includes(type));
  const other = constraints.filter(({ type }) => type !== 'not_null' && type !== 'unique').map(inWords);
  return {
    nullable: !has('not_null', 'primary_key'),
    unique: has('unique', 'primary_key'),
    ...(other.length === 0 ? {} : { other }),
  };
}

/** A constraint as one reads it, e.g. `primary key (id)`. */
export function inWords({ type, columns, expression, to, to_columns: toColumns }: DbtConstraint): string {
  return [
    type.replace('_', ' '),
    ...(columns.length === 0 ? [] : [`(${columns.join(', ')})`]),
    ...(expression ? [expression] : []),
    ...(to ? [`to ${to}${toColumns.length === 0 ? '' : ` (${toColumns.join(', ')})`}`] : []),
  ].join(' ');
}
