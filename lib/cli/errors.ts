/** Exit codes of the CLI, stable for scripts. */
export const EXIT = {
  ok: 0,
  /** The run, or what was asked, failed. */
  failed: 1,
  /** Wrong arguments or wrong files: nothing was done. */
  usage: 2,
  /** The system could not do it: database, port, disk, network. */
  system: 3,
  /** Stopped by Ctrl-C. */
  interrupted: 130,
} as const;

/** A failure that the CLI explains in plain words, without a stack trace. */
export class CliError extends Error {
  override readonly name = 'CliError';
  readonly exitCode: number;
  /** What to do about it. */
  readonly remedy: string | undefined;

  constructor(
    message: string,
    options: { readonly exitCode?: number; readonly remedy?: string; readonly cause?: unknown } = {},
  ) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.exitCode = options.exitCode ?? EXIT.usage;
    this.remedy = options.remedy;
  }
}
