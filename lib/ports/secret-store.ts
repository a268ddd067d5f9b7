/** Secrets by reference. Values are never logged; the caller registers them for masking. */
export interface SecretStore {
  /**
   * Undefined when there is none of that name.
   *
   * @param location whose; a process of one location has none but its own
   */
  get(name: string, location?: string): Promise<string | undefined>;
}
