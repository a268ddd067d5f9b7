import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { aMaterialization } from '../../contracts/storage-builders';
import { type ApiHarness, createApiHarness } from '../../support/api-harness';
import { lab, loadedLocation } from '../../support/api-workspace';

const REPOSITORY = '{repositoryLocationName: "shop", repositoryName: "__repository__"}';

describe('the deployment by GraphQL', () => {
  let harness: ApiHarness;
  beforeAll(async () => {
    harness = await createApiHarness();
  });
  afterAll(() => harness.close());
  async function ask<T>(text: string): Promise<T> {
    const { data, errors } = await harness.graphql<T>(text);
    expect(errors).toBeUndefined();
    return data;
  }

  test('shows a location that never loaded with its error, beside those that did', async () => {
    const { workspaceOrError } = await ask<{ workspaceOrError: { locationEntries: unknown[] } }>(
      `{ workspaceOrError { ... on Workspace { locationEntries { name loadStatus
        locationOrLoadError { __typename ... on PythonError { message stack } ... on RepositoryLocation { repositories { name } } } } } } }`,
    );
    expect(workspaceOrError.locationEntries).toEqual([
      {
        name: 'broken',
        loadStatus: 'LOADED',
        locationOrLoadError: {
          __typename: 'PythonError',
          message: 'SyntaxError: Unexpected token',
          stack: ['    at a.ts:1:1'],
        },
      },
      ...['lab', 'shop'].map((name) => ({
        name,
        loadStatus: 'LOADED',
        locationOrLoadError: { __typename: 'RepositoryLocation', repositories: [{ name: '__repository__' }] },
      })),
    ]);
  });

  test('a location whose newest code is broken still serves its last good definitions', async () => {
    const good = loadedLocation('stale', lab);
    harness.codeLocations.set({ ...good, error: { name: 'SyntaxError', message: 'half written' } });
    const { entry, repositoryOrError } = await ask<{ entry: unknown; repositoryOrError: unknown }>(
      `{ entry: workspaceLocationEntryOrError(name: "stale") { ... on WorkspaceLocationEntry {
          locationOrLoadError { __typename } lastGoodLocation { name } } }
        repositoryOrError(repositorySelector: {repositoryLocationName: "stale", repositoryName: "__repository__"}) {
          ... on Repository { jobs { name } } } }`,
    );
    expect(entry).toEqual({
      locationOrLoadError: { __typename: 'PythonError' },
      lastGoodLocation: { name: 'stale' },
    });
    expect(repositoryOrError).toMatchObject({ jobs: expect.arrayContaining([{ name: 'plain' }]) });
    harness.codeLocations.remove('stale');
  });

  test('reloading answers with what is there afterwards', async () => {
    const text = `__typename ... on WorkspaceLocationEntry { versionKey locationOrLoadError { __typename } } ... on Error { message }`;
    const reload = harness.codeLocations.reload.bind(harness.codeLocations);
    harness.codeLocations.reload = async (name) => {
      if (name === 'lab') harness.codeLocations.set(loadedLocation('lab', lab, 'lab-2'));
      return reload(name);
    };
    const { one, none } = await ask<{ one: unknown; none: unknown }>(
      `mutation { one: reloadRepositoryLocation(repositoryLocationName: "lab") { ${text} }
        none: reloadRepositoryLocation(repositoryLocationName: "nowhere") { ${text} } }`,
    );
    expect(one).toMatchObject({ __typename: 'WorkspaceLocationEntry', versionKey: 'lab-2' });
    expect(none).toMatchObject({ __typename: 'RepositoryLocationNotFound' });

    harness.codeLocations.reloaded.length = 0;
    const { reloadWorkspace } = await ask<{ reloadWorkspace: { locationEntries: { name: string }[] } }>(
      'mutation { reloadWorkspace { ... on Workspace { locationEntries { name } } } }',
    );
    expect(reloadWorkspace.locationEntries.map(({ name }) => name)).toEqual(['broken', 'lab', 'shop']);
    expect(harness.codeLocations.reloaded.sort()).toEqual(['broken', 'lab', 'shop']);
  });

  test('pools get limits, show them and lose them', async () => {
    const limits = async () =>
      (
        await ask<{ instance: { concurrencyLimits: unknown[] } }>(
          '{ instance { concurrencyLimits { concurrencyKey limit slotCount activeSlotCount } } }',
        )
      ).instance.concurrencyLimits;
    await ask('mutation { setConcurrencyLimit(concurrencyKey: "warehouse", limit: 3) }');
    expect(await limits()).toEqual([
      { concurrencyKey: 'warehouse', limit: 3, slotCount: 3, activeSlotCount: 0 },
    ]);
    await ask('mutation { deleteConcurrencyLimit(concurrencyKey: "warehouse") }');
    expect(await limits()).toEqual([]);
    const refused = await harness.graphql(
      'mutation { setConcurrencyLimit(concurrencyKey: "warehouse", limit: 1001) }',
    );
    expect(refused.errors?.[0]?.message).toContain('0 to 1000');
  });

  test('daemons are healthy while nothing is due', async () => {
    const { instance } = await ask<{
      instance: { daemonHealth: { allDaemonStatuses: { daemonType: string; healthy: boolean }[] } };
    }>(
      '{ instance { daemonHealth { allDaemonStatuses { daemonType healthy lastHeartbeatErrors { message } } } } }',
    );
    expect(instance.daemonHealth.allDaemonStatuses.map(({ daemonType }) => daemonType)).toEqual([
      'SCHEDULER',
      'SENSOR',
      'BACKFILL',
      'QUEUED_RUN_COORDINATOR',
      'MONITORING',
      'ASSET',
      'FRESHNESS',
    ]);
    expect(instance.daemonHealth.allDaemonStatuses.filter(({ healthy }) => !healthy)).toEqual([]);
    const unknown = await harness.graphql(
      '{ instance { daemonHealth { daemonStatus(daemonType: "X") { healthy } } } }',
    );
    expect(unknown.errors?.[0]?.message).toContain("no daemon 'X'");
  });

  test.each([
    ['all', true],
    ['dequeue', false],
  ])('automation is paused while the instance is, with scope %s: %s', async (scope, paused) => {
    const asked = async () =>
      (await ask<{ instance: object }>('{ instance { autoMaterializePaused } }')).instance;
    expect(await asked()).toEqual({ autoMaterializePaused: false });
    await harness.rest('POST', '/api/instance/pause', { body: { scope } });
    const told = await asked();
    await harness.rest('POST', '/api/instance/resume');
    expect(told).toEqual({ autoMaterializePaused: paused });
  });

  test('dynamic partitions are added once, and deleted', async () => {
    const add = async (key: string) =>
      (
        await ask<{ addDynamicPartition: unknown }>(
          `mutation { addDynamicPartition(repositorySelector: ${REPOSITORY}, partitionsDefName: "customers", partitionKey: "${key}") {
            __typename ... on AddDynamicPartitionSuccess { partitionKey } ... on DuplicateDynamicPartitionError { partitionName } } }`,
        )
      ).addDynamicPartition;
    expect(await add('acme')).toEqual({ __typename: 'AddDynamicPartitionSuccess', partitionKey: 'acme' });
    expect(await add('acme')).toEqual({
      __typename: 'DuplicateDynamicPartitionError',
      partitionName: 'acme',
    });
    const refused = await ask<{ addDynamicPartition: { message: string } }>(
      `mutation { addDynamicPartition(repositorySelector: ${REPOSITORY}, partitionsDefName: "costumers", partitionKey: "acme") { ... on PythonError { message } } }`,
    );
    expect(refused.addDynamicPartition.message).toContain(
      "Code location 'shop' has no dynamic partitions 'costumers'; it has customers.",
    );
    const { assetNodeOrError } = await ask<{ assetNodeOrError: unknown }>(
      '{ assetNodeOrError(assetKey: {path: ["raw", "customers"]}) { ... on AssetNode { partitionKeys } } }',
    );
    expect(assetNodeOrError).toEqual({ partitionKeys: ['acme'] });
    await ask(
      `mutation { deleteDynamicPartitions(repositorySelector: ${REPOSITORY}, partitionsDefName: "customers", partitionKeys: ["acme"]) { __typename } }`,
    );
    expect(await harness.storage.dynamicPartitionKeys('shop', 'customers')).toEqual([]);
  });

  test('what was made of a dynamic partition is forgotten with it when that is asked for', async () => {
    const states = async () =>
      (await harness.storage.partitionStates(['raw/customers'])).map(({ partition }) => partition);
    await harness.storage.changeDynamicPartitions('shop', 'add', 'customers', ['acme', 'initech']);
    await harness.storage.appendSystemEvents(
      null,
      ['acme', 'initech'].map((key) => aMaterialization('raw/customers', key)),
    );
    const remove = (key: string, more: string) =>
      ask(
        `mutation { deleteDynamicPartitions(repositorySelector: ${REPOSITORY}, partitionsDefName: "customers", partitionKeys: ["${key}"] ${more}) { __typename } }`,
      );
    await remove('acme', 'wipeMaterializations: true');
    expect(await states()).toEqual(['initech']);
    await remove('initech', '');
    expect(await states()).toEqual(['initech']);
  });

  test('events are reported without a run, one for each partition', async () => {
    const { reportRunlessAssetEvents } = await ask<{ reportRunlessAssetEvents: unknown }>(
      `mutation { reportRunlessAssetEvents(eventParams: {eventType: ASSET_MATERIALIZATION, assetKey: {path: ["raw", "orders"]},
        partitionKeys: ["2026-01-02", "2026-01-03"], description: "by hand"}) { ... on ReportRunlessAssetEventsSuccess { assetKeyPath } } }`,
    );
    expect(reportRunlessAssetEvents).toEqual({ assetKeyPath: ['raw', 'orders'] });
    expect(
      (await harness.storage.partitionStates(['raw/orders'])).map(({ partition }) => partition).sort(),
    ).toEqual(['2026-01-02', '2026-01-03']);
  });

  test.each([
    ['an unknown asset', '{path: ["raw", "order"]}', '', "raw/orders'"],
    ['an unknown partition', '{path: ["raw", "orders"]}', 'partitionKeys: ["2030-01-01"]', '2030-01-01'],
    [
      'a partition of what has none',
      '{path: ["reports", "orders"]}',
      'partitionKeys: ["x"]',
      'not partitioned',
    ],
  ])('an event about %s is refused', async (_what, key, partitions, words) => {
    const { reportRunlessAssetEvents } = await ask<{ reportRunlessAssetEvents: { message: string } }>(
      `mutation { reportRunlessAssetEvents(eventParams: {eventType: ASSET_OBSERVATION, assetKey: ${key} ${partitions}}) {
        __typename ... on Error { message } } }`,
    );
    expect(reportRunlessAssetEvents).toEqual({
      __typename: 'PythonError',
      message: expect.stringContaining(words),
    });
  });

  test('wiping forgets all of an asset, or the partitions of a range', async () => {
    const wipe = (selector: string) =>
      ask<{ wipeAssets: unknown }>(
        `mutation { wipeAssets(assetPartitionRanges: [${selector}]) { __typename ... on AssetWipeSuccess { assetPartitionRanges { assetKey { path } partitionRange { start end } } } ... on Error { message } } }`,
      );
    const partitions = async () =>
      (await harness.storage.partitionStates(['clean/orders'])).map(({ partition }) => partition);
    await harness.storage.appendSystemEvents(
      null,
      ['2026-01-02', '2026-01-03', '2026-01-04'].map((key) => aMaterialization('clean/orders', key)),
    );
    expect(
      await wipe(
        '{assetKey: {path: ["clean", "orders"]}, partitions: {range: {start: "2026-01-02", end: "2026-01-03"}}}',
      ),
    ).toEqual({
      wipeAssets: {
        __typename: 'AssetWipeSuccess',
        assetPartitionRanges: [
          {
            assetKey: { path: ['clean', 'orders'] },
            partitionRange: { start: '2026-01-02', end: '2026-01-03' },
          },
        ],
      },
    });
    expect(await partitions()).toEqual(['2026-01-04']);
    // Partitions that are not said are not all of them.
    const unsaid = await harness.graphql(
      'mutation { wipeAssets(assetPartitionRanges: [{assetKey: {path: ["clean", "orders"]}, partitions: {}}]) { __typename } }',
    );
    expect(unsaid.errors?.[0]?.message).toContain('give range or ranges');
    expect(await partitions()).toEqual(['2026-01-04']);
    await wipe('{assetKey: {path: ["clean", "orders"]}}');
    expect(await partitions()).toEqual([]);
    expect(await wipe('{assetKey: {path: ["clean", "odrers"]}}')).toEqual({
      wipeAssets: {
        __typename: 'AssetNotFoundError',
        message: "There is no asset 'clean/odrers', in code or in what was recorded.",
      },
    });
  });
});

