import { lookUpEnvironment } from '../../environment';
import type { SecretStore } from '../../ports/secret-store';

/** Secrets are environment variables of the same name (from the shell or `.env`); an empty one is not set. */
export function createEnvSecretStore(
  lookUp: (name: string) => string | undefined = lookUpEnvironment,
): SecretStore {
  return {
    async get(name) {
      return lookUp(name) || undefined;
    },
  };
}
