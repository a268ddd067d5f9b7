import { SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { PortError } from '../../ports/errors';
import { readSecret } from './secrets-manager-secret-store';

/** Name and password of a database user. */
export interface LoginSecret {
  readonly username: string;
  readonly password: string;
}

/**
 * Reads the secret of a database user.
 *
 * @throws {AwsServiceError | PortError} it cannot be read, or is no such secret
 */
export async function readLoginSecret(
  secretArn: string,
  client: SecretsManagerClient = new SecretsManagerClient(),
): Promise<LoginSecret> {
  const text = await readSecret(client, secretArn);
  try {
    const { username, password } = JSON.parse(text) as Partial<LoginSecret>;
    if (typeof username === 'string' && typeof password === 'string') return { username, password };
  } catch {
    // Said below, without the text: it may be half a password.
  }
  throw new PortError('permanent', `Secret ${secretArn} is no JSON object with username and password.`);
}
