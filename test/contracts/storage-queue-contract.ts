import * as fc from 'fast-check';
import { INSTANCE_NAMESPACE, PAUSE_KEY } from '../../lib/model/instance-pause';
import type { NewRun } from '../../lib/model/run';
import { type QueueRun, selectRunsToDequeue } from '../../lib/model/run-queue';
import type { RunQueueSettings, TagConcurrencyLimit } from '../../lib/model/run-queue-settings';
import { aRun, aStartedRun, claimAll, launch, SUCCESS, UNLIMITED } from './storage-builders';
import type { StorageHarness } from './storage-contract';

/** Claiming under limits. */
export function storageQueueContract(harness: () => StorageHarness): void {
  test('claims by priority, then first in, first out, and says who is claimed', async () => {
    const { storage } = harness();
    const runs = ['0', '5', 'no number', '5', '-1', undefined].map((priority) =>
      aRun({ tags: priority === undefined ? {} : { 'dagster/priority': priority } }),
    );
    await storage.createRuns(runs);

    const claimed = await storage.claimRuns(10, UNLIMITED);

    expect(claimed).toEqual([1, 3, 0, 2, 5, 4].map((i) => ({ runId: runs[i]?.runId, attempt: 1 })));
    const run = await storage.getRun(runs[0]?.runId ?? '');
    expect(run).toMatchObject({ status: 'STARTING', attempt: 1, claimedAt: expect.any(Number) });
    expect(await storage.claimRuns(10, UNLIMITED)).toEqual([]);
    const events = await storage.runEvents({ runId: run?.runId ?? '', limit: 10 });
    expect(events.map(({ type }) => type)).toEqual(['RUN_ENQUEUED', 'RUN_DEQUEUED', 'RUN_STARTING']);
  });

  test('says where a run stands in the queue, by priority, then first in, first out', async () => {
    const { storage } = harness();
    const runs = ['0', '5', undefined].map((priority) =>
      aRun({ tags: priority === undefined ? {} : { 'dagster/priority': priority } }),
    );
    const ids = runs.map(({ runId }) => runId);
    await storage.createRuns(runs);
    const placesOf = async () =>
      (await storage.queuePlaces([...ids, 'nope'])).map(({ runId, place, of }) => [
        ids.indexOf(runId),
        place,
        of,
      ]);

    expect((await placesOf()).sort()).toEqual([
      [0, 2, 3],
      [1, 1, 3],
      [2, 3, 3],
    ]);
    await storage.claimRuns(1, UNLIMITED);
    expect((await placesOf()).sort()).toEqual([
      [0, 1, 2],
      [2, 2, 2],
    ]);
  });

  test('claims nothing while the instance is paused', async () => {
    const { storage } = harness();
    await storage.createRuns([aRun()]);
    await storage.putValue(INSTANCE_NAMESPACE, PAUSE_KEY, { scope: 'all', by: 'ann', since: 1 });

    expect(await storage.claimRuns(10, UNLIMITED)).toEqual([]);
    await storage.deleteValue(INSTANCE_NAMESPACE, PAUSE_KEY);
    expect(await storage.claimRuns(10, UNLIMITED)).toHaveLength(1);
  });

  test('a full limit does not hide a runnable run behind 3,000 blocked ones', async () => {
    const { storage } = harness();
    const blocked = Array.from({ length: 3_001 }, () => aRun({ tags: { db: 'x' } }));
    const runnable = aRun({ tags: { db: 'y' } });
    await storage.createRuns([...blocked, runnable]);
    const settings = limits(-1, { key: 'db', value: 'x', limit: 1 });

    const first = await storage.claimRuns(2, settings);
    const second = await storage.claimRuns(2, settings);

    expect(first.map(({ runId }) => runId)).toEqual([blocked[0]?.runId, runnable.runId]);
    expect(second).toEqual([]);
  });

  test('-1 is no limit, 0 launches nothing, and a limit lowered below what runs only drains', async () => {
    const { storage } = harness();
    await storage.createRuns(Array.from({ length: 6 }, () => aRun()));

    expect(await storage.claimRuns(10, limits(0))).toEqual([]);
    expect(await storage.claimRuns(10, limits(3))).toHaveLength(3);
    expect(await storage.claimRuns(10, limits(2))).toEqual([]);
    expect(await storage.claimRuns(1, limits(-1))).toHaveLength(1);
    expect(await storage.claimRuns(10, limits(-1))).toHaveLength(2);
  });

  test('a slot is held while STARTING, STARTED and CANCELING, and free as soon as the run has ended', async () => {
    const { storage, worker } = harness();
    const ref = await aStartedRun(storage, worker);
    await storage.createRuns([aRun()]);
    const one = limits(1);

    expect(await storage.claimRuns(1, one)).toEqual([]);
    await storage.cancelRun(ref.runId, { force: false, cause: 'enough' });
    expect(await storage.claimRuns(1, one)).toEqual([]);
    await worker.finishRun(ref, { status: 'CANCELED', failureReason: null, cause: 'enough' });
    expect(await storage.claimRuns(1, one)).toHaveLength(1);
  });

  test('property: what is claimed is what the rules say, from any state, however many are asked for', async () => {
    const { storage } = harness();
    const runs = fc.array(
      fc.record({
        status: fc.constantFrom('QUEUED', 'QUEUED', 'STARTING'),
        tags: fc.record(
          {
            db: fc.constantFrom('x', 'y', ''),
            team: fc.constantFrom('a', 'b'),
            'dagster/priority': fc.constantFrom(
              '1',
              '-2',
              'bad',
              '1e3',
              '0x10',
              ' +7 ',
              '',
              ' ',
              '1.0',
              '-0',
              '007',
              '9'.repeat(30),
            ),
          },
          { requiredKeys: [] },
        ),
      }),
      { maxLength: 14 },
    );
    const value = fc.constantFrom(undefined, 'x', { applyLimitPerUniqueValue: true as const });
    const settings = fc.record({
      maxConcurrentRuns: fc.constantFrom(-1, 0, 2, 5),
      tagConcurrencyLimits: fc.array(
        fc.record({ key: fc.constantFrom('db', 'team'), value, limit: fc.integer({ min: 0, max: 3 }) }),
        { maxLength: 3 },
      ),
    });
    let reachedLimit = 0;

    await fc.assert(
      fc.asyncProperty(runs, settings, fc.integer({ min: 1, max: 4 }), async (given, rules, step) => {
        const created = given.map(({ tags }) => aRun({ tags: tags as NewRun['tags'] }));
        const active = created.filter((_, i) => given[i]?.status === 'STARTING');
        await storage.createRuns(active);
        await claimAll(storage);
        await storage.createRuns(created.filter((_, i) => given[i]?.status === 'QUEUED'));
        const model: (QueueRun & { runId: string })[] = created.map(({ runId, tags }, i) => ({
          runId,
          tags,
          status: given[i]?.status === 'STARTING' ? 'STARTING' : 'QUEUED',
        }));
        const expected = selectRunsToDequeue(rules, model).map(({ runId }) => runId);

        // Claims of a few at a time must come to the same as one of all.
        const claimed: string[] = [];
        for (;;) {
          const some = await storage.claimRuns(step, rules);
          if (some.length === 0) break;
          claimed.push(...some.map(({ runId }) => runId));
        }
        for (const { runId } of created) await storage.cancelRun(runId, { force: true, cause: 'clean up' });

        expect(claimed).toEqual(expected);
        if (expected.length < model.filter(({ status }) => status === 'QUEUED').length) reachedLimit += 1;
      }),
      { numRuns: 60 },
    );
    expect(reachedLimit).toBeGreaterThan(10);
  });

  test('limits hold in the database at every instant while claimers and finishers race, and are reached', async () => {
    const { storage, worker } = harness();
    const settings = limits(
      7,
      { key: 'db', value: 'x', limit: 4 },
      { key: 'team', value: { applyLimitPerUniqueValue: true }, limit: 2 },
    );
    const runs = Array.from({ length: 90 }, (_, i) =>
      aRun({ tags: { ...(i % 3 === 2 ? {} : { db: 'x' }), team: `t${i % 5}` } }),
    );
    await storage.createRuns(runs);
    let done = false;
    const snapshots: { total: number; db: number; team: number }[] = [];
    const watch = async () => {
      while (!done) {
        const active = await storage.listRuns({
          filter: { statuses: ['STARTING', 'STARTED', 'CANCELING'] },
          limit: 100,
        });
        const teams = Map.groupBy(active, ({ tags }) => tags.team);
        snapshots.push({
          total: active.length,
          db: active.filter(({ tags }) => tags.db === 'x').length,
          team: Math.max(0, ...[...teams.values()].map((members) => members.length)),
        });
      }
    };
    const claimed: string[] = [];
    const work = async () => {
      while (claimed.length < runs.length) {
        for (const { runId, attempt } of await storage.claimRuns(2, settings)) {
          claimed.push(runId);
          const ref = await launch(storage, runId, attempt);
          await worker.startRun(ref);
          await worker.finishRun(ref, SUCCESS);
        }
      }
    };
    const watching = watch();
    await Promise.all(Array.from({ length: 10 }, work));
    done = true;
    await watching;

    expect(new Set(claimed).size).toBe(claimed.length);
    expect(await storage.countRuns({ statuses: ['SUCCESS'] })).toBe(runs.length);
    expect(snapshots.filter(({ total, db, team }) => total > 7 || db > 4 || team > 2)).toEqual([]);
    const peak = (of: 'total' | 'db' | 'team') => Math.max(...snapshots.map((snapshot) => snapshot[of]));
    expect([peak('total'), peak('db'), peak('team')]).toEqual([7, 4, 2]);
  });

  test('no wake-up is lost: runs enqueued while others claim are all claimed, with no timer', async () => {
    const { storage } = harness();
    for (let round = 0; round < 25; round += 1) {
      const runs = Array.from({ length: 12 }, () => aRun());
      // Each enqueues and then claims what it may, exactly once; they meet in the middle.
      const claimed = await Promise.all(
        runs.map(async (run) => {
          await storage.createRuns([run]);
          return storage.claimRuns(1, UNLIMITED);
        }),
      );
      expect(claimed.flat()).toHaveLength(12);
    }
    expect(await storage.countRuns({ statuses: ['QUEUED'] })).toBe(0);
  });
}

function limits(maxConcurrentRuns: number, ...tagConcurrencyLimits: TagConcurrencyLimit[]): RunQueueSettings {
  return { maxConcurrentRuns, tagConcurrencyLimits };
}
