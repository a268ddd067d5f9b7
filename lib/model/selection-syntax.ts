/** The asset selection language as a tree, and the tree as text. */

/** Attributes that a selection can name, with what each looks at. */
export const SELECTION_ATTRIBUTES = {
  key: "the asset's key; `*` stands for anything",
  group: 'its group',
  kind: 'one of its kinds',
  owner: 'one of its owners',
  tag: 'a tag: `tag:name` or `tag:name=value`',
  is: '`external` or `materializable`',
  code_location: 'where it is defined',
  partitions: 'how it is partitioned',
  status: 'its state',
  table_name: 'the table it is stored in',
  column: 'a column of its table',
  column_tag: 'a tag of a column: `name` or `name=value`',
  automation_type: 'what requests its runs',
  job: 'a job that it is part of',
  schedule: 'a schedule that targets it',
  sensor: 'a sensor that targets it',
  changed_in_branch: 'what a branch changed about it',
} as const;

export type SelectionAttribute = keyof typeof SELECTION_ATTRIBUTES;

/** Attributes whose values are pairs, `name=value`. */
export const PAIR_ATTRIBUTES: ReadonlySet<SelectionAttribute> = new Set(['tag', 'column_tag']);

/** What `is:` can ask. */
export const IS_VALUES = ['external', 'materializable'] as const;

/** How far a traversal goes: a number of steps, or to the end. */
export type TraversalDepth = number | 'all';

/** A parsed selection. */
export type SelectionExpression =
  | { readonly type: 'all' }
  /** An asset's whole key, written without an attribute; unlike `key:`, it must exist. */
  | { readonly type: 'asset'; readonly key: string }
  /** `value` null is `<null>`: no value at all. */
  | {
      readonly type: 'attribute';
      readonly attribute: SelectionAttribute;
      readonly value: string | null;
      /** Of a pair: absent when only its name is given. */
      readonly pairValue?: string | null;
    }
  | { readonly type: 'and' | 'or'; readonly operands: readonly SelectionExpression[] }
  | { readonly type: 'not'; readonly operand: SelectionExpression }
  | { readonly type: 'sinks' | 'roots'; readonly operand: SelectionExpression }
  | {
      readonly type: 'traversal';
      readonly operand: SelectionExpression;
      readonly upstream: TraversalDepth | null;
      readonly downstream: TraversalDepth | null;
    };

/** A selection that cannot be read. */
export class SelectionSyntaxError extends Error {
  readonly selection: string;
  /** Index of the character at fault, from 0; the length of the text if it ends too early. */
  readonly position: number;
  /** What could have stood there. */
  readonly expected: readonly string[];

  constructor(selection: string, position: number, reason: string, expected: readonly string[]) {
    const wanted = expected.length === 0 ? '' : `; expected ${expected.join(', ')}`;
    super(`Selection '${selection}' cannot be read at character ${position + 1}: ${reason}${wanted}`);
    this.name = 'SelectionSyntaxError';
    this.selection = selection;
    this.position = position;
    this.expected = expected;
  }
}

/**
 * A selection as text that parses to the same tree. Values are always quoted, so none may hold `"` or `\`.
 * @example printSelection(parseSelection('+key:a and kind:dbt')) // '+key:"a" and kind:"dbt"'
 */
export function printSelection(expression: SelectionExpression): string {
  switch (expression.type) {
    case 'all':
      return '*';
    case 'asset':
      return expression.key;
    case 'attribute': {
      const pair = expression.pairValue === undefined ? '' : `=${printValue(expression.pairValue)}`;
      return `${expression.attribute}:${printValue(expression.value)}${pair}`;
    }
    case 'and':
      return expression.operands.map((each) => printWithin(each, ['and', 'or'])).join(' and ');
    case 'or':
      return expression.operands.map((each) => printWithin(each, ['or'])).join(' or ');
    case 'not':
      return `not ${printWithin(expression.operand, ['and', 'or'])}`;
    case 'sinks':
    case 'roots':
      return `${expression.type}(${printSelection(expression.operand)})`;
    case 'traversal': {
      const { upstream, downstream } = expression;
      const before = upstream === null ? '' : `${upstream === 'all' ? '' : upstream}+`;
      const after = downstream === null ? '' : `+${downstream === 'all' ? '' : downstream}`;
      return before + printWithin(expression.operand, ['all', 'and', 'or', 'not', 'traversal']) + after;
    }
  }
}

function printWithin(
  expression: SelectionExpression,
  wrapped: readonly SelectionExpression['type'][],
): string {
  const text = printSelection(expression);
  return wrapped.includes(expression.type) ? `(${text})` : text;
}

function printValue(value: string | null): string {
  return value === null ? '<null>' : `"${value}"`;
}
