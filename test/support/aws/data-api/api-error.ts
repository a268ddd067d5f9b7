/** An error as the Data API answers it: the exception's name in a header, its fields as JSON. */
export class ApiError extends Error {
  override readonly name = 'ApiError';
  readonly type: string;
  readonly status: number;
  /** Fields of the exception beside its message. */
  readonly fields: Readonly<Record<string, unknown>>;

  constructor(type: string, status: number, message: string, fields: Readonly<Record<string, unknown>> = {}) {
    super(message);
    this.type = type;
    this.status = status;
    this.fields = fields;
  }
}

export const badRequest = (message: string) => new ApiError('BadRequestException', 400, message);
export const invalid = (message: string) => new ApiError('ValidationException', 400, message);
export const databaseError = (message: string) => new ApiError('DatabaseErrorException', 400, message);
export const unsupportedResult = (message: string) =>
  new ApiError('UnsupportedResultException', 400, message);

/** What node-postgres says about a failure, in so far as it comes from the server or the socket. */
interface PgFailure {
  readonly severity?: string;
  readonly code?: string;
  readonly message: string;
  readonly hint?: string;
  readonly position?: string;
}

const CONNECTION_LOST = /^(ECONNREFUSED|ECONNRESET|57P0[1-3])$/;

/** A failure of PostgreSQL in the words of the Data API on Aurora Serverless v2. */
export function toApiError(error: unknown): ApiError {
  if (error instanceof ApiError) return error;
  const failure: PgFailure = error instanceof Error ? error : new Error(String(error));
  if (CONNECTION_LOST.test(failure.code ?? '') || failure.message.includes('Connection terminated')) {
    return new ApiError('DatabaseUnavailableException', 504, '');
  }
  if (failure.severity === undefined)
    return new ApiError('InternalServerErrorException', 500, failure.message);
  const parts = [
    `${failure.severity}: ${failure.message}`,
    ...(failure.hint === undefined ? [] : [`Hint: ${failure.hint}`]),
    ...(failure.position === undefined ? [] : [`Position: ${failure.position}`]),
    `SQLState: ${failure.code}`,
  ];
  return databaseError(parts.join('; '));
}
