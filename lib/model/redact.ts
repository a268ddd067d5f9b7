/** Names of values that nobody but their user may see. */
const SECRET_NAME = /pass(word|phrase)|secret|token|credential|private_?key|api_?key|authorization/i;

/** What stands in the place of such a value. */
export const REDACTED = '[redacted]';

/**
 * A copy of plain data without the values whose names say that they are secret. Values that are secret without
 * saying so are masked where they are made: by secret stores, before they are stored.
 *
 * @example redact({ user: 'ann', password: 'x' }) // { user: 'ann', password: '[redacted]' }
 */
export function redact(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(redact);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([name, item]) => [
      name,
      SECRET_NAME.test(name) && item !== null && item !== undefined ? REDACTED : redact(item),
    ]),
  );
}
