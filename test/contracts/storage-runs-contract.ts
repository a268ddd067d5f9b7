import { randomUUID } from 'node:crypto';
import type { NewRun } from '../../lib/model/run';
import type { RunsByTag } from '../../lib/ports/run-storage';
import { aRun, aStartedRun, aStep, claimAll, SUCCESS } from './storage-builders';
import type { StorageHarness } from './storage-contract';

/** Creating, reading, listing and deleting runs; small values. */
export function storageRunsContract(harness: () => StorageHarness): void {
  test('a created run is read back as it was asked for', async () => {
    const { storage } = harness();
    const run = aRun({
      tags: { team: 'a', 'dagster/priority': '3' },
      config: { zebra: 1, ant: { y: [1, 'x', null], b: true } },
      assetSelection: ['raw/x'],
      assetCheckSelection: [{ asset: 'raw/x', name: 'ok' }],
      stepKeys: ['raw__x'],
      parentRunId: randomUUID(),
      rootRunId: randomUUID(),
      origin: { kind: 'sensor', name: 'watch', runKey: 'k1' },
      idempotencyKey: 'once',
      steps: [aStep({ key: 'raw__x', assets: ['raw/x'] })],
      partitionKeys: ['2026-01-01', '2026-01-02'],
    });

    const created = await storage.createRuns([run]);

    expect(created).toEqual([{ runId: run.runId, created: true }]);
    const { plan, idempotencyKey: _, ...asked } = run;
    expect(await storage.getRun(run.runId)).toEqual({
      ...asked,
      status: 'QUEUED',
      attempt: 0,
      createdAt: expect.any(Number),
      updatedAt: expect.any(Number),
      claimedAt: null,
      startedAt: null,
      endedAt: null,
      cause: null,
      resumeAt: null,
      suspensions: 0,
      pools: null,
    });
    expect(await storage.getRunPlan(run.runId)).toEqual(plan);
    expect(await storage.runPlans([run.runId, 'none'])).toEqual([{ runId: run.runId, plan }]);
    // The order in which the user wrote the config is kept.
    expect(JSON.stringify((await storage.getRun(run.runId))?.config)).toBe(JSON.stringify(run.config));
  });

  test('what does not exist is absent, whatever the form of its id', async () => {
    const { storage } = harness();
    for (const runId of [randomUUID(), 'no-uuid', '']) {
      expect(await storage.getRun(runId)).toBeUndefined();
      expect(await storage.getRunPlan(runId)).toBeUndefined();
      expect(await storage.runEvents({ runId, limit: 10 })).toEqual([]);
      expect(await storage.stepStats(runId)).toEqual([]);
      expect(await storage.cancelRun(runId, { force: false, cause: 'x' })).toBe('not-found');
      expect(await storage.finalizeAttempt(runId, 1, { kind: 'cancel', cause: 'x' })).toBe('not-found');
      expect(await storage.deleteRuns([runId])).toBe(0);
    }
  });

  test('a repeated call creates nothing and answers the same ids', async () => {
    const { storage } = harness();
    const runs = [
      aRun(),
      aRun({ idempotencyKey: 'i' }),
      aRun({ origin: { kind: 'sensor', name: 's', runKey: 'k' } }),
    ];
    await storage.createRuns(runs);

    const again = await storage.createRuns(runs);

    expect(again).toEqual(runs.map(({ runId }) => ({ runId, created: false })));
    expect(await storage.countRuns({})).toBe(3);
    expect(await storage.runEvents({ runId: runs[0]?.runId ?? '', limit: 10 })).toHaveLength(1);
  });

  test('a run key is unique for ever within its location, kind and name; an idempotency key everywhere', async () => {
    const { storage, worker } = harness();
    const keyed = (over: Partial<NewRun> = {}) =>
      aRun({ origin: { kind: 'sensor', name: 's', runKey: 'k' }, ...over });
    const first = keyed();
    await worker.finishRun(await aStartedRun(storage, worker, first), SUCCESS);
    const once = aRun({ idempotencyKey: 'i', location: 'shop' });
    await storage.createRuns([once]);

    const answers = await storage.createRuns([
      keyed(),
      keyed({ location: 'elsewhere' }),
      keyed({ origin: { kind: 'schedule', name: 's', runKey: 'k' } }),
      keyed({ origin: { kind: 'sensor', name: 't', runKey: 'k' } }),
      aRun({ idempotencyKey: 'i', location: 'elsewhere' }),
    ]);

    expect(answers.map(({ created }) => created)).toEqual([false, true, true, true, false]);
    expect(answers[0]?.runId).toBe(first.runId);
    expect(answers[4]?.runId).toBe(once.runId);
  });

  test('of equal keys within one call the first makes the run', async () => {
    const { storage } = harness();
    const keyed = () => aRun({ origin: { kind: 'sensor', name: 's', runKey: 'k' } });
    const [first, second, same] = [keyed(), keyed(), aRun()];

    const answers = await storage.createRuns([first, second, same, same]);

    expect(answers).toEqual([
      { runId: first.runId, created: true },
      { runId: first.runId, created: false },
      { runId: same.runId, created: true },
      { runId: same.runId, created: false },
    ]);
  });

  test('callers that race for one run key get one run', async () => {
    const { storage } = harness();
    const race = Array.from({ length: 12 }, () =>
      aRun({ origin: { kind: 'sensor', name: 's', runKey: 'k' } }),
    );

    const answers = (await Promise.all(race.map((run) => storage.createRuns([run])))).flat();

    expect(answers.filter(({ created }) => created)).toHaveLength(1);
    expect(new Set(answers.map(({ runId }) => runId)).size).toBe(1);
    expect(await storage.countRuns({})).toBe(1);
  });

  test('runs are listed newest first, filtered by every field and mixture, page by page', async () => {
    const { storage } = harness();
    const runs = Array.from({ length: 20 }, (_, i) =>
      aRun({
        location: i % 2 === 0 ? 'shop' : 'bank',
        jobName: `job${i % 3}`,
        tags: { parity: i % 2 === 0 ? 'even' : 'odd', third: String(i % 3), 'quo"te': 'a\\b"{},' },
      }),
    );
    await storage.createRuns(runs);
    await storage.cancelRun(runs[4]?.runId ?? '', { force: false, cause: 'no' });
    const newestFirst = runs.map(({ runId }) => runId).reverse();
    const list = async (filter: Parameters<typeof storage.listRuns>[0]['filter'], limit = 100) =>
      (await storage.listRuns({ filter, limit })).map(({ runId }) => runId);
    const where = (keep: (i: number) => boolean) =>
      runs.flatMap(({ runId }, i) => (keep(i) ? [runId] : [])).reverse();

    expect(await list({})).toEqual(newestFirst);
    expect(await list({ location: 'bank' })).toEqual(where((i) => i % 2 === 1));
    expect(await list({ location: 'shop', jobName: 'job1' })).toEqual(where((i) => i % 6 === 4));
    expect(await list({ jobNames: ['job0', 'job2', 'job2'] }, 5)).toEqual(
      where((i) => i % 3 !== 1).slice(0, 5),
    );
    expect(await list({ jobNames: ['job0', 'job1'], statuses: ['CANCELED'] })).toEqual(where((i) => i === 4));
    expect(await list({ jobNames: [] })).toEqual([]);
    expect(await storage.countRuns({ jobNames: ['job0', 'job2'] })).toBe(13);
    expect(await list({ statuses: ['CANCELED'] })).toEqual(where((i) => i === 4));
    expect(await list({ statuses: ['CANCELED', 'QUEUED'], jobName: 'job1' })).toEqual(
      where((i) => i % 3 === 1),
    );
    expect(await list({ statuses: [] })).toEqual([]);
    expect(
      await list({
        tags: [
          { key: 'parity', values: ['odd'] },
          { key: 'third', values: ['0', '2'] },
        ],
      }),
    ).toEqual(where((i) => i % 2 === 1 && i % 3 !== 1));
    expect(await list({ tags: [{ key: 'quo"te', values: ['x', 'a\\b"{},'] }] })).toEqual(newestFirst);
    expect(await list({ runIdPrefix: runs[7]?.runId.slice(0, 13) })).toEqual([runs[7]?.runId]);
    expect(await list({ runIdPrefix: 'xyz' })).toEqual([]);
    expect(await list({ runIds: [runs[1]?.runId ?? '', 'no-uuid', runs[3]?.runId ?? ''] })).toEqual([
      runs[3]?.runId,
      runs[1]?.runId,
    ]);
    const at = (await storage.getRun(runs[0]?.runId ?? ''))?.createdAt ?? 0;
    expect(await list({ createdAfter: at })).toEqual([]);
    expect(await list({ createdAfter: at - 1, createdBefore: at + 1 })).toEqual(newestFirst);
    expect(await list({ updatedAfter: at })).toEqual([runs[4]?.runId]);
    expect(await list({ updatedBefore: at + 1 })).toHaveLength(19);
    expect(await storage.countRuns({ location: 'bank' })).toBe(10);
    expect(await storage.countRuns({}, 7)).toBe(7);

    const pages: string[] = [];
    for (let cursor: string | undefined; ; ) {
      const page = await storage.listRuns({ filter: { location: 'shop' }, limit: 3, cursor });
      if (page.length === 0) break;
      pages.push(...page.map(({ runId }) => runId));
      cursor = pages.at(-1);
    }
    expect(pages).toEqual(where((i) => i % 2 === 0));
  });

  test('tags are put on a run, over those of the same key, and found by', async () => {
    const { storage } = harness();
    const run = aRun({ tags: { a: '1', b: '2' } });
    await storage.createRuns([run]);
    const withTag = (key: string, value: string) => storage.countRuns({ tags: [{ key, values: [value] }] });

    expect(await storage.addRunTags(randomUUID(), { a: '1' })).toBe(false);
    expect(await storage.addRunTags('no-uuid', { a: '1' })).toBe(false);
    expect(await storage.addRunTags(run.runId, { a: '1', b: '3', c: '4' })).toBe(true);
    expect(await storage.addRunTags(run.runId, { a: '1', b: '3', c: '4' })).toBe(true);

    expect((await storage.getRun(run.runId))?.tags).toEqual({ a: '1', b: '3', c: '4' });
    expect([await withTag('b', '2'), await withTag('b', '3'), await withTag('c', '4')]).toEqual([0, 1, 1]);
  });

  test('the latest runs of each job, tag keys and tag values come in one statement each', async () => {
    const { storage } = harness();
    const runs = Array.from({ length: 9 }, (_, i) =>
      aRun({
        location: i < 3 ? 'bank' : 'shop',
        jobName: `job${i % 3}`,
        tags: { team: `t${i}`, env: 'prod' },
      }),
    );
    await storage.createRuns(runs);

    const latest = await storage.latestRunsByJob(1);

    expect(latest.map(({ location, jobName, runId }) => [location, jobName, runId])).toEqual(
      [0, 1, 2, 6, 7, 8].map((i) => [runs[i]?.location, runs[i]?.jobName, runs[i]?.runId]),
    );
    expect(await storage.latestRunsByJob(2)).toHaveLength(9);
    expect(await storage.runTagKeys()).toEqual(['env', 'team']);
    const team = (...values: string[]) => ({ key: 'team', values });
    const env = (...values: string[]) => ({ key: 'env', values });
    expect(await storage.runTagValues({ prefix: 't', limit: 4 })).toEqual([
      env(),
      team('t0', 't1', 't2', 't3'),
    ]);
    expect(await storage.runTagValues({ keys: ['team', 'none', 'env'], prefix: '', limit: 1 })).toEqual([
      team('t0'),
      { key: 'none', values: [] },
      env('prod'),
    ]);
    expect(await storage.runTagValues({ keys: ['team'], prefix: 't8', limit: 4 })).toEqual([team('t8')]);
    expect(await storage.runTagValues({ keys: ['team'], prefix: 'x', limit: 4 })).toEqual([team()]);
    expect(await storage.runTagValues({ keys: ['team'], prefix: 't', limit: 0 })).toEqual([team()]);
    expect(await storage.runTagValues({ keys: [], prefix: '', limit: 4 })).toEqual([]);
  });

  test('the newest runs of each value of a tag come in one statement', async () => {
    const { storage } = harness();
    const runs = Array.from({ length: 8 }, (_, i) =>
      aRun({ location: i < 2 ? 'bank' : 'shop', tags: { team: `t${i % 2}`, env: 'prod' } }),
    );
    await storage.createRuns(runs);
    const ids = async (query: Omit<RunsByTag, 'key'>) =>
      (await storage.runsByTag({ key: 'team', ...query })).map(({ runId }) =>
        runs.findIndex((run) => run.runId === runId),
      );

    expect(await ids({ values: ['t0', 't1', 't1', 'none'], limit: 2 })).toEqual([7, 6, 5, 4]);
    expect(await ids({ values: ['t1'], locations: ['bank'], limit: 2 })).toEqual([1]);
    expect(await ids({ values: ['t0'], statuses: ['QUEUED'], limit: 1 })).toEqual([6]);
    expect(await ids({ values: ['t0'], statuses: ['SUCCESS'], limit: 1 })).toEqual([]);
    expect(await ids({ values: [], limit: 1 })).toEqual([]);
  });

  test('only finished runs are deleted, with all that belongs to them', async () => {
    const { storage, worker } = harness();
    const done = aRun({ tags: { gone: 'yes' }, steps: [aStep({ key: 'a', assets: ['raw/a'] })] });
    await worker.finishRun(await aStartedRun(storage, worker, done), SUCCESS);
    const queued = aRun();
    await storage.createRuns([queued]);

    const deleted = await storage.deleteRuns([done.runId, queued.runId]);

    expect(deleted).toBe(1);
    expect(await storage.getRun(done.runId)).toBeUndefined();
    expect(await storage.getRunPlan(done.runId)).toBeUndefined();
    expect(await storage.runEvents({ runId: done.runId, limit: 10 })).toEqual([]);
    expect(await storage.runTagKeys()).toEqual([]);
    expect(await storage.getRun(queued.runId)).toBeDefined();
    expect(await storage.deleteRuns([done.runId])).toBe(0);
  });

  test('a side effect is taken by one caller, again when its lease ran out, and never once completed', async () => {
    const { storage } = harness();
    const run = aRun();
    await storage.createRuns([run]);
    await claimAll(storage);

    const taken = await storage.takeOutbox(10, 0.05);
    // Until the first lease is over, however long that takes here.
    const again = [];
    while (again.length < taken.length) again.push(...(await storage.takeOutbox(10, 60)));
    const meanwhile = await storage.takeOutbox(10, 60);
    await storage.completeOutbox(taken.map(({ id }) => id));

    expect(taken.map(({ id: _, ...message }) => message)).toEqual([
      { kind: 'dequeue', runId: null, attempt: null, alert: null },
      { kind: 'start-execution', runId: run.runId, attempt: 1, alert: null },
    ]);
    expect(meanwhile).toEqual([]);
    expect(again).toEqual(taken);
    expect(await storage.takeOutbox(10, 0)).toEqual([]);
    await storage.completeOutbox(taken.map(({ id }) => id));
  });

  test('many callers take each side effect once', async () => {
    const { storage } = harness();
    await storage.createRuns(Array.from({ length: 60 }, () => aRun()));
    await claimAll(storage);

    const taken = (await Promise.all(Array.from({ length: 8 }, () => storage.takeOutbox(10, 60)))).flat();

    expect(taken).toHaveLength(61);
    expect(new Set(taken.map(({ id }) => id)).size).toBe(61);
  });

  test('a small value is replaced only where it is what was expected', async () => {
    const { storage } = harness();
    await storage.putValue('a', 'k', { version: 1, list: ['x'] });

    expect(await storage.replaceValue('a', 'k', { version: 0 }, { version: 2 })).toBe(false);
    expect(await storage.replaceValue('a', 'absent', { version: 1 }, { version: 2 })).toBe(false);
    const changes = [2, 3, 4, 5].map((version) =>
      storage.replaceValue('a', 'k', { list: ['x'], version: 1 }, { version }),
    );
    expect((await Promise.all(changes)).filter(Boolean)).toHaveLength(1);
  });

  test('small values are stored, inserted once, listed and deleted by namespace', async () => {
    const { storage } = harness();

    expect(await storage.getValue('a', 'k')).toBeUndefined();
    await storage.putValue('a', 'k', { z: 1, a: [true, null] });
    expect(await storage.insertValue('a', 'k', 2)).toBe(false);
    expect(await storage.insertValue('a', 'j', 'text \0')).toBe(true);
    await storage.putValue('b', 'k', null);

    expect(await storage.listValues('a')).toEqual([
      { key: 'j', value: 'text \ufffd' },
      { key: 'k', value: { z: 1, a: [true, null] } },
    ]);
    expect(await storage.getValue('b', 'k')).toBeNull();
    await storage.deleteValue('a', 'k');
    await storage.deleteValue('a', 'k');
    expect(await storage.listValues('a')).toHaveLength(1);
  });
}
