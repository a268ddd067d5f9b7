/** Base of the dbt integration's errors. */
export class DbtError extends Error {
  override readonly name: string = 'DbtError';
}

/** The project's manifest is missing, unreadable or of a version that is not understood. */
export class DbtManifestError extends DbtError {
  override readonly name = 'DbtManifestError';
  readonly path: string;

  constructor(path: string, problem: string, options?: ErrorOptions) {
    super(
      `The dbt manifest ${path} ${problem}. Make it with \`dbt parse\` (the code location’s \`prepare\` command in workspace.yaml does so).`,
      options,
    );
    this.path = path;
  }
}

/** One node that did not succeed. */
export interface DbtFailure {
  readonly uniqueId: string;
  readonly status: string;
  readonly message: string;
}

/** How the process of dbt ended: by itself with a code, or by a signal. */
export interface DbtExit {
  readonly code: number | null;
  readonly signal: string | null;
}

/** `dbt build` ended with failed nodes, failed before it came to any, or was killed. */
export class DbtBuildError extends DbtError {
  override readonly name = 'DbtBuildError';
  readonly failures: readonly DbtFailure[];
  readonly exitCode: number | null;
  /** What killed it, e.g. `SIGKILL`; null when it ended by itself. */
  readonly signal: string | null;

  constructor(failures: readonly DbtFailure[], { code, signal }: DbtExit, lastLines: readonly string[]) {
    super(
      [
        ...(signal === null ? [] : [killedBy(signal)]),
        ...(failures.length > 0
          ? [`dbt: ${failures.length} of the selected nodes did not succeed:`, ...failures.map(inWords)]
          : [
              ...(signal === null ? [`dbt ended with exit code ${code} before it ran a node.`] : []),
              'Its last words:',
              ...lastLines.map((line) => `  ${line}`),
            ]),
      ].join('\n'),
    );
    this.failures = failures;
    this.exitCode = code;
    this.signal = signal;
  }
}

const inWords = ({ uniqueId, status, message }: DbtFailure): string =>
  `  ${uniqueId} (${status}): ${message}`;

const killedBy = (signal: string): string =>
  `dbt was killed by ${signal}${signal === 'SIGKILL' ? ', as a system does that has no memory left' : ''}. ` +
  'Nodes that had ended stay done; run the others again.';

/** `select` or `exclude` cannot be understood, or choose nothing. */
export class DbtSelectionError extends DbtError {
  override readonly name = 'DbtSelectionError';
}

/** There is no dbt project where one was expected. */
export class DbtProjectError extends DbtError {
  override readonly name = 'DbtProjectError';
}
