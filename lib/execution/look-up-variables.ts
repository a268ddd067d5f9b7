import type { SecretStore } from '../ports/secret-store';

/**
 * Values of environment variables, and for those that are not set, of secrets; unknown names are left out.
 *
 * @param onSecret told every value that came from the secret store
 */
export async function lookUpVariables(
  names: readonly string[],
  environment: (name: string) => string | undefined,
  secrets: SecretStore,
  onSecret: (value: string) => void = () => {},
): Promise<ReadonlyMap<string, string>> {
  const found = new Map<string, string>();
  for (const name of new Set(names)) {
    const own = environment(name);
    const secret = own === undefined ? await secrets.get(name) : undefined;
    if (secret !== undefined) onSecret(secret);
    const value = own ?? secret;
    if (value !== undefined) found.set(name, value);
  }
  return found;
}
