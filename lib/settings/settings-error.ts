/** One thing wrong with a settings file. */
export interface SettingsProblem {
  /** Dotted, e.g. `concurrency.runs.max_concurrent_runs`; empty for the file as a whole. */
  readonly path: string;
  /** 1-based; null when the place is not known. */
  readonly line: number | null;
  readonly message: string;
}

/** A settings file that cannot be used, with everything that is wrong with it. */
export class SettingsError extends Error {
  override readonly name = 'SettingsError';
  readonly file: string;
  readonly problems: readonly SettingsProblem[];

  constructor(file: string, problems: readonly SettingsProblem[], options?: ErrorOptions) {
    const lines = problems.map(({ path, line, message }) => {
      const place = line === null ? file : `${file}:${line}`;
      return `  ${place}: ${path === '' ? '' : `${path}: `}${message}`;
    });
    super(`${file} cannot be used:\n${lines.join('\n')}`, options);
    this.file = file;
    this.problems = problems;
  }
}
