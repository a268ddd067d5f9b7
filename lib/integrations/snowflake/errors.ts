/** Where an error came from, as far as it is known. */
export interface SnowflakeErrorDetails {
  /** Snowflake's error code, e.g. `002003`. */
  readonly code?: string | undefined;
  readonly sqlState?: string | undefined;
  readonly queryId?: string | undefined;
  /** The beginning of the statement. */
  readonly statement?: string | undefined;
  /** Whether the same call may succeed later. Default false. */
  readonly transient?: boolean | undefined;
  readonly cause?: unknown;
}

/** Base of everything that the Snowflake integration throws. */
export class SnowflakeError extends Error {
  override name = 'SnowflakeError';
  readonly code: string | undefined;
  readonly sqlState: string | undefined;
  readonly queryId: string | undefined;
  readonly statement: string | undefined;
  readonly transient: boolean;

  constructor(message: string, details: SnowflakeErrorDetails = {}) {
    super(message, details.cause === undefined ? undefined : { cause: details.cause });
    this.code = details.code;
    this.sqlState = details.sqlState;
    this.queryId = details.queryId;
    this.statement = details.statement;
    this.transient = details.transient ?? false;
  }
}

/** The configuration cannot work; nothing was sent. */
export class SnowflakeConfigError extends SnowflakeError {
  override name = 'SnowflakeConfigError';
}

/** Snowflake refused the user, key or account. */
export class SnowflakeAuthenticationError extends SnowflakeError {
  override name = 'SnowflakeAuthenticationError';
}

/** Snowflake could not be reached, or the session was lost. Transient. */
export class SnowflakeConnectionError extends SnowflakeError {
  override name = 'SnowflakeConnectionError';
}

/** A statement failed. */
export class SnowflakeStatementError extends SnowflakeError {
  override name = 'SnowflakeStatementError';
}

/** A record cannot be loaded; nothing was. */
export class SnowflakeRecordError extends SnowflakeError {
  override name = 'SnowflakeRecordError';
  /** Position of the record in the load, from 0. */
  readonly position: number;

  constructor(message: string, position: number) {
    super(message);
    this.position = position;
  }
}

/** The table and the records cannot be brought together; nothing was loaded. */
export class SnowflakeSchemaError extends SnowflakeError {
  override name = 'SnowflakeSchemaError';
}

/** This machine could not keep the files that wait for their upload. Transient when its disk is full. */
export class SnowflakeLocalFileError extends SnowflakeError {
  override name = 'SnowflakeLocalFileError';
  readonly directory: string;

  constructor(message: string, directory: string, details: SnowflakeErrorDetails) {
    super(message, details);
    this.directory = directory;
  }
}

/** Another load of the same source and table was committed in between. Transient: run it again. */
export class SnowflakeConflictError extends SnowflakeError {
  override name = 'SnowflakeConflictError';
}

/** The object named in a statement does not exist, or the role may not see it. */
export const OBJECT_DOES_NOT_EXIST = '002003';

const STATEMENT_EXCERPT = 200;
/** The driver's own codes for "could not connect" and "no answer". */
const NETWORK_CODES = new Set(['401001', '401002', '402001', '402002']);
/** The session ended or its token expired. */
const SESSION_CODES = new Set(['390104', '390111', '390112', '390114', '390195', '407001', '407002']);
/** A lock was not given in time, or the transaction was aborted for another's sake. */
const CONTENTION_CODES = new Set(['000625', '000627', '003117']);
const AUTHENTICATION_CODES = new Set(['390100', '390101', '390144', '390186', '390201', '390422']);

/** Turns what the driver hands over into one of the errors above. */
export function fromDriver(error: unknown, statement?: string): SnowflakeError {
  if (error instanceof SnowflakeError) return error;
  const fields = (typeof error === 'object' && error !== null ? error : {}) as Record<string, unknown>;
  const code = fields.code === undefined ? undefined : String(fields.code).padStart(6, '0');
  const message = error instanceof Error ? error.message : String(error);
  const details: SnowflakeErrorDetails = {
    code,
    sqlState: text(fields.sqlState),
    queryId: text((fields.data as Record<string, unknown> | undefined)?.queryId),
    statement: statement === undefined ? undefined : excerpt(statement),
    cause: error,
  };
  const where = [code && `code ${code}`, details.queryId && `query ${details.queryId}`]
    .filter(Boolean)
    .join(', ');
  const full = `${message}${where ? ` (${where})` : ''}${details.statement ? `\nin: ${details.statement}` : ''}`;
  if (code && AUTHENTICATION_CODES.has(code)) {
    return new SnowflakeAuthenticationError(`Snowflake refused the login: ${message}`, details);
  }
  if (code && (NETWORK_CODES.has(code) || SESSION_CODES.has(code))) {
    return new SnowflakeConnectionError(`Snowflake could not be reached or the session was lost: ${full}`, {
      ...details,
      transient: true,
    });
  }
  return new SnowflakeStatementError(full, {
    ...details,
    transient: code !== undefined && CONTENTION_CODES.has(code),
  });
}

/** Codes of a file system that takes no more: full, over a quota, over the size that a file may have. */
const FULL_CODES = new Set(['ENOSPC', 'EDQUOT', 'EFBIG']);

/** What a failed write of a file means; errors of other kinds stay what they are. */
export function fromFileSystem(error: unknown, directory: string): unknown {
  const { code, syscall, message } = (error ?? {}) as NodeJS.ErrnoException;
  if (code === undefined || syscall === undefined || error instanceof SnowflakeError) return error;
  const transient = FULL_CODES.has(code);
  const advice = transient
    ? 'The disk is full there (or a quota is used up): free some space, or name a folder with more of it as temporaryDirectory of the Snowflake resource or in TMPDIR'
    : 'Give this user the right to write there, or name another folder as temporaryDirectory of the Snowflake resource or in TMPDIR';
  return new SnowflakeLocalFileError(
    `Files for Snowflake could not be written to ${directory}: ${message}. ${advice}; a load needs at most about 64 MB. Nothing was loaded.`,
    directory,
    { code, transient, cause: error },
  );
}

/** The first words of a statement, on one line. */
export function excerpt(statement: string): string {
  const line = statement.replace(/\s+/g, ' ').trim();
  return line.length > STATEMENT_EXCERPT ? `${line.slice(0, STATEMENT_EXCERPT)}…` : line;
}

function text(value: unknown): string | undefined {
  return typeof value === 'string' ? value : undefined;
}
