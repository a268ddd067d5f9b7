/** Made-up answers of the API for the dashboard's tests: a small instance in the middle of a day. */
import { automatedAssets, automationSensorName, conditionOf } from './dashboard-fixture-automation';
import { type FixtureBackfill, makeBackfills } from './dashboard-fixture-backfills';
import { createDeploymentState, type DeploymentState, usedSolids } from './dashboard-fixture-deployment';

export interface FixtureRun {
  runId: string;
  status: string;
  jobName: string;
  tags: { key: string; value: string }[];
  /** Epoch s. */
  creationTime: number;
  startTime: number | null;
  endTime: number | null;
  assets: string[];
  /** The run that it executes again. */
  parentRunId?: string;
  /** Fields of the API's `Run` instead of those that are made up. */
  detail?: Record<string, unknown>;
}

export interface FixtureEvent {
  __typename: string;
  message: string;
  timestamp: string;
  level: string;
  stepKey: string | null;
  eventType: string | null;
  [field: string]: unknown;
}

export interface FixtureState {
  now: number;
  runs: FixtureRun[];
  events: Map<string, FixtureEvent[]>;
  schedules: Map<string, boolean>;
  sensors: Map<string, boolean>;
  /** Schedules and sensors that somebody turned on or off; in code all are on. */
  overridden: Set<string>;
  backfills: FixtureBackfill[];
  /** Operations that answer HTTP 500. */
  failing: Set<string>;
  /** Mutations that answer an error of the schema, by their message. */
  refused: Map<string, string>;
  /** Every operation that was asked for, with its variables. */
  requests: { name: string; variables: Record<string, unknown> }[];
  deployment: DeploymentState;
}

export const location = 'orchestration';
const repository = '__repository__';
/** Of assets; the others are of ops. */
const assetJob = 'ingest_github_issues';
const jobs = [assetJob, 'ingest_earthquakes', 'ingest_flights', 'dbt_intraday', 'mart_refresh'];

interface FixtureAsset {
  key: string;
  group: string;
  kinds: string[];
  upstream: string[];
  stale: string;
  partitioned?: boolean;
}

export const fixtureAssets: FixtureAsset[] = [
  { key: 'raw/github_issues', group: 'raw_github', kinds: ['rest'], upstream: [], stale: 'FRESH' },
  { key: 'raw/github_comments', group: 'raw_github', kinds: ['rest'], upstream: [], stale: 'FRESH' },
  { key: 'raw/github_pull_requests', group: 'raw_github', kinds: ['rest'], upstream: [], stale: 'FRESH' },
  {
    key: 'raw/earthquakes',
    group: 'raw_events',
    kinds: ['rest'],
    upstream: [],
    stale: 'FRESH',
    partitioned: true,
  },
  { key: 'raw/weather', group: 'raw_events', kinds: ['rest'], upstream: [], stale: 'STALE' },
  { key: 'stg_issues', group: 'staging', kinds: ['dbt'], upstream: ['raw/github_issues'], stale: 'FRESH' },
  {
    key: 'stg_comments',
    group: 'staging',
    kinds: ['dbt'],
    upstream: ['raw/github_comments'],
    stale: 'FRESH',
  },
  {
    key: 'stg_pull_requests',
    group: 'staging',
    kinds: ['dbt'],
    upstream: ['raw/github_pull_requests'],
    stale: 'STALE',
  },
  { key: 'stg_earthquakes', group: 'staging', kinds: ['dbt'], upstream: ['raw/earthquakes'], stale: 'FRESH' },
  {
    key: 'int_issue_activity',
    group: 'intermediate',
    kinds: ['dbt'],
    upstream: ['stg_issues', 'stg_comments'],
    stale: 'FRESH',
  },
  {
    key: 'int_pr_cycle_time',
    group: 'intermediate',
    kinds: ['dbt'],
    upstream: ['stg_pull_requests'],
    stale: 'STALE',
  },
  {
    key: 'mart_issue_health',
    group: 'marts',
    kinds: ['dbt'],
    upstream: ['int_issue_activity', 'int_pr_cycle_time'],
    stale: 'STALE',
  },
  {
    key: 'mart_seismic_daily',
    group: 'marts',
    kinds: ['dbt'],
    upstream: ['stg_earthquakes'],
    stale: 'FRESH',
  },
  {
    key: 'mart_contributors',
    group: 'marts',
    kinds: ['dbt'],
    upstream: ['int_issue_activity'],
    stale: 'MISSING',
  },
];

