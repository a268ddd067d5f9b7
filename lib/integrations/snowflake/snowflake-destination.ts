import type { SourceRecord } from '../../ingestion/batch';
import type { Destination, LoadResult } from '../../ingestion/destination';
import { checkConfig, type SnowflakeConfig } from './config';
import { SnowflakeConnectionError } from './errors';
import { parseTableName } from './identifiers';
import { runLoad } from './load';
import type { SnowflakeLoadRequest } from './load-request';
import { type Bind, SnowflakeSession, type StatementResult } from './session';

/** What a destination needs from the run that uses it. */
export interface SnowflakeRuntime {
  readonly runId: string;
  /** Shown in each statement's query tag beside the run, e.g. `{ step: 'raw__events' }`. */
  readonly tags?: Readonly<Record<string, string>> | undefined;
  readonly now: () => Date;
  /** A new unique id for each load; letters, digits, `-` and `_`. */
  readonly newId: () => string;
}

/** Snowflake as a place to load sources into and to ask. */
export interface SnowflakeDestination extends Destination {
  /**
   * Loads a source in one transaction together with its cursor. Each load has a session of its own.
   *
   * @throws {SnowflakeError} nothing was loaded; `transient` says whether to try again
   */
  load<R extends SourceRecord>(request: SnowflakeLoadRequest<R>): Promise<LoadResult>;
  /** Rows of a query, an object each by column name. */
  query<Row = Record<string, unknown>>(sql: string, binds?: readonly Bind[]): Promise<readonly Row[]>;
  /** Runs a statement and returns its answer with the query id. */
  execute<Row = Record<string, unknown>>(sql: string, binds?: readonly Bind[]): Promise<StatementResult<Row>>;
  /** Ends the session of `query` and `execute`. */
  close(): Promise<void>;
}

const LONGEST_QUERY_TAG = 2000;

/**
 * A destination for one run.
 *
 * @throws {SnowflakeConfigError} for a password, or without exactly one private key
 * @example
 * const snowflake = createSnowflakeDestination(config, { runId, now: () => new Date(), newId: randomUUID });
 * await snowflake.load({ source, table: 'raw.events', write: { kind: 'merge' } });
 */
export function createSnowflakeDestination(
  config: SnowflakeConfig,
  runtime: SnowflakeRuntime,
): SnowflakeDestination {
  checkConfig(config);
  const queryTag = queryTagOf(runtime);
  let shared: Promise<SnowflakeSession> | null = null;

  async function execute<Row>(sql: string, binds: readonly Bind[] = []): Promise<StatementResult<Row>> {
    shared ??= SnowflakeSession.open(config, { queryTag });
    const opened = shared;
    try {
      const session = await opened;
      return await session.execute<Row>(sql, binds);
    } catch (error) {
      // A session that is lost stays lost: the next statement opens another.
      if (error instanceof SnowflakeConnectionError && shared === opened) shared = null;
      throw error;
    }
  }

  return {
    async load(request) {
      const target = parseTableName(request.table, {
        database: config.database,
        schema: config.schema ?? 'PUBLIC',
      });
      const session = await SnowflakeSession.open(config, { queryTag, signal: request.signal });
      try {
        return await runLoad(session, request, {
          target,
          runId: runtime.runId,
          loadId: runtime
            .newId()
            .toUpperCase()
            .replace(/[^A-Z0-9_]/g, '_'),
          temporaryDirectory: config.temporaryDirectory,
          now: runtime.now,
        });
      } finally {
        await session.close();
      }
    },
    execute,
    async query(sql, binds) {
      const { rows } = await execute(sql, binds);
      return rows as never;
    },
    async close() {
      const session = await shared?.catch(() => null);
      shared = null;
      await session?.close();
    },
  };
}

function queryTagOf({ runId, tags }: SnowflakeRuntime): string {
  const tag = JSON.stringify({ app: 'headrace', run: runId, ...tags });
  return tag.length <= LONGEST_QUERY_TAG ? tag : JSON.stringify({ app: 'headrace', run: runId });
}
