/** A place in the user's source. */
export interface ProblemSource {
  /** Relative to the project's root, with `/`. */
  readonly file: string;
  /** 1-based. */
  readonly line: number;
  /** 1-based; absent when only the line is known. */
  readonly column?: number;
}

/** One thing that keeps a code location from being built. */
export interface BuildProblem {
  readonly message: string;
  readonly source?: ProblemSource;
  /** The lines around it, with the place marked. */
  readonly frame?: string;
}

/** Why a build failed. */
export type BuildErrorCode =
  /** The code cannot be parsed. */
  | 'syntax'
  /** An import leads nowhere, or to what cannot be bundled. */
  | 'unresolved-import'
  /** `define` found mistakes. */
  | 'definitions'
  /** The code threw, exited or crashed while it was loaded. */
  | 'load'
  /** Loading took too long. */
  | 'timeout'
  /** The entry does not export `definitions`. */
  | 'missing-export'
  /** Built for another version of the interface to the host. */
  | 'api-version'
  /** A file that the workspace declares is not there. */
  | 'missing-file';

/** A code location does not build. What was built before stays as it is. */
export class BuildError extends Error {
  override readonly name = 'BuildError';
  readonly code: BuildErrorCode;
  readonly location: string;
  readonly problems: readonly BuildProblem[];

  constructor(
    code: BuildErrorCode,
    location: string,
    problems: readonly BuildProblem[],
    options?: ErrorOptions,
  ) {
    super(`Code location "${location}" does not build:\n${problems.map(formatProblem).join('\n')}`, options);
    this.code = code;
    this.location = location;
    this.problems = problems;
  }
}

/** One problem as text: place, message and lines. */
export function formatProblem({ message, source, frame }: BuildProblem): string {
  const place =
    source === undefined ? '' : `${[source.file, source.line, source.column].filter(Boolean).join(':')}: `;
  return `${place}${message}${frame === undefined ? '' : `\n${frame}`}`;
}

/** A bundle is not where pushed code is kept. */
export class BundleNotFoundError extends Error {
  override readonly name = 'BundleNotFoundError';
  readonly bundleHash: string;

  constructor(bundleHash: string, key: string) {
    super(
      `The code of version ${bundleHash} is gone: there is no object ${key}. Push the location again (headrace push), or roll it back to a version that is there.`,
    );
    this.bundleHash = bundleHash;
  }
}
