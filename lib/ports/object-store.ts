/** Bytes under keys: bundles, compute logs, artifacts. Keys are `/`-separated, without `..`, relative. */
export interface ObjectStore {
  /** Overwrites. */
  put(key: string, body: Uint8Array): Promise<void>;
  /** Undefined when absent. */
  get(key: string): Promise<Uint8Array | undefined>;
  /** Keys with the prefix in ascending order, after `startAfter`, at most `limit` (default 1,000). */
  list(
    prefix: string,
    options?: { readonly startAfter?: string; readonly limit?: number },
  ): Promise<readonly ObjectInfo[]>;
  /** Absent keys are no error. */
  delete(keys: readonly string[]): Promise<void>;
}

export interface ObjectInfo {
  readonly key: string;
  readonly bytes: number;
}
