import {
  BeginTransactionCommand,
  CommitTransactionCommand,
  ExecuteStatementCommand,
  type ExecuteStatementCommandInput,
  RDSDataClient,
} from '@aws-sdk/client-rds-data';
import { createTestDatabase, type TestDatabase } from '../../test-database';
import { WORKER_PASSWORD, WORKER_USER } from '../../test-server';
import { type DataApi, startDataApi } from './start-data-api';

export const TARGET = {
  resourceArn: 'arn:aws:rds:us-east-1:000000000000:cluster:headrace',
  secretArn: 'arn:aws:secretsmanager:us-east-1:000000000000:secret:headrace-admin',
};
/** Milliseconds. */
export const TRANSACTION_IDLE = 1_000;

type Input = Partial<ExecuteStatementCommandInput>;

/**
 * The server with an empty table `items` for every test of the file, spoken to through the SDK. Call it at the top
 * of the file; what it answers may be used within tests.
 */
export function dataApiClient() {
  let database: TestDatabase;
  let api: DataApi;
  let client: RDSDataClient;
  let impatient: RDSDataClient;

  beforeAll(async () => {
    database = await createTestDatabase();
    api = await startDataApi({
      databaseUrl: database.url,
      roles: { 'headrace-worker': `${WORKER_USER}:${WORKER_PASSWORD}` },
      statementTimeout: 2_000,
      transactionIdle: TRANSACTION_IDLE,
    });
    const config = {
      endpoint: api.url,
      region: 'us-east-1',
      credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
    };
    client = new RDSDataClient(config);
    impatient = new RDSDataClient({ ...config, maxAttempts: 1 });
    await run(
      'create table public.items (id bigint generated always as identity primary key, name text, doc jsonb)',
    );
  });
  beforeEach(async () => {
    api.faults.clear();
    await run('truncate items');
  });
  afterAll(async () => {
    client.destroy();
    impatient.destroy();
    await api.stop();
    await database.drop();
  });

  const statement = (sql: string, more: Input = {}) =>
    new ExecuteStatementCommand({ ...TARGET, sql, ...more });
  const run = (sql: string, more?: Input) => client.send(statement(sql, more));
  /** The first record. */
  const cells = async (sql: string, more?: Input) => (await run(sql, more)).records?.[0];

  return {
    server: () => api,
    send: () => client,
    run,
    /** Without the SDK's repetitions. */
    runOnce: (sql: string) => impatient.send(statement(sql)),
    cells,
    /** Rows of `items`. */
    count: async () => (await cells('select count(*) from items'))?.[0]?.longValue,
    begin: async () => (await client.send(new BeginTransactionCommand(TARGET))).transactionId ?? '',
    commit: (transactionId: string) =>
      client.send(new CommitTransactionCommand({ ...TARGET, transactionId })),
  };
}
