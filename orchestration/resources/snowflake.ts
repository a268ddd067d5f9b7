import { env } from 'headrace';
import { snowflakeResource } from 'headrace/snowflake';

/** The warehouse; dbt_project/profiles.yml reads the same variables. */
export const snowflake = snowflakeResource({
  description: 'The warehouse',
  account: env('SNOWFLAKE_ACCOUNT'),
  username: env('SNOWFLAKE_USER'),
  // One of the two: a file on a laptop; on AWS the key itself, from the location's secret.
  privateKeyFile: env('SNOWFLAKE_PRIVATE_KEY_PATH', ''),
  privateKey: env('SNOWFLAKE_PRIVATE_KEY', ''),
  database: env('SNOWFLAKE_DATABASE', 'ANALYTICS'),
  warehouse: env('SNOWFLAKE_WAREHOUSE', 'TRANSFORMING'),
  role: env('SNOWFLAKE_ROLE', 'TRANSFORMER'),
  host: env('SNOWFLAKE_HOST', ''),
  port: env('SNOWFLAKE_PORT', ''),
  protocol: env('SNOWFLAKE_PROTOCOL', ''),
});