/** A run id that reads alike in every test run. */
export function fixtureRunId(index: number): string {
  const head = ((index * 2_654_435_761) % 0x1_0000_0000).toString(16).padStart(8, '0');
  return `${head}-0000-4000-8000-${String(index).padStart(12, '0')}`;
}

export const runningRunId = fixtureRunId(1);
export const failedRunId = fixtureRunId(4);

function makeRuns(now: number): FixtureRun[] {
  const seconds = now / 1_000;
  const runs: FixtureRun[] = [];
  for (let index = 1; index <= 130; index += 1) {
    const jobName = jobs[index % jobs.length] ?? 'ingest_flights';
    const creationTime = seconds - index * 310;
    const status =
      index === 1 || index === 2
        ? 'STARTED'
        : index === 3
          ? 'QUEUED'
          : index % 17 === 4
            ? 'FAILURE'
            : index === 20
              ? 'CANCELED'
              : 'SUCCESS';
    const startTime = status === 'QUEUED' ? null : creationTime + 6;
    const length = 40 + ((index * 37) % 120);
    runs.push({
      runId: fixtureRunId(index),
      status,
      jobName,
      creationTime,
      startTime,
      endTime: status === 'STARTED' || startTime === null ? null : startTime + length,
      tags: [
        { key: 'team', value: index % 2 ? 'analytics' : 'platform' },
        index % 3 === 0
          ? { key: 'user', value: 'mara@example.com' }
          : { key: 'dagster/schedule_name', value: `every_${(index % 3) * 15}_min` },
      ],
      assets: index % 4 === 0 ? ['raw/earthquakes'] : [],
      ...(index === 2 ? { parentRunId: failedRunId } : {}),
    });
  }
  return runs;
}

const steps = [
  'raw/github_repos',
  'raw/github_issues',
  'raw/github_pull_requests',
  'stg_issues',
  'stg_pull_requests',
  'mart_issue_health',
];

function event(type: string, at: number, rest: Partial<FixtureEvent>): FixtureEvent {
  return {
    __typename: type,
    message: '',
    timestamp: String(Math.round(at)),
    level: 'DEBUG',
    stepKey: null,
    eventType: null,
    ...rest,
  };
}

