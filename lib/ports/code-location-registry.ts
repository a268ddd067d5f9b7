import type { CodeLocation } from '../model/code-location';

/** The current manifests. Reading is cheap and never runs user code. */
export interface CodeLocationRegistry {
  /** All locations of the workspace, sorted by name. */
  list(): Promise<readonly CodeLocation[]>;
  get(name: string): Promise<CodeLocation | undefined>;
  /** Rebuilds (locally) or re-reads the location; resolves when its new state, good or bad, is visible. */
  reload(name: string): Promise<CodeLocation | undefined>;
}
