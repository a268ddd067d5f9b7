import { SnowflakeConfigError } from './errors';

/** How to reach Snowflake. Key-pair authentication only. */
export interface SnowflakeConfig {
  /** Account identifier, e.g. `myorg-myaccount`. */
  readonly account: string;
  readonly username: string;
  /** Private key, PEM (PKCS#8). Either this or `privateKeyFile`. */
  readonly privateKey?: string | undefined;
  /** Path of the private key's PEM file. */
  readonly privateKeyFile?: string | undefined;
  /** Of an encrypted key. */
  readonly privateKeyPassphrase?: string | undefined;
  readonly database: string;
  /** For tables named without one. Default `PUBLIC`. */
  readonly schema?: string | undefined;
  readonly warehouse?: string | undefined;
  readonly role?: string | undefined;
  /** Where to connect to instead of the account's own address, e.g. `http://127.0.0.1:8085` or a PrivateLink. */
  readonly accessUrl?: string | undefined;
  /** Files wait here for their upload, at most about 64 MB per load. Default: the system's. */
  readonly temporaryDirectory?: string | undefined;
}

const REQUIRED = ['account', 'username', 'database'] as const;

/**
 * Checks a configuration.
 *
 * @throws {SnowflakeConfigError} with a password in it, without a key, or with a required field empty
 */
export function checkConfig(config: SnowflakeConfig): SnowflakeConfig {
  for (const forbidden of ['password', 'token', 'authenticator']) {
    if (forbidden in config) {
      throw new SnowflakeConfigError(
        `Snowflake configuration has "${forbidden}", but Headrace uses key-pair authentication only (Snowflake is ending password logins of services). Create a key (openssl genrsa 2048 | openssl pkcs8 -topk8 -nocrypt -out key.p8), register its public half (ALTER USER ... SET RSA_PUBLIC_KEY='...'), and give privateKey or privateKeyFile instead.`,
      );
    }
  }
  for (const name of REQUIRED) {
    if (!config[name]) throw new SnowflakeConfigError(`Snowflake configuration lacks "${name}".`);
  }
  if (!config.privateKey === !config.privateKeyFile) {
    throw new SnowflakeConfigError(
      `Snowflake configuration for user "${config.username}" needs exactly one of privateKey (PEM) and privateKeyFile (path); it has ${config.privateKey ? 'both' : 'neither'}.`,
    );
  }
  return config;
}
