import { GetSecretValueCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { PortError } from '../../ports/errors';
import type { SecretStore } from '../../ports/secret-store';
import { callService } from './aws-service-error';

/**
 * The variables of one code location, kept as one JSON object in a secret and read once: a new value is seen by
 * the next process.
 *
 * @throws {AwsServiceError | PortError} from `get`: the secret cannot be read, or holds no JSON object of texts
 */
export function createSecretsManagerSecretStore(options: {
  readonly client: SecretsManagerClient;
  readonly secretArn: string;
}): SecretStore {
  let values: Promise<Readonly<Record<string, string>>> | undefined;
  return {
    async get(name) {
      values ??= readValues(options).catch((error: unknown) => {
        values = undefined;
        throw error;
      });
      const all = await values;
      return Object.hasOwn(all, name) ? all[name] : undefined;
    },
  };
}

/** The variables of the code location whose secret the environment names. */
export function openLocationSecret(secretArn: string): SecretStore {
  return createSecretsManagerSecretStore({ client: new SecretsManagerClient(), secretArn });
}

/** The text of a secret. @throws {AwsServiceError} */
export function readSecret(client: SecretsManagerClient, secretArn: string): Promise<string> {
  return callService(
    { service: 'Secrets Manager', operation: 'GetSecretValue', subject: secretArn },
    async () => {
      const { SecretString } = await client.send(new GetSecretValueCommand({ SecretId: secretArn }));
      return SecretString ?? '';
    },
  );
}

async function readValues({
  client,
  secretArn,
}: {
  readonly client: SecretsManagerClient;
  readonly secretArn: string;
}): Promise<Readonly<Record<string, string>>> {
  const values = parse(await readSecret(client, secretArn));
  // Never the text itself: it is a secret, even when it is malformed.
  if (values === undefined) {
    throw new PortError(
      'permanent',
      `Secret ${secretArn} is no JSON object of names and texts. Set it like {"SNOWFLAKE_USER": "…"}.`,
    );
  }
  return values;
}

function parse(text: string): Readonly<Record<string, string>> | undefined {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return undefined;
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return undefined;
  if (!Object.values(value).every((each) => typeof each === 'string')) return undefined;
  return value as Readonly<Record<string, string>>;
}
