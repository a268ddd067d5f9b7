/** A statement as IAM reads it, its values resolved. */
export interface Statement {
  readonly Effect: 'Allow' | 'Deny';
  readonly Action: string | readonly string[];
  readonly Resource: string | readonly string[];
  readonly Condition?: Readonly<Record<string, Readonly<Record<string, string | readonly string[]>>>>;
}

/** What somebody is about to do. */
export interface Access {
  readonly action: string;
  /** ARN; `*` for actions that take no resource. */
  readonly resource: string;
  /** Condition keys that AWS sets for the call, e.g. `ecs:cluster`. */
  readonly context?: Readonly<Record<string, string>>;
}

/**
 * Whether policies of one role allow something, as IAM evaluates them within one account: what is denied is denied,
 * else one statement has to allow it.
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic.html
 *
 * @throws {Error} a statement uses what is not understood here: a test must not pass by misreading it
 */
export function isAllowed(statements: readonly Statement[], access: Access): boolean {
  const matching = statements.filter((statement) => matches(statement, access));
  return (
    matching.some(({ Effect }) => Effect === 'Allow') && !matching.some(({ Effect }) => Effect === 'Deny')
  );
}

const UNDERSTOOD = new Set(['Effect', 'Action', 'Resource', 'Condition', 'Sid']);

function matches(statement: Statement, { action, resource, context = {} }: Access): boolean {
  const unknown = Object.keys(statement).filter((key) => !UNDERSTOOD.has(key));
  if (unknown.length > 0) throw new Error(`${unknown.join(', ')} of a statement is not understood here.`);
  return (
    // Names of actions are compared without regard to case, ARNs with it.
    list(statement.Action).some((pattern) => isLike(pattern.toLowerCase(), action.toLowerCase())) &&
    list(statement.Resource).some((pattern) => isLike(pattern, resource)) &&
    Object.entries(statement.Condition ?? {}).every(([operator, keys]) =>
      Object.entries(keys).every(([key, values]) => isMet(operator, list(values), context[key])),
    )
  );
}

const OPERATORS: Readonly<Record<string, (wanted: string, found: string) => boolean>> = {
  StringEquals: (wanted, found) => wanted === found,
  StringLike: isLike,
  // IAM compares ARNs by patterns with both.
  ArnEquals: isLike,
  ArnLike: isLike,
  Bool: (wanted, found) => wanted.toLowerCase() === found.toLowerCase(),
};

/** A key that is not there meets no condition. */
function isMet(operator: string, wanted: readonly string[], found: string | undefined): boolean {
  const compare = OPERATORS[operator];
  if (compare === undefined) throw new Error(`Condition operator ${operator} is not understood here.`);
  return found !== undefined && wanted.some((value) => compare(value, found));
}

/** `*` stands for any characters, `?` for one. */
function isLike(pattern: string, text: string): boolean {
  const source = pattern
    .replace(/[.+^${}()|[\]\\]/g, '\\$&')
    .replaceAll('*', '.*')
    .replaceAll('?', '.');
  return new RegExp(`^${source}$`, 's').test(text);
}

const list = (value: string | readonly string[]): readonly string[] =>
  typeof value === 'string' ? [value] : value;
