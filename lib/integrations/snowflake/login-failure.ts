import { createHash, createPrivateKey, createPublicKey } from 'node:crypto';
import { readFileSync } from 'node:fs';
import type { SnowflakeConfig } from './config';
import {
  fromDriver,
  SnowflakeAuthenticationError,
  SnowflakeConfigError,
  type SnowflakeError,
} from './errors';

/** Why a login failed, naming what was tried and the setting to mend: Snowflake itself only says "invalid". */
export function explainLoginFailure(error: unknown, config: SnowflakeConfig): SnowflakeError {
  const { account, username, accessUrl } = config;
  const key = describeKey(config);
  if ('problem' in key) {
    return new SnowflakeConfigError(
      `Snowflake login of user "${username}" at account "${account}" is not possible: ${key.name} ${key.problem}. It must be an RSA private key in PEM (openssl genrsa 2048 | openssl pkcs8 -topk8 -nocrypt); correct ${key.setting} of the Snowflake resource, or the variable that it is read from.`,
      { cause: error },
    );
  }
  const failure = fromDriver(error);
  if (!(failure instanceof SnowflakeAuthenticationError)) return failure;
  const { code, sqlState, queryId, transient } = failure;
  const where = accessUrl === undefined ? '' : ` (${accessUrl})`;
  return new SnowflakeAuthenticationError(
    `${failure.message} Tried: username "${username}", account "${account}"${where}, ${key.name}. Correct those settings of the Snowflake resource, or the variables that they are read from; or register the key with that user: DESC USER shows RSA_PUBLIC_KEY_FP, which must be ${key.fingerprint} (ALTER USER ... SET RSA_PUBLIC_KEY).`,
    { code, sqlState, queryId, transient, cause: error },
  );
}

type KeyDescription = { readonly name: string; readonly setting: string } & (
  | { readonly fingerprint: string }
  | { readonly problem: string }
);

/** Says which key it is without showing anything of it. */
function describeKey({ privateKey, privateKeyFile, privateKeyPassphrase }: SnowflakeConfig): KeyDescription {
  const [setting, name] =
    privateKeyFile === undefined
      ? ['privateKey', 'the key of privateKey']
      : ['privateKeyFile', `the key in ${privateKeyFile}`];
  try {
    const pem = privateKey ?? readFileSync(privateKeyFile ?? '', 'utf8');
    const key = createPrivateKey({
      key: pem,
      ...(privateKeyPassphrase === undefined ? {} : { passphrase: privateKeyPassphrase }),
    });
    const der = createPublicKey(key).export({ type: 'spki', format: 'der' });
    return { setting, name, fingerprint: `SHA256:${createHash('sha256').update(der).digest('base64')}` };
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    const problem =
      code === 'ENOENT' ? 'does not exist' : `cannot be read (${code ?? (error as Error).message})`;
    return { setting, name, problem };
  }
}