/** Events of a run: one step with a failed first try; the failed run fails in its third step. */
export function makeEvents(run: FixtureRun): FixtureEvent[] {
  const start = (run.startTime ?? run.creationTime) * 1_000;
  const list = [
    event('RunStartEvent', start, {
      message: `Started execution of run for "${run.jobName}".`,
      eventType: 'RUN_START',
    }),
  ];
  let at = start + 1_000;
  const captured = (step: string, attempt: number) => {
    list.push(
      event('LogsCapturedEvent', at, {
        message: `Captured the output of ${step}.`,
        eventType: 'LOGS_CAPTURED',
        stepKey: step,
        stepKeys: [step],
        fileKey: `${step}.${attempt}`,
      }),
    );
  };
  steps.slice(0, run.status === 'SUCCESS' ? 6 : 3).forEach((step, index) => {
    captured(step, 1);
    list.push(
      event('ExecutionStepStartEvent', at, {
        message: `Started execution of step "${step}".`,
        eventType: 'STEP_START',
        stepKey: step,
      }),
    );
    for (let line = 0; line < 12; line += 1) {
      list.push(
        event('LogMessageEvent', at + line * 200, {
          message: `GET /repos/dbt-labs/dbt-core/issues?page=${line + 1} 100 records`,
          level: line === 7 ? 'WARNING' : 'INFO',
          stepKey: step,
        }),
      );
    }
    at += 5_000;
    if (index === 1) {
      list.push(
        event('ExecutionStepUpForRetryEvent', at, {
          message: 'Try 1 failed: HTTP 429. Next try in 8 s.',
          eventType: 'STEP_UP_FOR_RETRY',
          stepKey: step,
        }),
      );
      at += 8_000;
      captured(step, 2);
      list.push(
        event('ExecutionStepRestartEvent', at, {
          message: 'Try 2 of 3',
          eventType: 'STEP_RESTARTED',
          stepKey: step,
        }),
      );
      at += 4_000;
    }
    if (index === 2 && run.status === 'FAILURE') {
      list.push(
        event('ExecutionStepFailureEvent', at, {
          message: `Execution of step "${step}" failed.`,
          eventType: 'STEP_FAILURE',
          level: 'ERROR',
          stepKey: step,
          error: {
            __typename: 'PythonError',
            message: 'HttpError: HTTP 502 Bad Gateway after 3 tries',
            className: 'HttpError',
            stack: [
              '    at RestClient.fetch (lib/integrations/rest/client.ts:118)\n',
              '    at pages (orchestration/resources/github.ts:41)\n',
            ],
            causes: [],
            errorChain: [],
          },
        }),
      );
      list.push(
        event('RunFailureEvent', at + 300, {
          message: `Execution of run for "${run.jobName}" failed.`,
          eventType: 'RUN_FAILURE',
          level: 'ERROR',
        }),
      );
    } else if (index < 2 || run.status === 'SUCCESS') {
      list.push(
        event('MaterializationEvent', at, {
          message: `Materialized value ${step}.`,
          eventType: 'ASSET_MATERIALIZATION',
          stepKey: step,
          level: 'DEBUG',
          label: step,
          assetKey: { path: step.split('/') },
          partition: null,
          tags: [],
          assetLineage: [],
          metadataEntries: [
            {
              __typename: 'IntMetadataEntry',
              label: 'row_count',
              description: null,
              intValue: 48_210,
              intRepr: '48210',
            },
          ],
        }),
      );
      list.push(
        event('ExecutionStepSuccessEvent', at, {
          message: `Finished execution of step "${step}".`,
          eventType: 'STEP_SUCCESS',
          stepKey: step,
        }),
      );
    }
  });
  return list;
}

export function createFixtureState(now: number): FixtureState {
  const runs = makeRuns(now);
  const events = new Map(
    [1, 4, 5].map((index) => {
      const run = runs[index - 1];
      return [fixtureRunId(index), run ? makeEvents(run) : []] as const;
    }),
  );
  return {
    now,
    runs,
    events,
    schedules: new Map([
      ['every_15_min', true],
      ['nightly_dbt', true],
      ['segments_rebuild', false],
    ]),
    sensors: new Map([
      ['on_github_loaded', true],
      ['new_files', false],
      [automationSensorName, true],
    ]),
    overridden: new Set(['segments_rebuild']),
    backfills: makeBackfills(now),
    failing: new Set(),
    refused: new Map(),
    requests: [],
    deployment: createDeploymentState(now, { first: fixtureRunId(1), second: fixtureRunId(2) }),
  };
}

const origin = {
  id: 'origin',
  repositoryName: repository,
  repositoryLocationName: location,
  repositoryLocationMetadata: [],
};

export function stepStats(run: FixtureRun) {
  if (run.startTime === null) return [];
  const start = run.startTime;
  const done = run.status === 'SUCCESS';
  const at = (from: number, to: number | null) => ({
    startTime: start + from,
    endTime: to === null ? null : start + to,
  });
  const third = run.status === 'STARTED' ? 'IN_PROGRESS' : done ? 'SUCCESS' : 'FAILURE';
  return [
    {
      runId: run.runId,
      stepKey: steps[0],
      status: 'SUCCESS',
      ...at(1, 6),
      attempts: [at(1, 6)],
      markers: [],
    },
    {
      runId: run.runId,
      stepKey: steps[1],
      status: 'SUCCESS',
      ...at(6, 23),
      attempts: [at(6, 11), at(19, 23)],
      markers: [],
    },
    {
      runId: run.runId,
      stepKey: steps[2],
      status: third,
      ...at(23, third === 'IN_PROGRESS' ? null : 28),
      attempts: [at(23, third === 'IN_PROGRESS' ? null : 28)],
      markers: [],
    },
    ...(done
      ? [
          {
            runId: run.runId,
            stepKey: steps[3],
            status: 'SUCCESS',
            ...at(28, 39),
            attempts: [at(28, 39)],
            markers: [],
          },
        ]
      : third === 'FAILURE'
        ? [
            {
              runId: run.runId,
              stepKey: steps[4],
              status: 'SKIPPED',
              startTime: null,
              endTime: null,
              attempts: [],
              markers: [],
            },
          ]
        : []),
  ];
}

