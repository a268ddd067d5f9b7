/** Loading into Snowflake and asking it: what code locations import as `headrace/snowflake`. */
export type { SnowflakeConfig } from './config';
export {
  SnowflakeAuthenticationError,
  SnowflakeConfigError,
  SnowflakeConflictError,
  SnowflakeConnectionError,
  SnowflakeError,
  SnowflakeLocalFileError,
  SnowflakeRecordError,
  SnowflakeSchemaError,
  SnowflakeStatementError,
} from './errors';
export { type InMemoryRow, type InMemorySnowflake, inMemorySnowflake } from './in-memory';
export type { SnowflakeLoadRequest } from './load-request';
export type { Bind, StatementResult } from './session';
export {
  createSnowflakeDestination,
  type SnowflakeDestination,
  type SnowflakeRuntime,
} from './snowflake-destination';
export { type SnowflakeResourceOptions, snowflakeResource } from './snowflake-resource';
export type { LoadedPartition, LoadOptions, SnowflakeLoad, SnowflakeWarehouse } from './snowflake-warehouse';
