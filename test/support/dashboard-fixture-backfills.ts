/** Made-up backfills for the dashboard's tests: one that runs, one that is paused, two that ended. */

export interface FixtureBackfill {
  id: string;
  status: string;
  isPaused: boolean;
  jobName: string | null;
  assets: string[] | null;
  title: string | null;
  cause: string | null;
  /** Epoch s. */
  creationTime: number;
  endTime: number | null;
  estimatedEndTime: number | null;
  user: string | null;
  tags: { key: string; value: string }[];
  targets: { asset: string | null; status: string; partitions: string[] }[];
}

const day = (index: number) => new Date(Date.UTC(2026, 0, 1 + index)).toISOString().slice(0, 10);
const days = (from: number, to: number) => Array.from({ length: to - from }, (_, index) => day(from + index));

export const runningBackfillId = 'qkzmtwpa';
export const failedBackfillId = 'hbrnvcxe';

export function makeBackfills(now: number): FixtureBackfill[] {
  const seconds = now / 1_000;
  return [
    {
      id: runningBackfillId,
      status: 'REQUESTED',
      isPaused: false,
      jobName: null,
      assets: ['raw/earthquakes', 'stg_earthquakes', 'mart_seismic_daily'],
      title: 'After the outage of the feed',
      cause: null,
      creationTime: seconds - 1_500,
      endTime: null,
      estimatedEndTime: seconds + 1_620,
      user: 'mara@example.com',
      tags: [
        { key: 'team', value: 'analytics' },
        { key: 'dagster/priority', value: '-1' },
        { key: 'user', value: 'mara@example.com' },
      ],
      targets: [
        { asset: 'raw/earthquakes', status: 'SUCCESS', partitions: days(0, 64) },
        { asset: 'raw/earthquakes', status: 'FAILED', partitions: days(64, 66) },
        { asset: 'raw/earthquakes', status: 'REQUESTED', partitions: days(66, 74) },
        { asset: 'raw/earthquakes', status: 'PENDING', partitions: days(74, 120) },
        { asset: 'stg_earthquakes', status: 'SUCCESS', partitions: days(0, 58) },
        { asset: 'stg_earthquakes', status: 'REQUESTED', partitions: days(58, 62) },
        { asset: 'stg_earthquakes', status: 'PENDING', partitions: days(62, 120) },
        { asset: 'mart_seismic_daily', status: 'SUCCESS', partitions: days(30, 50) },
        { asset: 'mart_seismic_daily', status: 'PENDING', partitions: days(50, 120) },
      ],
    },
    {
      id: 'wplsdjfo',
      status: 'REQUESTED',
      isPaused: true,
      jobName: 'ingest_flights',
      assets: null,
      title: null,
      cause: null,
      creationTime: seconds - 9_000,
      endTime: null,
      estimatedEndTime: null,
      user: 'jo@example.com',
      tags: [{ key: 'user', value: 'jo@example.com' }],
      targets: [
        { asset: null, status: 'SUCCESS', partitions: days(0, 12) },
        { asset: null, status: 'PENDING', partitions: days(12, 40) },
      ],
    },
    {
      id: failedBackfillId,
      status: 'COMPLETED_FAILED',
      isPaused: false,
      jobName: null,
      assets: ['raw/earthquakes', 'stg_earthquakes'],
      title: null,
      cause: null,
      creationTime: seconds - 90_000,
      endTime: seconds - 86_000,
      estimatedEndTime: null,
      user: null,
      tags: [{ key: 'dagster/schedule_name', value: 'nightly_dbt' }],
      targets: [
        { asset: 'raw/earthquakes', status: 'SUCCESS', partitions: days(0, 176) },
        { asset: 'raw/earthquakes', status: 'FAILED', partitions: days(176, 180) },
        { asset: 'stg_earthquakes', status: 'SUCCESS', partitions: days(0, 176) },
        { asset: 'stg_earthquakes', status: 'BLOCKED', partitions: days(176, 180) },
      ],
    },
    {
      id: 'ndmwoqxb',
      status: 'CANCELED',
      isPaused: false,
      jobName: null,
      assets: ['raw/weather'],
      title: 'Whole history',
      cause: 'Canceled by jo@example.com through the dashboard.',
      creationTime: seconds - 200_000,
      endTime: seconds - 199_100,
      estimatedEndTime: null,
      user: 'jo@example.com',
      tags: [{ key: 'user', value: 'jo@example.com' }],
      targets: [
        { asset: 'raw/weather', status: 'SUCCESS', partitions: days(0, 90) },
        { asset: 'raw/weather', status: 'SKIPPED', partitions: days(90, 92) },
        { asset: 'raw/weather', status: 'CANCELED', partitions: days(92, 300) },
      ],
    },
  ];
}

const keyOf = (asset: string | null) => (asset === null ? null : { path: asset.split('/') });

