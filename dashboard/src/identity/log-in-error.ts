/**
 * Why nobody is logged in:
 * - `mismatch`: the answer does not belong to a log-in begun in this tab
 * - `refused`: the issuer said no
 * - `unreachable`: the issuer does not answer, or failed
 * - `unusable`: the issuer answers what this client cannot use
 * - `unwelcome`: the issuer knows the person, the API does not let them in
 * - `browser`: this browser lacks or blocks what a log-in needs
 * - `link`: a laptop's server does not know this browser, which did not open the link that it printed
 */
export type LogInErrorKind =
  | 'mismatch'
  | 'refused'
  | 'unreachable'
  | 'unusable'
  | 'unwelcome'
  | 'browser'
  | 'link';

/** A log-in that did not succeed. The message says what happened, and never holds a token or a code. */
export class LogInError extends Error {
  override readonly name = 'LogInError';
  readonly kind: LogInErrorKind;

  constructor(kind: LogInErrorKind, message: string, options: { cause?: unknown } = {}) {
    super(message, options);
    this.kind = kind;
  }
}
