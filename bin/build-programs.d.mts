/**
 * Bundles every program of `bin/`, the library and (unless `tools` is false) the tools into
 * `outDirectory`, and builds the dashboard; with `functions`, default false, those of AWS too.
 */
export function buildPrograms(options: {
  readonly root: string;
  readonly outDirectory: string;
  readonly tools?: boolean;
  readonly functions?: boolean;
  readonly log?: (message: string) => void;
}): Promise<void>;

/** Entry points of `bin/` that become programs. */
export const PROGRAMS: readonly string[];
