import { env } from 'headrace';
import { snowflakeResource } from 'headrace/snowflake';

/** The warehouse; dbt_project/profiles.yml reads the same variables. */
export const snowflake = snowflakeResource({
  description: 'The warehouse',
  account: env('SNOWFLAKE_ACCOUNT'),
  username: env('SNOWFLAKE_USER'),
  privateKeyFile: env('SNOWFLAKE_PRIVATE_KEY_PATH'),
  database: env('SNOWFLAKE_DATABASE', 'ANALYTICS'),
  warehouse: env('SNOWFLAKE_WAREHOUSE', 'TRANSFORMING'),
  role: env('SNOWFLAKE_ROLE', 'TRANSFORMER'),
  host: env('SNOWFLAKE_HOST', ''),
  port: env('SNOWFLAKE_PORT', ''),
  protocol: env('SNOWFLAKE_PROTOCOL', ''),
});