export function toBackfill(backfill: FixtureBackfill, now: number) {
  const { targets, assets } = backfill;
  return {
    __typename: 'PartitionBackfill',
    ...backfill,
    timestamp: backfill.creationTime,
    isAssetBackfill: assets !== null,
    assetSelection: assets?.map(keyOf) ?? null,
    locationNames: ['orchestration'],
    fromFailure: false,
    error: null,
    isCancelable: backfill.status === 'REQUESTED',
    hasCancelPermission: true,
    hasResumePermission: true,
    numCancelable: targets
      .filter(({ status }) => status === 'REQUESTED')
      .reduce((sum, { partitions }) => sum + partitions.length, 0),
    targetCounts: targets.map(({ asset, status, partitions }) => ({
      assetKey: keyOf(asset),
      status,
      count: partitions.length,
    })),
    targets: targets.map(({ asset, status, partitions }) => ({
      assetKey: keyOf(asset),
      status,
      partitionNames: partitions,
    })),
    logEvents: {
      events: [
        'Launched by mara@example.com through the dashboard.',
        'Requested 24 partitions of raw/earthquakes by 24 runs.',
        'Waits for 8 runs before more can be requested.',
        'Code location orchestration did not answer: tried again in 10 s.',
      ].map((message, index) => ({
        timestamp: String(now - 1_400_000 + index * 61_000),
        level: index === 3 ? 'ERROR' : 'INFO',
        message,
      })),
      cursor: '4',
      hasMore: false,
    },
  };
}

/** The queries and mutations of backfills, over a list that they change. */
export function backfillRoot(
  state: { readonly now: number; readonly backfills: FixtureBackfill[] },
  refuse: (name: string) => object | undefined,
) {
  const find = (id: string) => state.backfills.find((each) => each.id === id);
  const missing = (backfillId: string) => ({
    __typename: 'BackfillNotFoundError',
    backfillId,
    message: `There is no backfill '${backfillId}'.`,
  });
  const change =
    (name: string, success: string, apply: (backfill: FixtureBackfill, args: { priority: number }) => void) =>
    ({ backfillId, ...args }: { backfillId: string; priority: number }) => {
      const refused = refuse(name);
      const backfill = find(backfillId);
      if (refused || !backfill) return refused ?? missing(backfillId);
      apply(backfill, args);
      return { __typename: success, backfillId };
    };
  const launch = (copy: Partial<FixtureBackfill>) => {
    const [first] = makeBackfills(state.now);
    if (!first) throw new Error('the fixture has no backfills');
    const id = 'newlymad';
    state.backfills.unshift({ ...first, ...copy, id, creationTime: state.now / 1_000 });
    return { __typename: 'LaunchBackfillSuccess', backfillId: id, launchedRunIds: [] };
  };
  return {
    partitionBackfillsOrError: ({ limit }: { limit?: number }) => ({
      __typename: 'PartitionBackfills',
      results: state.backfills.slice(0, limit ?? 100).map((each) => toBackfill(each, state.now)),
    }),
    partitionBackfillOrError: ({ backfillId }: { backfillId: string }) => {
      const found = find(backfillId);
      return found ? toBackfill(found, state.now) : missing(backfillId);
    },
    partitionBackfillPreviewOrError: ({
      backfillParams: { partitionNames, allPartitions },
    }: {
      backfillParams: { partitionNames?: string[]; allPartitions?: boolean };
    }) => {
      const count = allPartitions ? 300 : (partitionNames?.length ?? 0);
      return { __typename: 'PartitionBackfillPreview', numRuns: count, numPartitions: count };
    },
    launchPartitionBackfill: () => refuse('launchPartitionBackfill') ?? launch({}),
    reexecutePartitionBackfill: ({ reexecutionParams }: { reexecutionParams: { parentRunId: string } }) => {
      const parent = find(reexecutionParams.parentRunId);
      return launch(parent ? { assets: parent.assets, jobName: parent.jobName } : {});
    },
    cancelPartitionBackfill: change('cancelPartitionBackfill', 'CancelBackfillSuccess', (backfill) => {
      backfill.status = 'CANCELING';
    }),
    pausePartitionBackfill: change('pausePartitionBackfill', 'PauseBackfillSuccess', (backfill) => {
      backfill.isPaused = true;
    }),
    resumePartitionBackfill: change('resumePartitionBackfill', 'ResumeBackfillSuccess', (backfill) => {
      backfill.isPaused = false;
      backfill.status = 'REQUESTED';
    }),
    prioritizePartitionBackfill: change(
      'prioritizePartitionBackfill',
      'PrioritizeBackfillSuccess',
      (backfill, { priority }) => {
        backfill.tags = [
          ...backfill.tags.filter(({ key }) => key !== 'dagster/priority'),
          { key: 'dagster/priority', value: String(priority) },
        ];
      },
    ),
  };
}
