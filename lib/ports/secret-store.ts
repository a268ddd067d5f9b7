/** Secrets by reference. Values are never logged; the caller registers them for masking. */
export interface SecretStore {
  /** Undefined when there is none of that name. */
  get(name: string): Promise<string | undefined>;
}
