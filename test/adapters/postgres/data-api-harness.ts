import {
  createDataApiDriver,
  type DataApiDriverOptions,
} from '../../../lib/adapters/postgres/data-api-driver';
import type { Driver } from '../../../lib/adapters/postgres/driver';
import { createPostgresStorage } from '../../../lib/adapters/postgres/postgres-storage';
import { createPostgresWorkerStorage } from '../../../lib/adapters/postgres/postgres-worker-storage';
import { systemClock } from '../../../lib/adapters/system/system-clock';
import { systemIds } from '../../../lib/adapters/system/system-ids';
import { type DataApi, startDataApi } from '../../support/aws/data-api/start-data-api';
import { WORKER_PASSWORD, WORKER_USER } from '../../support/test-server';
import { type PostgresHarness, postgresHarness } from './postgres-harness';

const ARN = 'arn:aws:secretsmanager:us-east-1:000000000000:secret:';
export const APP_SECRET = `${ARN}headrace-app-abcdef`;
export const WORKER_SECRET = `${ARN}headrace-worker-abcdef`;
/** The control plane's user of the test server; made by the first harness that needs it. */
const APP_USER = 'test_app';
const ROLES = {
  'headrace-app': `${APP_USER}:test`,
  'headrace-worker': `${WORKER_USER}:${WORKER_PASSWORD}`,
};

/** A driver as a function on AWS has one, but for where it finds the API. */
export function testDataApiDriver(url: string, options: Partial<DataApiDriverOptions> = {}): Driver {
  return createDataApiDriver({
    resourceArn: 'arn:aws:rds:us-east-1:000000000000:cluster:headrace',
    secretArn: APP_SECRET,
    database: 'postgres',
    clock: systemClock,
    ids: systemIds,
    ...options,
    client: {
      endpoint: url,
      region: 'us-east-1',
      credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
      ...options.client,
    },
  });
}

export interface DataApiHarness extends PostgresHarness {
  readonly api: DataApi;
}

/**
 * Storage over the Data API, as `postgresHarness` gives it over sockets; control plane and worker are users with no
 * more than their roles' rights. Every fault is off when a test begins.
 */
export function dataApiHarness(): () => Promise<DataApiHarness> {
  let api: DataApi | undefined;
  const open = postgresHarness(async (database) => {
    const started = await startDataApi({ databaseUrl: database.url, roles: ROLES });
    api = started;
    const name = new URL(database.url).pathname.slice(1);
    const as = (secretArn: string) => testDataApiDriver(started.url, { secretArn, database: name });
    const storage = createPostgresStorage({ driver: as(APP_SECRET) });
    const worker = createPostgresWorkerStorage({ driver: as(WORKER_SECRET) });
    const close = async () => {
      await Promise.all([storage.close(), worker.close()]);
      await started.stop();
    };
    return { storage, worker, close };
  });
  return async () => {
    const opened = await open();
    if (api === undefined) throw new Error('The harness was not opened.');
    api.faults.clear();
    await opened.admin.query(CREATE_APP_USER);
    return { ...opened, api };
  };
}

/** Gives tests drivers of their own on the harness's database; they are closed after the test. */
export function dataApiConnections(open: () => Promise<DataApiHarness>) {
  const drivers: Driver[] = [];
  afterEach(async () => {
    await Promise.all(drivers.splice(0).map((driver) => driver.close()));
  });
  return async (options: Partial<DataApiDriverOptions> = {}) => {
    const harness = await open();
    const database = new URL(harness.database.url).pathname.slice(1);
    const driver = testDataApiDriver(harness.api.url, { database, ...options });
    drivers.push(driver);
    return { ...harness, driver };
  };
}

const CREATE_APP_USER = `do $$
begin
  create role ${APP_USER} login password 'test' in role headrace_app;
exception when duplicate_object or unique_violation then null;
end $$`;
