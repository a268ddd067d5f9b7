import { expect, test } from '@jest/globals';
import { toCatalogNodes, toLatestRows } from '../../dashboard/src/graphql/asset-rows';

test('an asset of the catalog is read across the columns', () => {
  const [first, second] = toCatalogNodes({
    key: ['raw/orders', 'total'],
    groupName: ['raw', 'marts'],
    kinds: [['rest'], []],
    description: ['Orders.', null],
    isPartitioned: [true, false],
    isMaterializable: [true, false],
    isObservable: [false, true],
    hasMaterializePermission: [true, false],
    hasWipePermission: [true, false],
    jobNames: [['nightly'], []],
    staleStatus: ['STALE', 'FRESH'],
    dependencyKeys: [[], ['raw/orders']],
    owners: [['team:data', 'ann@example.com'], []],
    tags: [[{ key: 'tier', value: '1' }], []],
    partitionStats: [{ numMaterialized: 1, numPartitions: 2, numFailed: 0, numMaterializing: 0 }, null],
    repositoryName: ['__repository__', '__repository__'],
    repositoryLocationName: ['shop', 'bank'],
  });

  expect(first).toEqual({
    id: 'raw/orders',
    assetKey: { path: ['raw', 'orders'] },
    groupName: 'raw',
    kinds: ['rest'],
    description: 'Orders.',
    isPartitioned: true,
    isMaterializable: true,
    isObservable: false,
    hasMaterializePermission: true,
    hasWipePermission: true,
    jobNames: ['nightly'],
    staleStatus: 'STALE',
    dependencyKeys: [],
    owners: [
      { __typename: 'TeamAssetOwner', team: 'data' },
      { __typename: 'UserAssetOwner', email: 'ann@example.com' },
    ],
    tags: [{ key: 'tier', value: '1' }],
    partitionStats: { numMaterialized: 1, numPartitions: 2, numFailed: 0, numMaterializing: 0 },
    repository: { name: '__repository__', location: { name: 'shop' } },
  });
  expect(second).toMatchObject({
    id: 'total',
    dependencyKeys: [{ path: ['raw', 'orders'] }],
    partitionStats: null,
    repository: { location: { name: 'bank' } },
  });
});

test('what never happened to an asset is null, and times keep their milliseconds', () => {
  const rows = toLatestRows({
    key: ['made', 'reported', 'new'],
    materializationTime: [1_780_000_000.123, 1_780_000_000, null],
    materializationRunId: ['r1', null, null],
    latestRunId: ['r2', null, null],
    latestRunStatus: ['STARTED', null, null],
    latestRunStartTime: [1_780_000_060, null, null],
    latestRunEndTime: [null, null, null],
    unstartedRunIds: [[], [], []],
    inProgressRunIds: [['r2'], [], []],
  });

  expect(rows).toEqual([
    {
      assetKey: { path: ['made'] },
      latestMaterialization: { timestamp: '1780000000123', runId: 'r1' },
      unstartedRunIds: [],
      inProgressRunIds: ['r2'],
      latestRun: { id: 'r2', runId: 'r2', status: 'STARTED', startTime: 1_780_000_060, endTime: null },
    },
    {
      assetKey: { path: ['reported'] },
      latestMaterialization: { timestamp: '1780000000000', runId: '' },
      unstartedRunIds: [],
      inProgressRunIds: [],
      latestRun: null,
    },
    {
      assetKey: { path: ['new'] },
      latestMaterialization: null,
      unstartedRunIds: [],
      inProgressRunIds: [],
      latestRun: null,
    },
  ]);
});
