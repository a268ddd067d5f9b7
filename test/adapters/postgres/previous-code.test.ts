import { MIGRATIONS } from '../../../lib/adapters/postgres/migrations.generated';
import * as previous from '../../vectors/previous-storage.mjs';
import { postgresHarness } from './postgres-harness';

/** What the code of then sees otherwise, and why that harms nobody. Each must still be so. */
const OTHERWISE: Readonly<Record<string, string>> = {
  'a created run is read back as it was asked for': "the keys of a run's config come in another order",
  'turning on twice keeps the first instant; off and on, or back to the default, begins anew':
    'states have two more fields, which it does not read',
};

/**
 * During a deployment, and after a roll-back of it, the code of the version before works on the schema of this one:
 * storage of an earlier commit passes the contract suite of its own time (see test/support/freeze-storage.mjs). A
 * migration that says `--! breaking` ends that; then newer code is to be frozen.
 */
const open = postgresHarness(async ({ url, workerUrl }) => {
  const storage = previous.createPostgresStorage({ url, maxConnections: 12 });
  const worker = previous.createPostgresWorkerStorage({ url: workerUrl, maxConnections: 8 });
  const close = async () => {
    await Promise.all([storage.close(), worker.close()]);
  };
  return { storage, worker, close };
});

/** Declares a suite in which the tests that are listed above must fail. */
function suite(declare: () => void): void {
  const { test: declared } = globalThis;
  const choosing = (name: string, body: jest.ProvidesCallback): void =>
    (name in OTHERWISE ? declared.failing : declared)(name, body);
  globalThis.test = Object.assign(choosing, declared) as typeof declared;
  declare();
  globalThis.test = declared;
}

test('The frozen code is of an earlier schema, and no migration since breaks with it', () => {
  const since = MIGRATIONS.filter(({ id }) => id > previous.LEVEL);
  expect(since.length).toBeGreaterThan(0);
  expect(since.filter(({ breaking }) => breaking)).toEqual([]);
});

describe('storage of the version before, on this schema', () => suite(() => previous.storageContract(open)));
describe('its worker storage', () => suite(() => previous.workerStorageContract(open)));