export function toRun(run: FixtureRun) {
  const finished = run.endTime !== null;
  return {
    __typename: 'Run',
    id: run.runId,
    ...run,
    pipelineName: run.jobName,
    updateTime: run.endTime ?? run.startTime ?? run.creationTime,
    canTerminate: !finished,
    hasReExecutePermission: true,
    hasDeletePermission: true,
    hasTerminatePermission: true,
    assetSelection: run.assets.map((key) => ({ path: key.split('/') })),
    assetSelectionCount: run.assets.length,
    repositoryOrigin: origin,
    allPools: ['snowflake'],
    rootRunId: run.parentRunId ?? null,
    parentRunId: run.parentRunId ?? null,
    stepStats: () => stepStats(run),
    runConfigYaml: 'ops:\n  raw/github_issues:\n    config:\n      page_size: 100\n',
    executionPlan: {
      steps: steps.map((key, index) => ({
        key,
        kind: 'COMPUTE',
        inputs: index < 3 ? [] : [{ name: 'in', dependsOn: [{ key: steps[index - (index === 5 ? 2 : 2)] }] }],
      })),
    },
    ...run.detail,
  };
}

export function toAssetNode(asset: FixtureAsset, now: number) {
  const keys = asset.partitioned
    ? Array.from({ length: 300 }, (_, index) =>
        new Date(Date.UTC(2026, 0, 1 + index)).toISOString().slice(0, 10),
      )
    : [];
  const pathOf = (key: string) => ({ path: key.split('/') });
  return {
    __typename: 'AssetNode',
    id: `asset:${asset.key}`,
    assetKey: pathOf(asset.key),
    groupName: asset.group,
    automationCondition: conditionOf(asset.key),
    kinds: asset.kinds,
    description: `Rows of ${asset.key}, loaded every 15 minutes.`,
    isPartitioned: asset.partitioned ?? false,
    isMaterializable: true,
    isObservable: false,
    hasMaterializePermission: true,
    hasWipePermission: true,
    definitionSource: 'orchestration/index.ts:12',
    freshnessStatusInfo: {
      freshnessStatus: asset.key === 'raw/weather' ? 'DEGRADED' : 'HEALTHY',
      since: null,
    },
    internalFreshnessPolicy: asset.key.startsWith('raw/')
      ? { __typename: 'TimeWindowFreshnessPolicy', failWindowSeconds: 86_400, warnWindowSeconds: 43_200 }
      : null,
    jobNames: asset.group === 'raw_github' || asset.group === 'staging' ? [assetJob] : [],
    pools: ['snowflake'],
    opVersion: '3ac91f',
    staleStatus: asset.stale,
    staleCauses:
      asset.stale === 'STALE'
        ? [
            {
              reason: 'has a newer materialization',
              key: pathOf(asset.key),
              dependency: asset.upstream[0] ? pathOf(asset.upstream[0]) : null,
              category: 'DATA',
            },
          ]
        : [],
    dependencyKeys: asset.upstream.map(pathOf),
    dependedByKeys: fixtureAssets
      .filter((each) => each.upstream.includes(asset.key))
      .map((each) => pathOf(each.key)),
    owners: [{ __typename: 'TeamAssetOwner', team: asset.group === 'marts' ? 'analytics' : 'data-platform' }],
    tags: [{ key: 'tier', value: '1' }],
    partitionDefinition: asset.partitioned
      ? {
          description: 'Daily, since 2026-01-01.',
          type: 'TIME_WINDOW',
          dimensionTypes: [],
          name: null,
          fmt: null,
        }
      : null,
    partitionKeys: keys,
    partitionStats: asset.partitioned
      ? { numMaterialized: 290, numPartitions: 300, numFailed: 2, numMaterializing: 1 }
      : null,
    assetPartitionStatuses: asset.partitioned
      ? {
          __typename: 'TimePartitionStatuses',
          ranges: [
            { startKey: keys[0], endKey: keys[99], status: 'MATERIALIZED', startTime: 0, endTime: 0 },
            { startKey: keys[107], endKey: keys[250], status: 'MATERIALIZED', startTime: 0, endTime: 0 },
            { startKey: keys[251], endKey: keys[252], status: 'FAILED', startTime: 0, endTime: 0 },
            { startKey: keys[253], endKey: keys[298], status: 'MATERIALIZED', startTime: 0, endTime: 0 },
            { startKey: keys[299], endKey: keys[299], status: 'MATERIALIZING', startTime: 0, endTime: 0 },
          ],
        }
      : {
          __typename: 'DefaultPartitionStatuses',
          materializedPartitions: [],
          failedPartitions: [],
          unmaterializedPartitions: [],
          materializingPartitions: [],
        },
    repository: { id: 'repository', name: repository, location: { id: location, name: location } },
    assetChecksOrError: {
      __typename: 'AssetChecks',
      checks: ['has_rows', 'no_duplicate_ids', 'row_count_vs_median'].map((name, index) => ({
        name,
        assetKey: pathOf(asset.key),
        description: `Checks ${name}.`,
        blocking: index === 0,
        jobNames: [],
        canExecuteIndividually: 'CAN_EXECUTE',
        executionForLatestMaterialization: {
          id: `${asset.key}:${name}`,
          runId: fixtureRunId(5),
          status: index === 2 ? 'FAILED' : 'SUCCEEDED',
          timestamp: now / 1_000 - 1_000,
          evaluation: {
            severity: index === 2 ? 'WARN' : 'ERROR',
            description: index === 2 ? '−61 % on 2026-11-14' : '124 rows',
            success: index !== 2,
            timestamp: 0,
            checkName: name,
            assetKey: pathOf(asset.key),
            metadataEntries: [],
          },
        },
      })),
    },
  };
}

