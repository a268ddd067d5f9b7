/** An error as an AWS SDK throws it: by the name that the service gives it, or without an answer at all. */
export function serviceError(name: string, message: string, status?: number): Error {
  const error = new Error(message) as Error & { $metadata?: { httpStatusCode: number } };
  error.name = name;
  if (status !== undefined) error.$metadata = { httpStatusCode: status };
  return error;
}

/** The connection broke: whether the call took effect, nobody knows. */
export const noAnswer = (): Error => serviceError('TimeoutError', 'the connection was reset');
