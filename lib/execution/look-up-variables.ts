import type { SecretStore } from '../ports/secret-store';

/** Values of environment variables, and for those that are not set, of secrets; unknown names are left out. */
export async function lookUpVariables(
  names: readonly string[],
  environment: (name: string) => string | undefined,
  secrets: SecretStore,
): Promise<ReadonlyMap<string, string>> {
  const found = new Map<string, string>();
  for (const name of new Set(names)) {
    const value = environment(name) ?? (await secrets.get(name));
    if (value !== undefined) found.set(name, value);
  }
  return found;
}
