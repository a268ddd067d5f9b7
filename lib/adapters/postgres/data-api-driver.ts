import {
  ExecuteStatementCommand,
  type Field,
  RDSDataClient,
  type RDSDataClientConfig,
} from '@aws-sdk/client-rds-data';
import type { Clock } from '../../ports/clock';
import { PortError } from '../../ports/errors';
import type { Ids } from '../../ports/ids';
import { fromDataApiError, sqlStateOf } from './data-api-error';
import {
  type DataApiStatement,
  type Transfer,
  toAnsweringStatement,
  toDataApiStatement,
} from './data-api-statement';
import type { Driver, SqlParameter } from './driver';
import { waitForDatabase } from './wait-for-database';

/** Bytes. A request may have 4 MiB with its head. */
const LARGEST_REQUEST = 4 * 1024 * 1024 - 64 * 1024;
/** Bytes of a text that is sent in parts: 3.3 MB in Base64. */
const PART_SIZE = 2_500_000;
/** Characters from which on a text is sent in parts when its request is too large. */
const LARGE_TEXT = 65_536;

const DEFAULT = { wakeTimeout: 20_000, maxAttempts: 5 } as const;
/** Milliseconds. A statement may take 45 s. */
const REQUEST_TIMEOUT = 60_000;
const CONNECTION_TIMEOUT = 5_000;

/** The answer function is missing: the schema is older than it. */
const UNDEFINED_FUNCTION = '42883';

export interface DataApiDriverOptions {
  /** Of the Aurora cluster. */
  readonly resourceArn: string;
  /** Of the secret with the database user's name and password. */
  readonly secretArn: string;
  readonly database: string;
  readonly clock: Clock;
  readonly ids: Pick<Ids, 'uuid' | 'random'>;
  /** Milliseconds to wait for a database that is paused before the call fails as transient. Default 20,000. */
  readonly wakeTimeout?: number;
  /** Tries of the SDK at a call that was throttled, failed in the service or got no answer. Default 5. */
  readonly maxAttempts?: number;
  /** Lets a statement go on after 45 s, unheard; for migrations, whose repetition then waits for it. Default false. */
  readonly continueAfterTimeout?: boolean;
  /** Endpoint, region and credentials, where the environment does not say them. */
  readonly client?: RDSDataClientConfig;
}

/**
 * A driver over the RDS Data API of Aurora PostgreSQL: no connection, no session, one call = one transaction.
 *
 * - The SDK repeats calls that got no answer, so a statement may be executed twice: every one must bear that.
 * - Records and parameters may be of any size: what passes the API's limits travels in parts
 *   (migrations/000010-transfers.sql).
 * - A paused database is waited for.
 */
export function createDataApiDriver(options: DataApiDriverOptions): Driver {
  const { resourceArn, secretArn, database, clock, ids } = options;
  const client = new RDSDataClient({
    maxAttempts: options.maxAttempts ?? DEFAULT.maxAttempts,
    requestHandler: { requestTimeout: REQUEST_TIMEOUT, connectionTimeout: CONNECTION_TIMEOUT },
    ...options.client,
  });
  const waiting = { clock, random: ids.random, timeout: options.wakeTimeout ?? DEFAULT.wakeTimeout };

  async function execute(statement: DataApiStatement): Promise<readonly (readonly Field[])[]> {
    const command = new ExecuteStatementCommand({
      resourceArn,
      secretArn,
      database,
      ...statement,
      ...(options.continueAfterTimeout === true ? { continueAfterTimeout: true } : {}),
    });
    return (await waitForDatabase(() => client.send(command), waiting)).records ?? [];
  }

  async function prepare(sql: string, parameters: readonly SqlParameter[]): Promise<DataApiStatement> {
    const statement = toDataApiStatement(sql, parameters);
    if (sizeOf(statement) <= LARGEST_REQUEST) return statement;
    const transfers = new Map<number, Transfer>();
    for (const [i, value] of parameters.entries()) {
      if (typeof value === 'string' && value.length > LARGE_TEXT)
        transfers.set(i, await send(Buffer.from(value)));
    }
    const smaller = toDataApiStatement(sql, parameters, transfers);
    const size = sizeOf(smaller);
    if (size > LARGEST_REQUEST) {
      throw new PortError(
        'permanent',
        `A request of ${size} bytes is too large: the Data API takes ${LARGEST_REQUEST}. The statement begins: ${sql.slice(0, 100)}`,
      );
    }
    return smaller;
  }

  async function send(bytes: Buffer): Promise<Transfer> {
    const id = ids.uuid();
    const parts = Math.ceil(bytes.length / PART_SIZE);
    for (let part = 1; part <= parts; part += 1) {
      await execute({
        sql: 'select headrace.put_transfer(:id::uuid, :part::integer, :body)::text',
        parameters: [
          { name: 'id', value: { stringValue: id } },
          { name: 'part', value: { longValue: part } },
          { name: 'body', value: { blobValue: bytes.subarray((part - 1) * PART_SIZE, part * PART_SIZE) } },
        ],
      });
    }
    return { id, parts };
  }

  async function receive(transferId: string, part: number): Promise<Buffer> {
    const pieces = await execute({
      sql: 'select headrace.get_transfer(:id::uuid, :part::integer)',
      parameters: [
        { name: 'id', value: { stringValue: transferId } },
        { name: 'part', value: { longValue: part } },
      ],
    });
    if (pieces.length === 0) {
      throw new PortError('transient', `Part ${part} of the database's answer is gone. Make the call again.`);
    }
    return join(pieces, 0);
  }

  /** All records, as one JSON array that comes in parts of equal size. */
  async function ask<Row>(statement: DataApiStatement, transferId: string): Promise<readonly Row[]> {
    const pieces = await execute(statement);
    const size = pieces[0]?.[0]?.longValue ?? 0;
    const first = join(pieces, 1);
    const count = Math.ceil(size / Math.max(first.length, 1)) - 1;
    const rest = await Promise.all(Array.from({ length: count }, (_, i) => receive(transferId, i + 1)));
    return JSON.parse(Buffer.concat([first, ...rest]).toString()) as readonly Row[];
  }

  async function query<Row>(sql: string, parameters: readonly SqlParameter[]): Promise<readonly Row[]> {
    const statement = await prepare(sql, parameters);
    const transferId = ids.uuid();
    const answering = toAnsweringStatement(statement, transferId);
    if (answering !== undefined) {
      try {
        return await ask<Row>(answering, transferId);
      } catch (error) {
        // Only migrations run on a schema without it, and their answers are small.
        if (sqlStateOf(error) !== UNDEFINED_FUNCTION || !String(error).includes('headrace.answer'))
          throw error;
      }
    }
    return (await execute(statement)).map(([field]) => JSON.parse(field?.stringValue ?? 'null') as Row);
  }

  return {
    async query<Row>(sql: string, parameters: readonly SqlParameter[] = []) {
      try {
        return await query<Row>(sql, parameters);
      } catch (error) {
        throw fromDataApiError(error);
      }
    },
    async close() {
      client.destroy();
    },
  };
}

function sizeOf(statement: DataApiStatement): number {
  return Buffer.byteLength(JSON.stringify(statement));
}

function join(records: readonly (readonly Field[])[], column: number): Buffer {
  return Buffer.concat(records.map((record) => record[column]?.blobValue ?? new Uint8Array()));
}