export function toMaterializations(asset: FixtureAsset, now: number) {
  if (asset.stale === 'MISSING') return [];
  return Array.from({ length: 48 }, (_, index) => {
    const rows = Math.round(340 + 60 * Math.sin(index / 3) + ((index * 7) % 23) + (index === 20 ? 420 : 0));
    return event('MaterializationEvent', now - index * 3_600_000 - 900_000, {
      runId: fixtureRunId(5 + index),
      partition: asset.partitioned
        ? new Date(Date.UTC(2026, 9, 27 - index)).toISOString().slice(0, 10)
        : null,
      stepKey: asset.key,
      metadataEntries: [
        {
          __typename: 'IntMetadataEntry',
          label: 'row_count',
          description: null,
          intValue: rows,
          intRepr: String(rows),
        },
        {
          __typename: 'IntMetadataEntry',
          label: 'bytes',
          description: null,
          intValue: rows * 620,
          intRepr: String(rows * 620),
        },
        { __typename: 'TextMetadataEntry', label: 'table', description: null, text: 'RAW.EARTHQUAKES' },
        {
          __typename: 'TableColumnLineageMetadataEntry',
          label: 'column_lineage',
          description: null,
          lineage: [
            {
              columnName: 'magnitude',
              columnDeps: [{ assetKey: { path: ['raw', 'weather'] }, columnName: 'mag' }],
            },
          ],
        },
        {
          __typename: 'TableSchemaMetadataEntry',
          label: 'columns',
          description: null,
          schema: {
            columns: [
              {
                name: 'id',
                type: 'VARCHAR',
                description: null,
                tags: [],
                constraints: { nullable: false, unique: true, other: [] },
              },
              {
                name: 'magnitude',
                type: 'FLOAT',
                description: 'Moment magnitude.',
                tags: [],
                constraints: { nullable: true, unique: false, other: [] },
              },
            ],
            constraints: null,
          },
        },
      ],
      tags: [],
      assetLineage: [],
      label: asset.key,
    });
  });
}

const crons: Record<string, [string, string, string]> = {
  every_15_min: ['*/15 * * * *', 'UTC', 'ingest_github_issues'],
  nightly_dbt: ['30 2 * * *', 'Europe/Berlin', 'dbt_intraday'],
  segments_rebuild: ['0 3 * * 0', 'UTC', 'mart_refresh'],
};

