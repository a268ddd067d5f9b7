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

/** `dbt build` ended with failed nodes, or failed before it came to any. */
export class DbtBuildError extends DbtError {
  override readonly name = 'DbtBuildError';
  readonly failures: readonly DbtFailure[];
  readonly exitCode: number | null;

  constructor(failures: readonly DbtFailure[], exitCode: number | null, lastLines: readonly string[]) {
    super(
      failures.length > 0
        ? `dbt: ${failures.length} of the selected nodes did not succeed:\n${failures.map((f) => `  ${f.uniqueId} (${f.status}): ${f.message}`).join('\n')}`
        : `dbt ended with exit code ${exitCode} before it ran a node. Its last words:\n${lastLines.map((line) => `  ${line}`).join('\n')}`,
    );
    this.failures = failures;
    this.exitCode = exitCode;
  }
}

/** `select` or `exclude` cannot be understood, or choose nothing. */
export class DbtSelectionError extends DbtError {
  override readonly name = 'DbtSelectionError';
}

/** There is no dbt project where one was expected. */
export class DbtProjectError extends DbtError {
  override readonly name = 'DbtProjectError';
}
