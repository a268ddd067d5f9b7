export type ApiErrorKind = 'unreachable' | 'unavailable' | 'unauthorized' | 'refused' | 'not-found';

/**
 * An answer that is not the asked-for data. `kind` tells what helps:
 * `unreachable` and `unavailable` go away by waiting, the others do not.
 */
export class ApiError extends Error {
  override readonly name = 'ApiError';
  readonly kind: ApiErrorKind;
  readonly stackLines: readonly string[];

  constructor(
    kind: ApiErrorKind,
    message: string,
    options: { cause?: unknown; stackLines?: readonly string[] } = {},
  ) {
    super(message, { cause: options.cause });
    this.kind = kind;
    this.stackLines = options.stackLines ?? [];
  }

  get retryable(): boolean {
    return this.kind === 'unreachable' || this.kind === 'unavailable';
  }
}

type Tagged = { readonly __typename: string };

/**
 * Narrows a Dagster-style union (`RunsOrError`) to the member that was asked for, or throws the other
 * member's message as an `ApiError`.
 */
export function expectType<Union extends Tagged, Name extends Union['__typename']>(
  union: Union,
  ...names: readonly Name[]
): Extract<Union, { readonly __typename: Name }> {
  if ((names as readonly string[]).includes(union.__typename)) {
    return union as Extract<Union, { readonly __typename: Name }>;
  }
  const message = 'message' in union && typeof union.message === 'string' ? union.message : union.__typename;
  const stack = 'stack' in union && Array.isArray(union.stack) ? (union.stack as string[]) : [];
  const kind = union.__typename.endsWith('NotFoundError')
    ? 'not-found'
    : union.__typename === 'UnauthorizedError'
      ? 'unauthorized'
      : 'refused';
  throw new ApiError(kind, message, { stackLines: stack });
}