/** Ticks that there are of each. */
const KEPT_TICKS = 100;

interface TicksArgs {
  readonly limit?: number;
  readonly statuses?: readonly string[] | null;
  readonly cursor?: string | null;
}

export function toTicks(name: string, now: number, { limit = 20, statuses, cursor }: TicksArgs) {
  return Array.from({ length: KEPT_TICKS }, (_, index) => {
    const status =
      index % 9 === 4
        ? 'SKIPPED'
        : name === 'nightly_dbt' && index === 0
          ? 'FAILURE'
          : index === 13
            ? 'FAILURE'
            : 'SUCCESS';
    const timestamp = Math.floor(now / 900_000) * 900 - index * 900;
    return {
      id: `${name}:${index}`,
      tickId: String(1_000 - index),
      status,
      timestamp,
      endTimestamp: timestamp + 1.4,
      runIds: status === 'SUCCESS' ? [fixtureRunId(index + 1)] : [],
      runKeys: [],
      skipReason: status === 'SKIPPED' ? 'Open-Meteo is in maintenance until 21:30' : null,
      error:
        status === 'FAILURE'
          ? {
              __typename: 'PythonError',
              message: 'TypeError: cannot read “forecast” of undefined',
              className: 'TypeError',
              stack: ['    at weather.ts:22\n'],
              causes: [],
              errorChain: [],
            }
          : null,
      cursor: null,
    };
  })
    .filter((tick) => !statuses || statuses.includes(tick.status))
    .filter((tick) => !cursor || Number(tick.tickId) < Number(cursor))
    .slice(0, limit);
}

export function toSchedule(name: string, state: FixtureState) {
  const [cronSchedule, executionTimezone, pipelineName] = crons[name] ?? ['0 0 * * *', 'UTC', 'mart_refresh'];
  const next = (Math.floor(state.now / 900_000) + 1) * 900;
  return {
    __typename: 'Schedule',
    id: `schedule:${name}`,
    name,
    description: null,
    cronSchedule,
    executionTimezone,
    pipelineName,
    defaultStatus: 'RUNNING',
    canReset: () => state.overridden.has(name),
    assetSelection: () => ({
      assetKeys: fixtureAssets.slice(0, 11).map(({ key }) => ({ path: key.split('/') })),
    }),
    scheduleState: {
      __typename: 'InstigationState',
      id: `state:${name}`,
      name,
      status: () => (state.schedules.get(name) ? 'RUNNING' : 'STOPPED'),
      expectedTicks: [{ timestamp: next - (name === 'nightly_dbt' ? 3_600 : 0) }],
      missedTicks: ({ cursor }: { cursor?: number | null }) =>
        [
          {
            timestamp: state.now / 1_000 - 3_600,
            reason:
              'Nothing evaluated it before the next tick was due: the scheduler was not running, or too late.',
          },
        ].filter(({ timestamp }) => !cursor || timestamp < cursor),
      hasStartPermission: true,
      hasStopPermission: true,
      ticks: (args: TicksArgs) => toTicks(name, state.now, args),
      runsCount: 40,
      runs: ({ limit = 25 }: { limit?: number }) => state.runs.slice(0, limit).map(toRun),
    },
    futureTicks: { results: [0, 1, 2, 3].map((index) => ({ timestamp: next + index * 900 })), cursor: 0 },
  };
}

export function toSensor(name: string, state: FixtureState) {
  return {
    __typename: 'Sensor',
    id: `sensor:${name}`,
    name,
    description: 'Starts a run when something new is there.',
    sensorType:
      name === automationSensorName ? 'AUTOMATION' : name === 'new_files' ? 'STANDARD' : 'RUN_STATUS',
    defaultStatus: 'RUNNING',
    canReset: () => state.overridden.has(name),
    minIntervalSeconds: 30,
    eventSource: null,
    targets: [{ pipelineName: 'mart_refresh', mode: 'default', solidSelection: null }],
    metadata: {
      assetKeys:
        name === automationSensorName ? automatedAssets.map((key) => ({ path: key.split('/') })) : null,
    },
    nextTick: { timestamp: state.now / 1_000 + 12 },
    sensorState: {
      __typename: 'InstigationState',
      id: `state:${name}`,
      name,
      status: () => (state.sensors.get(name) ? 'RUNNING' : 'STOPPED'),
      hasStartPermission: true,
      hasStopPermission: true,
      typeSpecificData: {
        __typename: 'SensorData',
        lastCursor: '2026-11-23T14:30:00Z',
        lastTickTimestamp: null,
        lastRunKey: null,
      },
      ticks: (args: TicksArgs) => toTicks(name, state.now, args),
      runsCount: 40,
      runs: ({ limit = 25 }: { limit?: number }) => state.runs.slice(0, limit).map(toRun),
    },
  };
}

