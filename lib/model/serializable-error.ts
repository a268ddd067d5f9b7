/** An error as data: what user code threw, or what the system found, fit to be stored and shown. */
export interface SerializableError {
  /** Class or code, e.g. `SnowflakeError`. */
  readonly name: string;
  readonly message: string;
  /** Frames as text, source-mapped where possible; bounded by the producer. */
  readonly stack?: string | undefined;
  readonly cause?: SerializableError | undefined;
}

const MAX_FIELD = 50_000;
/** What follows a text that was cut. */
export const CUT_MARK = /… \(\d+ characters\)$/;
const MAX_DEPTH = 5;

/**
 * Turns anything thrown into data; never throws itself. Fields are cut at 50,000 characters and causes at
 * five levels so that an event row stays small.
 */
export function toSerializableError(thrown: unknown, depth = 0): SerializableError {
  if (!(thrown instanceof Error) && !isErrorLike(thrown)) {
    return { name: 'Error', message: bounded(typeof thrown === 'string' ? thrown : safeJson(thrown)) };
  }
  const cause = thrown.cause;
  return {
    name: thrown.name,
    message: bounded(thrown.message),
    ...(thrown.stack === undefined ? {} : { stack: bounded(thrown.stack) }),
    ...(cause === undefined || depth >= MAX_DEPTH ? {} : { cause: toSerializableError(cause, depth + 1) }),
  };
}

/** One line, e.g. `SnowflakeError: Object 'X' does not exist`. */
export function errorSummary(error: SerializableError): string {
  return `${error.name}: ${error.message}`;
}

/** The summary with what is behind it, e.g. `TypeError: fetch failed: connect ECONNREFUSED 127.0.0.1:9`, each thing once. */
export function errorSummaryWithCauses(error: SerializableError): string {
  let summary = errorSummary(error);
  for (let cause = error.cause; cause !== undefined; cause = cause.cause) {
    if (cause.message !== '' && !summary.includes(cause.message)) summary += `: ${cause.message}`;
  }
  return summary;
}

interface ErrorLike {
  readonly name: string;
  readonly message: string;
  readonly stack?: string;
  readonly cause?: unknown;
}

function isErrorLike(value: unknown): value is ErrorLike {
  return (
    typeof value === 'object' &&
    value !== null &&
    typeof (value as Partial<ErrorLike>).message === 'string' &&
    typeof (value as Partial<ErrorLike>).name === 'string'
  );
}

function safeJson(value: unknown): string {
  try {
    return JSON.stringify(value) ?? String(value);
  } catch {
    return String(value);
  }
}

function bounded(text: string): string {
  return text.length <= MAX_FIELD ? text : `${text.slice(0, MAX_FIELD)}… (${text.length} characters)`;
}
