/** Small instance-wide values: persisted executions, code locations' registrations. */
export interface KeyValueStorage {
  getValue(namespace: string, key: string): Promise<unknown>;
  listValues(namespace: string): Promise<readonly { readonly key: string; readonly value: unknown }[]>;
  putValue(namespace: string, key: string, value: unknown): Promise<void>;
  /** True when it was absent and is now stored. */
  insertValue(namespace: string, key: string, value: unknown): Promise<boolean>;
  /**
   * Stores `value` if what is stored still is `expected`; true when it is done. A repeated call finds the value
   * changed: whoever gets false should read before giving up.
   */
  replaceValue(namespace: string, key: string, expected: unknown, value: unknown): Promise<boolean>;
  deleteValue(namespace: string, key: string): Promise<void>;
}