export function toRepository(state: FixtureState) {
  const schedules = [...state.schedules.keys()].map((name) => toSchedule(name, state));
  const sensors = [...state.sensors.keys()].map((name) => toSensor(name, state));
  return {
    id: 'repository',
    name: repository,
    location: { id: location, name: location },
    schedules,
    sensors,
    assetNodes: fixtureAssets.map((asset) => toAssetNode(asset, state.now)),
    usedSolids,
    jobs: jobs.map((name) => toJob(name, state, schedules, sensors)),
  };
}

/** Newest first: days, and days by region. */
function jobPartitionKeys(name: string): string[] {
  const days = Array.from({ length: 60 }, (_, index) =>
    new Date(Date.UTC(2026, 10, 23 - index)).toISOString().slice(0, 10),
  );
  if (name === 'ingest_earthquakes') return days;
  if (name === 'ingest_flights')
    return days.flatMap((day) => ['us', 'eu'].map((region) => `${day}|${region}`));
  return [];
}

export const fixtureConfigYaml = (pageSize: number): string =>
  `ops:\n  raw/github_issues:\n    config:\n      page_size: ${pageSize}\n`;

function partitionTags(key: string) {
  const [day = '', region] = key.split('|');
  const tags = [{ key: 'dagster/partition', value: key }];
  return region === undefined
    ? tags
    : [
        ...tags,
        { key: 'dagster/partition/region', value: region },
        { key: 'dagster/partition/day', value: day },
      ];
}

const opDefinition = (name: string) => ({
  __typename: 'SolidDefinition',
  name,
  description: `Makes ${name} from what came before.`,
  metadata: [],
  pools: ['snowflake'],
  requiredResources: [{ resourceKey: 'snowflake' }],
});

interface FixtureOp {
  readonly name: string;
  readonly definition?: string;
  readonly from?: readonly string[];
  readonly isDynamic?: boolean;
  readonly isMapped?: boolean;
  readonly collects?: boolean;
}

/** Ops of `dbt_intraday`: two nested graphs, one in the other, and one that runs for each key. */
const nestedOps: readonly FixtureOp[] = [
  { name: 'list_tables', isDynamic: true },
  { name: 'load_table', from: ['list_tables'], isMapped: true },
  { name: 'summarize', from: ['load_table'], collects: true },
  { name: 'transform.parse', definition: 'dbt_parse', from: ['summarize'] },
  { name: 'transform.models.staging', definition: 'dbt_build', from: ['transform.parse'] },
  { name: 'transform.models.marts', definition: 'dbt_build', from: ['transform.models.staging'] },
  { name: 'transform.document', from: ['transform.models.marts'] },
  { name: 'notify', from: ['transform.document'] },
];

/** Ops of `mart_refresh`: as many as a big job has. */
const manyOps: readonly FixtureOp[] = Array.from({ length: 500 }, (_, index) => ({
  name: `${index % 2 ? 'left' : 'right'}.load_${index}`,
  from: index < 8 ? [] : [`${index % 2 ? 'left' : 'right'}.load_${index - 8}`],
}));

