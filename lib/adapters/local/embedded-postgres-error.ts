/** What stood in the way of the embedded PostgreSQL. */
export type EmbeddedPostgresFailure =
  | 'disk-full'
  | 'port-in-use'
  | 'still-stopping'
  | 'version-mismatch'
  | 'permission'
  | 'no-binaries'
  | 'unknown';

/** The embedded PostgreSQL could not be made, started or stopped. */
export class EmbeddedPostgresError extends Error {
  override readonly name = 'EmbeddedPostgresError';
  readonly reason: EmbeddedPostgresFailure;
  readonly dataDirectory: string;

  constructor(
    reason: EmbeddedPostgresFailure,
    dataDirectory: string,
    message: string,
    options?: ErrorOptions,
  ) {
    super(message, options);
    this.reason = reason;
    this.dataDirectory = dataDirectory;
  }
}

const EXPLANATIONS: readonly {
  readonly pattern: RegExp;
  readonly reason: EmbeddedPostgresFailure;
  readonly advice: string;
}[] = [
  {
    pattern: /No space left on device|ENOSPC|Disk quota exceeded/i,
    reason: 'disk-full',
    advice: 'The disk is full: free some space and start again.',
  },
  {
    pattern: /Address already in use|could not bind/i,
    reason: 'port-in-use',
    advice: 'The port is taken by another program: stop it or choose another port.',
  },
  {
    pattern: /pre-existing shared memory block/i,
    reason: 'still-stopping',
    advice: 'Processes of a server that was killed are still at the data: wait for them to end, or end them.',
  },
  {
    pattern: /database files are incompatible/i,
    reason: 'version-mismatch',
    advice: 'The data was made by another version of PostgreSQL: move the directory away to start empty.',
  },
  {
    pattern: /Permission denied|EACCES|EPERM|has wrong ownership|invalid permissions/i,
    reason: 'permission',
    advice:
      'The user that runs PostgreSQL must own the directory and be able to enter every directory above it. When started as root, PostgreSQL runs as the user postgres or nobody: keep the project outside /root.',
  },
];

/** Turns what initdb, pg_ctl or the server printed into an error that says what to do. */
export function explainFailure(
  action: 'initdb' | 'start' | 'stop',
  dataDirectory: string,
  output: string,
  cause?: unknown,
): EmbeddedPostgresError {
  const known = EXPLANATIONS.find(({ pattern }) => pattern.test(output));
  const verb = { initdb: 'create', start: 'start', stop: 'stop' }[action];
  const tail = output.trim().split('\n').slice(-15).join('\n');
  const advice = known?.advice ?? 'What it printed:';
  return new EmbeddedPostgresError(
    known?.reason ?? 'unknown',
    dataDirectory,
    `Could not ${verb} the embedded PostgreSQL in ${dataDirectory}. ${advice}\n${tail}`,
    cause === undefined ? undefined : { cause },
  );
}
