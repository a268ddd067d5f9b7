import { availableParallelism } from 'node:os';
import { setTimeout as sleep } from 'node:timers/promises';
import { BundleLoadError } from '../../lib/execution/errors';
import { WorkerPool } from '../../lib/execution/worker-pool';

const CHILD = new URL('support/pool-child.mjs', import.meta.url).pathname;
/** Children that may load at once. */
const AT_ONCE = Math.max(2, availableParallelism());
/** No load is slow by this, however busy the machine is. */
const PATIENT = { slowLoadMs: 300_000 };

describe('a worker pool', () => {
  let pool: WorkerPool;
  let pids: readonly number[];
  const never = new AbortController().signal;

  const open = (options?: ConstructorParameters<typeof WorkerPool>[1]): void => {
    const command = { executable: process.execPath, args: [CHILD], environment: {}, directory: undefined };
    pool = new WorkerPool(command, options);
    pool.onChange = (all) => {
      pids = all;
    };
  };

  beforeEach(() => {
    pids = [];
    open();
  });
  afterEach(() => pool.close());

  const bundle = (path: string, hash = path) => ({ hash, path });

  test('serves many short runs with few children', async () => {
    await pool.close();
    open(PATIENT);
    const used: number[] = [];
    let most = 0;
    const run = async (): Promise<void> => {
      const child = await pool.acquire(bundle('100'), false, never);
      used.push(child.pid);
      most = Math.max(most, pids.length);
      // At once: how many loads end while a run takes its time is up to the machine.
      pool.release(child);
    };

    await Promise.all(Array.from({ length: 40 }, run));

    expect(used).toHaveLength(40);
    // One more waits without a bundle, another may be on its way out.
    expect(most).toBeLessThanOrEqual(AT_ONCE * 2 + 2);
  });

  test('gives each of many long runs a child of its own', async () => {
    const children = await Promise.all(
      Array.from({ length: AT_ONCE * 3 }, () => pool.acquire(bundle('1'), false, never)),
    );

    expect(new Set(children.map(({ pid }) => pid)).size).toBe(AT_ONCE * 3);
  });

  test('is not held back by loads that take long', async () => {
    const children = await Promise.all(
      Array.from({ length: AT_ONCE * 2 }, () => pool.acquire(bundle('1500'), false, never)),
    );

    expect(new Set(children.map(({ pid }) => pid)).size).toBe(AT_ONCE * 2);
  });

  test('lets no bundle wait for the loads of another', async () => {
    const stop = new AbortController();
    const stuck = Array.from({ length: AT_ONCE }, () => pool.acquire(bundle('never'), false, stop.signal));
    const ended = Promise.allSettled(stuck);

    const child = await pool.acquire(bundle('1'), false, never);

    expect(child.isAlive).toBe(true);
    stop.abort(new Error('stopped'));
    expect((await ended).map(({ status }) => status)).toEqual(stuck.map(() => 'rejected'));
  });

  test('ends a load that does not end with the run that waited for it', async () => {
    const stop = new AbortController();
    const stuck = pool.acquire(bundle('never'), false, stop.signal);
    await sleep(50);
    const [loading] = pids;

    stop.abort(new Error('stopped'));

    await expect(stuck).rejects.toThrow('stopped');
    while (pids.includes(loading ?? 0)) await sleep(10);
    expect(loading).toBeGreaterThan(0);
  });

  test('tells every run that waits for a broken bundle', async () => {
    const runs = await Promise.allSettled(
      Array.from({ length: AT_ONCE * 3 }, () => pool.acquire(bundle('broken'), false, never)),
    );

    const told = runs.map((run) => run.status === 'rejected' && run.reason);
    for (const error of told) {
      expect(error).toBeInstanceOf(BundleLoadError);
      expect(error).toHaveProperty(
        'message',
        "The code location's bundle broken does not load: SyntaxError: no code",
      );
    }
  });

  test('keeps a child that was given back, and gives a run that asks for it a fresh one', async () => {
    const first = await pool.acquire(bundle('1'), false, never);
    pool.release(first);

    const again = await pool.acquire(bundle('1'), false, never);
    const fresh = await pool.acquire(bundle('1'), true, never);

    expect(again.pid).toBe(first.pid);
    expect(fresh.pid).not.toBe(first.pid);
  });

  test('lets those go that a burst of runs left over', async () => {
    const children = await Promise.all(
      Array.from({ length: 8 }, () => pool.acquire(bundle('1'), false, never)),
    );
    for (const child of children) pool.release(child);
    expect(pids.length).toBeGreaterThanOrEqual(8);

    // Four with the bundle, one without any.
    while (pids.length > 5) await sleep(50);
    const again = await pool.acquire(bundle('1'), false, never);
    expect(children.map(({ pid }) => pid)).toContain(again.pid);
  });
});