function fixtureOps(job: string) {
  const plain = steps.map(
    (name, index): FixtureOp => ({ name, from: index < 3 ? [] : [steps[index - 2] ?? ''] }),
  );
  const ops = job === 'dbt_intraday' ? nestedOps : job === 'mart_refresh' ? manyOps : plain;
  return ops.map(
    ({ name, definition = name, from = [], isDynamic = false, isMapped = false, collects = false }) => ({
      name,
      isDynamicMapped: isMapped,
      definitionSource: 'orchestration/index.ts:40',
      retryPolicy: { maxRetries: 3, delaySeconds: 10, backoff: 'EXPONENTIAL', jitter: null },
      definition: opDefinition(definition),
      outputs: [{ definition: { name: 'result', description: null, isDynamic } }],
      inputs: from.map((each, index) => ({
        isDynamicCollect: collects,
        definition: {
          name: `in${index}`,
          description: null,
          type: { __typename: 'RegularDagsterType', isNothing: false },
        },
        dependsOn: [{ definition: { name: 'result', isDynamic: false }, solid: { name: each } }],
      })),
    }),
  );
}

export function toJob(
  name: string,
  state: FixtureState,
  schedules: { pipelineName: string }[],
  sensors: unknown[],
) {
  return {
    id: `job:${name}`,
    name,
    description: `What ${name.replaceAll('_', ' ')} needs, in one run.`,
    isJob: true,
    isAssetJob: name === assetJob,
    hasLaunchExecutionPermission: true,
    tags: [{ key: 'team', value: 'analytics' }],
    schedules: schedules.filter((schedule) => schedule.pipelineName === name),
    sensors: name === 'mart_refresh' ? sensors : [],
    runs: ({ limit }: { limit?: number }) =>
      state.runs
        .filter((run) => run.jobName === name)
        .slice(0, limit ?? 10)
        .map(toRun),
    runTags: [{ key: 'tier', value: 'nightly' }],
    modes: [
      {
        id: 'default',
        resources: [{ name: 'snowflake', description: 'The warehouse that everything goes to.' }],
      },
    ],
    solids: fixtureOps(name),
    partition: ({ partitionName }: { partitionName: string }) =>
      jobPartitionKeys(name).includes(partitionName)
        ? {
            name: partitionName,
            tagsOrError: { __typename: 'PartitionTags', results: partitionTags(partitionName) },
            runConfigOrError: {
              __typename: 'PartitionRunConfig',
              // Flights are read by as many as the day of the month says.
              yaml: fixtureConfigYaml(name === 'ingest_flights' ? Number(partitionName.slice(8, 10)) : 100),
            },
          }
        : null,
    partitionKeysOrError: ({ limit }: { limit?: number }) => ({
      __typename: 'PartitionKeys',
      partitionKeys: jobPartitionKeys(name).slice(0, limit),
    }),
  };
}

const config = (properties: Record<string, unknown>, required: string[] = []) => ({
  type: 'object',
  properties: { config: { type: 'object', properties, required, additionalProperties: false } },
  required: required.length > 0 ? ['config'] : [],
  additionalProperties: false,
});

/** What the run config of every job of the fixture may hold. */
export const fixtureConfigSchema = {
  type: 'object',
  properties: {
    ops: {
      type: 'object',
      properties: {
        'raw/github_issues': config({
          repositories: { type: 'array', items: { type: 'string' }, default: ['dbt-labs/dbt-core'] },
          since: { type: 'string', description: 'Empty = the stored cursor' },
          page_size: { type: 'integer', minimum: 1, maximum: 100, default: 100 },
          mode: { type: 'string', enum: ['incremental', 'full', 'backfill'], default: 'incremental' },
          include_bots: { type: 'boolean', default: false },
        }),
        'raw/github_comments': config({
          batch_rows: { type: 'integer', minimum: 1_000, maximum: 200_000, default: 50_000 },
          on_schema_change: {
            type: 'string',
            enum: ['append_columns', 'fail', 'ignore'],
            default: 'append_columns',
            description: 'What to do when the API returns a column that the table lacks.',
          },
        }),
      },
      required: [],
      additionalProperties: false,
    },
    resources: {
      type: 'object',
      properties: { snowflake: config({ warehouse: { type: 'string', default: 'INGEST_S' } }) },
      required: [],
      additionalProperties: false,
    },
    execution: {
      type: 'object',
      properties: {
        config: {
          type: 'object',
          properties: {
            maxConcurrentSteps: { type: 'integer', minimum: 1, description: 'Steps at once in this run.' },
          },
          additionalProperties: false,
        },
      },
      additionalProperties: false,
    },
  },
  required: [],
  additionalProperties: false,
};