test('A pool says which steps hold it, which wait, and how many runs are let beyond it', async () => {
  const step = (runId: string, stepKey: string) => ({ runId, stepKey, since: 1_500, priority: 7 });
  const pool = {
    pool: 'db',
    limit: 1,
    holders: [step('a', 'load')],
    waiters: [step('a', 'clean'), step('b', 'load'), step('b', 'clean')],
  };
  const harness = await createApiHarness({ storage: { poolStates: async () => [pool] } });
  try {
    const { data } = await harness.graphql(`{ instance {
      concurrencyLimits {
        activeSlotCount activeRunIds pendingStepCount pendingStepRunIds
        pendingSteps { runId stepKey enqueuedTimestamp assignedTimestamp priority } }
      poolConfig { opGranularityRunBuffer } } }`);

    expect(data).toEqual({
      instance: {
        concurrencyLimits: [
          {
            activeSlotCount: 1,
            activeRunIds: ['a'],
            pendingStepCount: 3,
            pendingStepRunIds: ['a', 'b'],
            pendingSteps: pool.waiters.map(({ runId, stepKey }) => ({
              runId,
              stepKey,
              enqueuedTimestamp: 1.5,
              assignedTimestamp: null,
              priority: 7,
            })),
          },
        ],
        poolConfig: { opGranularityRunBuffer: 0 },
      },
    });
  } finally {
    await harness.close();
  }
});
