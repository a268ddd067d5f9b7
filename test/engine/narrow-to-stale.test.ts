import { createPostgresStorage } from '../../lib/adapters/postgres/postgres-storage';
import { evaluateTicks } from '../../lib/engine/evaluate-ticks';
import { previewSensor } from '../../lib/engine/preview-instigator';
import { NOTHING_STALE } from '../../lib/engine/ticks/narrow-to-stale';
import type { RunRequest } from '../../lib/model/run-request';
import type { Tick } from '../../lib/model/tick';
import type { Storage } from '../../lib/ports/storage';
import { aMaterialization } from '../contracts/storage-builders';
import { ManualClock } from '../support/manual-clock';
import { createTestDatabase, type TestDatabase } from '../support/test-database';
import { aManifest, aNode, type ManifestSketch } from './support/build-manifest';
import { aLocation, createTestInstance, someSettings, type TestInstance } from './support/test-instance';

let database: TestDatabase;
let storage: Storage;
let clock: ManualClock;
let instance: TestInstance;
const settings = someSettings();
const START = Date.UTC(2026, 2, 10, 12, 0, 30);
const SENSOR = { location: 'orchestration', kind: 'sensor', name: 's' } as const;

beforeEach(async () => {
  database = await createTestDatabase();
  storage = createPostgresStorage({ url: database.url });
  clock = new ManualClock(START);
  instance = createTestInstance(storage, clock);
});

afterEach(async () => {
  await storage.close();
  await database.drop();
});

function define(sketch: ManifestSketch): void {
  instance.locations[0] = aLocation(aManifest({ sensors: [{ name: 's' }], ...sketch }), { updatedAt: START });
}

function asking(...requests: readonly Partial<RunRequest>[]): void {
  const runRequests = requests.map((fields) => ({
    runKey: null,
    jobName: null,
    config: {},
    tags: {},
    partitionKey: null,
    assetSelection: null,
    assetCheckSelection: null,
    staleAssetsOnly: true,
    ...fields,
  }));
  instance.answer = () =>
    ({
      result: { runRequests, skipReason: null, cursor: null, dynamicPartitionsRequests: [] },
      logs: [],
    }) as never;
}

/** The next tick of the sensor, and the assets of each of its runs. */
async function nextTick(): Promise<[Tick | undefined, ...(readonly string[] | null | undefined)[]]> {
  clock.jump(60_000);
  await evaluateTicks(instance, settings);
  const [tick] = await storage.listTicks({ instigator: SENSOR, limit: 1 });
  const runs = await Promise.all((tick?.runIds ?? []).map((runId) => storage.getRun(runId)));
  return [tick, ...runs.map((run) => run?.assetSelection)];
}

const made = (key: string, partition?: string, dataVersion?: string): Promise<unknown> =>
  storage.appendSystemEvents(null, [aMaterialization(key, partition, dataVersion)]);

describe('a request for stale assets only', () => {
  it('makes what is missing, then what is stale, then nothing, and the tick says so', async () => {
    define({ assets: { raw: {}, clean: { deps: ['raw'] }, other: {} } });
    asking({});
    await made('other');
    expect((await nextTick()).slice(1)).toEqual([['raw', 'clean']]);

    await made('clean');
    await made('raw');
    expect((await nextTick()).slice(1)).toEqual([['clean']]);

    await made('clean');
    const [tick, ...runs] = await nextTick();
    expect(tick).toMatchObject({ status: 'SKIPPED', skipReason: NOTHING_STALE, error: null });
    expect(runs).toEqual([]);
  });

  it('narrows the assets that it names, and leaves other requests of the tick as they are', async () => {
    define({ assets: { a: {}, b: {}, c: {} } });
    await made('a');
    asking(
      { assetSelection: ['a', 'b'] },
      { assetSelection: ['a'] },
      { assetSelection: ['a'], staleAssetsOnly: false },
    );
    expect((await nextTick()).slice(1)).toEqual([['b'], ['a']]);
  });

  it('asks of a partitioned asset whether the partition was made', async () => {
    define({ assets: { days: { partitions: { type: 'static', keys: ['mon', 'tue'] } } } });
    await made('days', 'mon');
    asking({ partitionKey: 'mon' }, { partitionKey: 'tue' });
    const [tick, ...runs] = await nextTick();
    expect(runs).toEqual([['days']]);
    expect((await storage.getRun(tick?.runIds[0] ?? ''))?.tags).toMatchObject({ 'dagster/partition': 'tue' });
  });

  it('runs a job without assets all the same', async () => {
    define({
      jobs: [{ name: 'graph', nodes: [aNode('one')] }],
      sensors: [{ name: 's', jobNames: ['graph'] }],
    });
    asking({});
    const [tick] = await nextTick();
    expect(tick).toMatchObject({ status: 'SUCCESS', runIds: [expect.any(String)] });
  });

  it('fails the tick when it names an asset that there is not', async () => {
    define({ assets: { a: {} } });
    asking({ assetSelection: ['b'] });
    const [tick] = await nextTick();
    expect(tick).toMatchObject({ status: 'FAILURE', error: { message: expect.stringContaining("'b'") } });
  });

  it('is narrowed in a preview, too', async () => {
    define({ assets: { a: {}, b: {} } });
    await made('a');
    asking({});
    const preview = await previewSensor(instance, settings, { location: 'orchestration', name: 's' }, null);
    expect(preview).toMatchObject({ ok: true, result: { runRequests: [{ assetSelection: ['b'] }] } });
    expect(await storage.countRuns({})).toBe(0);
  });
});
