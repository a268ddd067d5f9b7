import { randomUUID } from 'node:crypto';
import type { EnvironmentReference, SecretReference } from '../../definitions/references';
import { type ResourceDefinition, resource } from '../../definitions/resource';
import { captureSource } from '../../definitions/source-capture';
import type { SnowflakeConfig } from './config';
import { createSnowflakeDestination } from './snowflake-destination';
import { type SnowflakeWarehouse, snowflakeWarehouse } from './snowflake-warehouse';

type Setting = string | EnvironmentReference | SecretReference;

/** How to reach Snowflake; every field may be `env(...)` or `secret(...)`. */
export type SnowflakeResourceOptions = {
  readonly [Name in keyof SnowflakeConfig]: undefined extends SnowflakeConfig[Name]
    ? Setting | undefined
    : Setting;
} & {
  /** Default: the key under which it is used, e.g. `snowflake` for `resources: { snowflake }`. */
  readonly name?: string;
  readonly description?: string;
  /** Where to connect to, in the parts that dbt's profile takes; empty = as `accessUrl` or the account says. */
  readonly host?: Setting;
  /** Default: the protocol's. */
  readonly port?: Setting;
  /** Default `https`. */
  readonly protocol?: Setting;
};

/**
 * Snowflake as a resource of assets and ops: `resources.snowflake.load(source, { table, replace: partition })`.
 * Setting it up throws `SnowflakeConfigError` for a password or without exactly one private key.
 *
 * @example
 * export const snowflake = snowflakeResource({
 *   account: env('SNOWFLAKE_ACCOUNT'),
 *   username: env('SNOWFLAKE_USER'),
 *   privateKey: secret('SNOWFLAKE_PRIVATE_KEY'),
 *   database: 'RAW',
 *   warehouse: 'LOADING',
 * });
 */
export function snowflakeResource(options: SnowflakeResourceOptions): ResourceDefinition<SnowflakeWarehouse> {
  const { name, description, ...settings } = options;
  return resource({
    ...(name === undefined ? {} : { name }),
    ...(description === undefined ? {} : { description }),
    settings,
    source: captureSource(snowflakeResource),
    setUp: ({ settings: { host, port, protocol, ...config }, run, stepKey }) =>
      snowflakeWarehouse(
        createSnowflakeDestination(
          withoutEmpty({ ...accessUrlOf(host, port, protocol), ...config } as SnowflakeConfig),
          {
            runId: run?.runId ?? '',
            tags: {
              ...(stepKey === null ? {} : { step: stepKey }),
              ...(run === null ? {} : { job: run.jobName, location: run.location }),
            },
            now: () => new Date(),
            newId: randomUUID,
          },
        ),
      ),
    tearDown: (warehouse) => warehouse.close(),
  });
}

function accessUrlOf(host = '', port = '', protocol = ''): Pick<SnowflakeConfig, 'accessUrl'> {
  if (host === '') return {};
  return { accessUrl: `${protocol || 'https'}://${host}${port === '' ? '' : `:${port}`}` };
}

/** An environment variable set to nothing means that the setting is not given. */
function withoutEmpty(config: SnowflakeConfig): SnowflakeConfig {
  return Object.fromEntries(
    Object.entries(config).filter(([, value]) => value !== '' && value !== undefined),
  ) as unknown as SnowflakeConfig;
}
