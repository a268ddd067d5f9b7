import type { Driver } from '../../../lib/adapters/postgres/driver';
import { startDataApi } from '../../support/aws/data-api/start-data-api';
import { dataApiConnections, dataApiHarness, testDataApiDriver } from './data-api-harness';

const connect = dataApiConnections(dataApiHarness());
const drivers: Driver[] = [];
afterEach(async () => {
  await Promise.all(drivers.splice(0).map((driver) => driver.close()));
});

/** Time that passes only by sleeping. */
function aClock() {
  const sleeps: number[] = [];
  const clock = {
    now: () => sleeps.reduce((sum, ms) => sum + ms, 0),
    sleep: async (ms: number) => {
      sleeps.push(ms);
    },
  };
  return { clock, sleeps };
}

describe('a database that is paused', () => {
  test('is waited for, with growing pauses', async () => {
    const { clock, sleeps } = aClock();
    const { driver, api } = await connect({ clock });

    api.faults.set({ resumingNext: 5 });
    const answer = await driver.query('select to_json(1)');

    expect(answer).toEqual([1]);
    expect(api.faults.fired.resuming).toBe(5);
    expect(sleeps).toHaveLength(5);
    for (const [i, ms] of sleeps.entries()) {
      const longest = Math.min(4_000, 500 * 2 ** i);
      expect(ms).toBeGreaterThanOrEqual(longest / 2);
      expect(ms).toBeLessThanOrEqual(longest);
    }
  });

  test('is given up as transient when it sleeps on, and the error says that it wakes up', async () => {
    const { clock, sleeps } = aClock();
    const { driver, api } = await connect({ clock, wakeTimeout: 10_000 });

    api.faults.set({ resumingUntil: Number.MAX_SAFE_INTEGER });
    const failure = driver.query('select to_json(1)');

    await expect(failure).rejects.toMatchObject({
      fault: 'transient',
      message: 'The database was asleep and is still waking up after 10 s. Try again in a few seconds.',
    });
    expect(sleeps.reduce((sum, ms) => sum + ms, 0)).toBeLessThanOrEqual(10_000);
    expect(api.faults.fired.resuming).toBe(sleeps.length + 1);
  });
});

describe('faults of the service', () => {
  test.each([
    ['throttled', { throttleNext: 2 }],
    ['unavailable', { unavailableNext: 2 }],
  ] as const)('a call that is %s twice is repeated', async (name, fault) => {
    const { driver, api } = await connect();

    api.faults.set(fault);

    expect(await driver.query('select to_json(1)')).toEqual([1]);
    expect(api.faults.fired[name]).toBe(2);
  });

  test.each([
    ['throttled', { throttleNext: 9 }, 'ThrottlingException'],
    ['unavailable', { unavailableNext: 9 }, 'ServiceUnavailableError'],
    ['lostExecuteReply', { loseExecuteReply: 9 }, 'ECONNRESET|hang up'],
  ] as const)('one that is %s at every attempt fails as transient', async (name, fault, message) => {
    const { driver, api } = await connect({ maxAttempts: 2 });

    api.faults.set(fault);

    await expect(driver.query('select to_json(1)')).rejects.toMatchObject({
      fault: 'transient',
      message: expect.stringMatching(message),
    });
    expect(api.faults.fired[name]).toBe(2);
  });

  test('an API that is not there is transient; one that refuses is permanent', async () => {
    const { api } = await connect();
    const nobody = testDataApiDriver('http://127.0.0.1:1', { maxAttempts: 1 });
    const stranger = testDataApiDriver(api.url, { secretArn: 'headrace' });
    drivers.push(nobody, stranger);

    await expect(nobody.query('select to_json(1)')).rejects.toMatchObject({ fault: 'transient' });
    await expect(stranger.query('select to_json(1)')).rejects.toMatchObject({
      fault: 'permanent',
      message: expect.stringContaining('Invalid secret ARN'),
    });
  });

  test('a statement that takes too long is transient and leaves nothing; a patient driver lets it finish', async () => {
    const { database, admin } = await connect();
    const api = await startDataApi({ databaseUrl: database.url, statementTimeout: 300 });
    const name = new URL(database.url).pathname.slice(1);
    const slow = testDataApiDriver(api.url, { database: name });
    const patient = testDataApiDriver(api.url, { database: name, continueAfterTimeout: true });
    drivers.push(slow, patient);
    const insert = (pool: string) =>
      `insert into headrace.pools (pool, slots) select '${pool}', 1 from pg_sleep(0.6) returning to_json(pool)`;

    for (const [driver, pool] of [
      [slow, 'a'],
      [patient, 'b'],
    ] as const) {
      await expect(driver.query(insert(pool))).rejects.toMatchObject({
        fault: 'transient',
        message: expect.stringContaining('45 s'),
      });
    }

    let pools: unknown[] = [];
    while (pools.length === 0) pools = (await admin.query('select pool from headrace.pools')).rows;
    expect(pools).toEqual([{ pool: 'b' }]);
    await api.stop();
  });

  test("PostgreSQL's errors are told apart by their SQLSTATE", async () => {
    const { driver } = await connect();

    for (const [code, fault, name] of [
      ['08006', 'transient', 'PortError'],
      ['40P01', 'transient', 'PortError'],
      ['57P01', 'transient', 'PortError'],
      ['HR001', 'conflict', 'StaleAttemptError'],
      ['HR002', 'conflict', 'PortError'],
      ['23505', 'conflict', 'PortError'],
      ['HR003', 'permanent', 'PortError'],
      ['22P02', 'permanent', 'PortError'],
    ]) {
      await expect(
        driver.query(`do $$ begin raise exception 'it is; so' using errcode = '${code}', hint = 'h'; end $$`),
      ).rejects.toMatchObject({
        fault,
        name,
        // The service itself answers for a connection that is lost.
        message: expect.stringMatching(code === '57P01' ? /did not answer/ : /^it is; so( \(SQLSTATE|$)/),
      });
    }
  });
});
