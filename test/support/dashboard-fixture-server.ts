import { readFile } from 'node:fs/promises';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import path from 'node:path';
import {
  buildSchema,
  execute,
  type GraphQLFieldResolver,
  type GraphQLOutputType,
  type GraphQLSchema,
  isAbstractType,
  isEnumType,
  isListType,
  isNonNullType,
  isObjectType,
  isScalarType,
  parse,
  validate,
} from 'graphql';
import { assetColumnRoots } from './dashboard-fixture-asset-columns';
import { type EventPage, toEventHistory } from './dashboard-fixture-asset-events';
import { automationRoot } from './dashboard-fixture-automation';
import { backfillRoot, toBackfill } from './dashboard-fixture-backfills';
import {
  createFixtureState,
  type FixtureState,
  fixtureAssets,
  fixtureConfigSchema,
  fixtureConfigYaml,
  fixtureRunId,
  location,
  toAssetNode,
  toJob,
  toMaterializations,
  toRepository,
  toRun,
} from './dashboard-fixture-data';
import { answerRest, deploymentRoots, servedBundle, toPools } from './dashboard-fixture-deployment';
import { timelineRoot } from './dashboard-fixture-timeline';

const types: Record<string, string> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript',
  '.css': 'text/css',
  '.json': 'application/json',
  '.woff2': 'font/woff2',
  '.svg': 'image/svg+xml',
};

/** The policy that the dashboard is served under; a violation is an error in the browser's console. */
const policy =
  "default-src 'none'; script-src 'self'; style-src 'self'; font-src 'self'; img-src 'self' data:; connect-src 'self'";

export interface DashboardFixture {
  readonly url: string;
  readonly state: FixtureState;
  close(): Promise<void>;
}

/**
 * A test double of the API and of the server of the dashboard's files: the project's own schema, checked, over
 * made-up data that a test can change.
 */
export async function startDashboardFixture(root: string, now = Date.now()): Promise<DashboardFixture> {
  const schema = buildSchema(await readFile(path.join(root, 'lib/api/schema.graphql'), 'utf8'), {
    assumeValidSDL: true,
  });
  const state = createFixtureState(now);
  const server = createServer((request, response) => {
    const { url } = request;
    void (url?.startsWith('/graphql')
      ? answer(schema, state, request, response)
      : url?.startsWith('/api/')
        ? answerRest(state.deployment, state.now, request, response)
        : serveFile(root, request, response));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    state,
    close: () =>
      new Promise((resolve) => {
        server.closeAllConnections();
        server.close(() => resolve());
      }),
  };
}

async function serveFile(root: string, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const { pathname } = new URL(request.url ?? '/', 'http://localhost');
  const file = path.extname(pathname) === '' ? '/index.html' : pathname;
  try {
    const body = await readFile(path.join(root, 'dist/dashboard', path.normalize(file)));
    response.writeHead(200, {
      'content-type': types[path.extname(file)] ?? 'application/octet-stream',
      'content-security-policy': policy,
    });
    response.end(body);
  } catch {
    response.writeHead(404).end('not found');
  }
}

async function answer(
  schema: GraphQLSchema,
  state: FixtureState,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  const body = JSON.parse(Buffer.concat(chunks).toString('utf8')) as {
    query: string;
    variables: Record<string, unknown>;
    operationName: string;
  };
  state.requests.push({ name: body.operationName, variables: body.variables });
  if (state.failing.has(body.operationName)) {
    response.writeHead(500).end('made to fail');
    return;
  }
  const document = parse(body.query);
  const errors = validate(schema, document);
  const result =
    errors.length > 0
      ? { errors: errors.map((error) => ({ message: error.message })) }
      : await execute({
          schema,
          document,
          rootValue: rootValue(state),
          variableValues: body.variables,
          fieldResolver: resolveOrDefault,
          typeResolver: (value: { __typename?: string }) => value.__typename,
        });
  response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(result));
}

/** A field's value, or the emptiest value of its type where the data leaves it out. */
const resolveOrDefault: GraphQLFieldResolver<Record<string, unknown>, unknown> = (
  source,
  args,
  _context,
  info,
) => {
  const value = source[info.fieldName];
  const result = typeof value === 'function' ? (value as (args: unknown) => unknown)(args) : value;
  return result === undefined ? emptyOf(info.returnType) : result;
};

function emptyOf(type: GraphQLOutputType): unknown {
  if (!isNonNullType(type)) return null;
  const inner = type.ofType;
  if (isListType(inner)) return [];
  if (isEnumType(inner)) return inner.getValues()[0]?.value;
  if (isScalarType(inner)) return { Int: 0, Float: 0, Boolean: false }[inner.name] ?? '';
  if (isObjectType(inner)) return { __typename: inner.name };
  if (isAbstractType(inner)) throw new Error(`The fixture has no value of ${inner.name}`);
  return null;
}

interface RunsArgs {
  filter?: {
    runIds?: string[];
    statuses?: string[];
    pipelineName?: string;
    pipelineNames?: string[];
    tags?: { key: string; value: string }[];
    updatedAfter?: number;
    createdAfter?: number;
    createdBefore?: number;
  };
  cursor?: string;
  limit?: number;
}

function findRuns(state: FixtureState, { filter, cursor, limit }: RunsArgs) {
  const matching = state.runs.filter(
    (run) =>
      (!filter?.runIds || filter.runIds.some((id) => run.runId.startsWith(id))) &&
      (!filter?.statuses || filter.statuses.includes(run.status)) &&
      (!filter?.pipelineName || run.jobName === filter.pipelineName) &&
      (!filter?.pipelineNames || filter.pipelineNames.includes(run.jobName)) &&
      (!filter?.createdAfter || run.creationTime >= filter.createdAfter) &&
      (!filter?.createdBefore || run.creationTime < filter.createdBefore) &&
      (!filter?.updatedAfter || (run.endTime ?? run.creationTime) >= filter.updatedAfter) &&
      (filter?.tags ?? []).every((tag) =>
        run.tags.some((own) => own.key === tag.key && (!tag.value || own.value === tag.value)),
      ),
  );
  const start = cursor ? matching.findIndex((run) => run.runId === cursor) + 1 : 0;
  return {
    __typename: 'Runs',
    count: matching.length,
    results: matching.slice(start, start + (limit ?? 50)).map(toRun),
  };
}

const notFound = (typename: string, what: string) => ({
  __typename: typename,
  message: `${what} is not there`,
});
const keyOf = (args: { assetKey: { path: string[] } }) => args.assetKey.path.join('/');

function rootValue(state: FixtureState) {
  const repository = () => toRepository(state);
  const refuse = (name: string) => {
    const message = state.refused.get(name);
    return message
      ? { __typename: 'PythonError', message, className: null, stack: [], causes: [], errorChain: [] }
      : undefined;
  };
  const launched = () => {
    const run = {
      ...state.runs[0],
      runId: fixtureRunId(500 + state.runs.length),
      status: 'QUEUED',
      creationTime: state.now / 1_000,
      startTime: null,
      endTime: null,
    };
    state.runs.unshift(run as FixtureState['runs'][number]);
    return { __typename: 'LaunchRunSuccess', run: toRun(run as FixtureState['runs'][number]) };
  };
  const instigator = (name: string) => {
    const known = repository();
    return (
      known.schedules.find((each) => each.name === name)?.scheduleState ??
      known.sensors.find((each) => each.name === name)?.sensorState ??
      notFound('InstigationStateNotFoundError', name)
    );
  };
  return {
    version: '0.1.0',
    runsOrError: (args: RunsArgs) => findRuns(state, args),
    runsFeedOrError: (args: RunsArgs) => {
      const { results } = findRuns(state, args);
      const backfills = args.cursor ? [] : state.backfills.map((each) => toBackfill(each, state.now));
      const ofBackfill = (run: { tags: { key: string }[] }) =>
        run.tags.some(({ key }) => key === 'dagster/backfill');
      return {
        __typename: 'RunsFeedConnection',
        results: [...results.filter((run) => !ofBackfill(run)), ...backfills].sort(
          (a, b) => b.creationTime - a.creationTime,
        ),
        cursor: '',
        hasMore: false,
      };
    },
    runsFeedCountOrError: (args: RunsArgs) => ({
      __typename: 'RunsFeedCount',
      count: findRuns(state, args).count + state.backfills.length,
    }),
    runTagKeysOrError: () => ({
      __typename: 'RunTagKeys',
      keys: [...new Set(state.runs.flatMap((run) => run.tags.map(({ key }) => key)))].sort(),
    }),
    runTagsOrError: ({ tagKeys, valuePrefix }: { tagKeys: string[]; valuePrefix: string }) => ({
      __typename: 'RunTags',
      tags: tagKeys.map((wanted) => ({
        key: wanted,
        values: [
          ...new Set(
            state.runs.flatMap((run) =>
              run.tags.flatMap(({ key, value }) =>
                key === wanted && value.startsWith(valuePrefix) ? [value] : [],
              ),
            ),
          ),
        ].sort(),
      })),
    }),
    runOrError: ({ runId }: { runId: string }) => {
      const run = state.runs.find((each) => each.runId === runId);
      return run ? toRun(run) : notFound('RunNotFoundError', `Run ${runId}`);
    },
    runGroupOrError: ({ runId }: { runId: string }) => {
      const root = state.runs.find((each) => each.runId === runId)?.parentRunId ?? runId;
      const runs = state.runs.filter((each) => each.runId === root || each.parentRunId === root);
      return { __typename: 'RunGroup', rootRunId: root, runs: runs.map(toRun) };
    },
    logsForRun: ({ runId, afterCursor, limit }: { runId: string; afterCursor?: string; limit?: number }) => {
      const all = state.events.get(runId) ?? [];
      const start = afterCursor ? Number(afterCursor) : 0;
      const end = Math.min(all.length, start + (limit ?? 1_000));
      return {
        __typename: 'EventConnection',
        events: all
          .slice(start, end)
          .map((event, index) => ({ ...event, cursor: String(start + index + 1) })),
        cursor: String(end),
        hasMore: end < all.length,
      };
    },
    capturedLogs: ({ logKey, cursor }: { logKey: string[]; cursor?: string }) => ({
      logKey,
      stdout: cursor
        ? ''
        : Array.from({ length: 30 }, (_, line) => `page ${line + 1}: 100 records of ${logKey[2]}\n`).join(''),
      stderr: '',
      cursor: '1',
    }),
    repositoriesOrError: () => ({ __typename: 'RepositoryConnection', nodes: [repository()] }),
    assetNodes: () => fixtureAssets.map((asset) => toAssetNode(asset, state.now)),
    assetNodeOrError: (args: { assetKey: { path: string[] } }) => {
      const asset = fixtureAssets.find((each) => each.key === keyOf(args));
      return asset ? toAssetNode(asset, state.now) : notFound('AssetNotFoundError', `Asset ${keyOf(args)}`);
    },
    assetOrError: (args: { assetKey: { path: string[] } }) => {
      const asset = fixtureAssets.find((each) => each.key === keyOf(args));
      if (!asset) return notFound('AssetNotFoundError', `Asset ${keyOf(args)}`);
      return {
        __typename: 'Asset',
        id: asset.key,
        key: args.assetKey,
        assetMaterializations: toMaterializations(asset, state.now),
        assetEventHistory: (page: EventPage) => toEventHistory(asset, state.now, page),
      };
    },
    ...assetColumnRoots(state),
    ...timelineRoot(state),
    assetCheckExecutions: ({ checkName, limit }: { checkName: string; limit: number }) =>
      Array.from({ length: Math.min(limit, 12) }, (_, index) => ({
        id: `${checkName}:${index}`,
        runId: fixtureRunId(5 + index),
        status: index === 3 ? 'FAILED' : 'SUCCEEDED',
        timestamp: state.now / 1_000 - index * 3_600,
        partition: null,
        evaluation: {
          severity: 'ERROR',
          description: index === 3 ? '2 rows are twice there' : '0 rows',
          metadataEntries: [],
        },
      })),
    reportRunlessAssetEvents: ({ eventParams }: { eventParams: { assetKey: { path: string[] } } }) =>
      refuse('reportRunlessAssetEvents') ?? {
        __typename: 'ReportRunlessAssetEventsSuccess',
        assetKey: eventParams.assetKey,
      },
    wipeAssets: ({ assetPartitionRanges }: { assetPartitionRanges: { assetKey: unknown }[] }) =>
      refuse('wipeAssets') ?? {
        __typename: 'AssetWipeSuccess',
        ok: true,
        assetPartitionRanges: assetPartitionRanges.map(({ assetKey }) => ({
          assetKey,
          partitionRange: null,
        })),
      },
    scheduleOrError: ({
      scheduleSelector: { scheduleName },
    }: {
      scheduleSelector: { scheduleName: string };
    }) =>
      repository().schedules.find((each) => each.name === scheduleName) ??
      notFound('ScheduleNotFoundError', scheduleName),
    sensorOrError: ({ sensorSelector: { sensorName } }: { sensorSelector: { sensorName: string } }) =>
      repository().sensors.find((each) => each.name === sensorName) ??
      notFound('SensorNotFoundError', sensorName),
    instigationStateOrError: ({ instigationSelector }: { instigationSelector: { name: string } }) =>
      instigator(instigationSelector.name),
    pipelineOrError: ({ params }: { params: { pipelineName: string } }) => {
      const known = repository();
      return known.jobs.some((job) => job.name === params.pipelineName)
        ? { __typename: 'Pipeline', ...toJob(params.pipelineName, state, known.schedules, known.sensors) }
        : notFound('PipelineNotFoundError', `Job ${params.pipelineName}`);
    },
    runConfigSchemaOrError: () => ({
      __typename: 'RunConfigSchema',
      rootDefaultYaml: fixtureConfigYaml(100),
      jsonSchema: fixtureConfigSchema,
    }),
    isPipelineConfigValid: ({ runConfigData }: { runConfigData: string }) =>
      runConfigData.includes('"since":"1999')
        ? {
            __typename: 'RunConfigValidationInvalid',
            pipelineName: 'ingest_earthquakes',
            errors: [
              {
                __typename: 'RuntimeMismatchConfigError',
                path: ['ops', 'raw/github_issues', 'config', 'since'],
                message: 'The API has nothing before 2008',
                reason: 'RUNTIME_TYPE_MISMATCH',
              },
            ],
          }
        : { __typename: 'PipelineConfigValidationValid', pipelineName: 'ingest_earthquakes' },
    locationStatusesOrError: () => ({ __typename: 'WorkspaceLocationStatusEntries', entries: [] }),
    workspaceOrError: () => ({
      __typename: 'Workspace',
      id: 'workspace',
      locationEntries: [
        {
          __typename: 'WorkspaceLocationEntry',
          id: location,
          name: location,
          loadStatus: 'LOADED',
          updatedTimestamp: state.now / 1_000 - 4_000,
          versionKey: '3ac91f7720aa',
          displayMetadata: [{ key: 'bundle', value: servedBundle }],
          lastGoodLocation: { id: location, name: location, repositories: [repository()] },
          locationOrLoadError: {
            __typename: 'RepositoryLocation',
            id: location,
            name: location,
            isReloadSupported: true,
            repositories: [repository()],
          },
        },
        {
          __typename: 'WorkspaceLocationEntry',
          id: 'growth-science',
          name: 'growth-science',
          loadStatus: 'LOADED',
          updatedTimestamp: state.now / 1_000 - 9_000,
          versionKey: '77d0be1144cc',
          displayMetadata: [],
          locationOrLoadError: {
            __typename: 'PythonError',
            className: 'DefinitionError',
            causes: [],
            errorChain: [],
            message:
              'asset “segments/active” depends on “raw/hubspot_contact”, which no location defines. Did you mean “raw/hubspot_contacts”?',
            stack: ['    at growth/assets/segments.ts:31:12\n'],
          },
        },
      ],
    }),
    instance: {
      id: 'instance',
      runQueuingSupported: true,
      runQueueConfig: {
        maxConcurrentRuns: 25,
        tagConcurrencyLimitsYaml: '- key: team\n  value: analytics\n  limit: 4\n',
      },
      poolConfig: { poolGranularity: 'op', defaultPoolLimit: 8, opGranularityRunBuffer: 0 },
      info: 'runQueue:\n  maxConcurrentRuns: 25\npools:\n  defaultLimit: 8\nalerts:\n  webhook: "[redacted]"\n',
      concurrencyLimits: () => toPools(state.deployment, 8),
      daemonHealth: {
        id: 'daemons',
        allDaemonStatuses: [
          'SCHEDULER',
          'SENSOR',
          'QUEUED_RUN_COORDINATOR',
          'BACKFILL',
          'MONITORING',
          'ASSET',
        ].map((daemonType, index) => ({
          id: daemonType,
          daemonType,
          required: true,
          healthy: index !== 5,
          lastHeartbeatTime: state.now / 1_000 - (index === 5 ? 180 : index * 4),
          lastHeartbeatErrors: [],
        })),
      },
    },
    launchRun: () => refuse('launchRun') ?? launched(),
    launchRunReexecution: () => refuse('launchRunReexecution') ?? launched(),
    ...backfillRoot(state, refuse),
    ...automationRoot(state, fixtureRunId(5)),
    terminateRuns: ({ runIds }: { runIds: string[] }) => ({
      __typename: 'TerminateRunsResult',
      terminateRunResults: runIds.map((runId) => {
        const run = state.runs.find((each) => each.runId === runId);
        if (!run) return notFound('RunNotFoundError', `Run ${runId}`);
        run.status = run.status === 'QUEUED' ? 'CANCELED' : 'CANCELING';
        return { __typename: 'TerminateRunSuccess', run: toRun(run) };
      }),
    }),
    startSchedule: ({
      scheduleSelector: { scheduleName },
    }: {
      scheduleSelector: { scheduleName: string };
    }) => {
      const refused = refuse('startSchedule');
      if (refused) return refused;
      state.schedules.set(scheduleName, true);
      state.overridden.add(scheduleName);
      return { __typename: 'ScheduleStateResult', scheduleState: instigator(scheduleName) };
    },
    stopRunningSchedule: ({ id }: { id: string }) => {
      const name = id.replace('state:', '');
      const refused = refuse('stopRunningSchedule');
      if (refused) return refused;
      state.schedules.set(name, false);
      state.overridden.add(name);
      return { __typename: 'ScheduleStateResult', scheduleState: instigator(name) };
    },
    resetSchedule: ({
      scheduleSelector: { scheduleName },
    }: {
      scheduleSelector: { scheduleName: string };
    }) => {
      const refused = refuse('resetSchedule');
      if (refused) return refused;
      state.schedules.set(scheduleName, true);
      state.overridden.delete(scheduleName);
      return { __typename: 'ScheduleStateResult', scheduleState: instigator(scheduleName) };
    },
    resetSensor: ({ sensorSelector: { sensorName } }: { sensorSelector: { sensorName: string } }) => {
      state.sensors.set(sensorName, true);
      state.overridden.delete(sensorName);
      return repository().sensors.find((each) => each.name === sensorName);
    },
    startSensor: ({ sensorSelector: { sensorName } }: { sensorSelector: { sensorName: string } }) => {
      state.sensors.set(sensorName, true);
      state.overridden.add(sensorName);
      return repository().sensors.find((each) => each.name === sensorName);
    },
    stopSensor: ({ id }: { id: string }) => {
      const name = id.replace('state:', '');
      state.sensors.set(name, false);
      state.overridden.add(name);
      return { __typename: 'StopSensorMutationResult', instigationState: instigator(name) };
    },
    reloadRepositoryLocation: ({ repositoryLocationName: name }: { repositoryLocationName: string }) => ({
      __typename: 'WorkspaceLocationEntry',
      id: name,
      name,
      loadStatus: 'LOADED',
      updatedTimestamp: state.now / 1_000,
      versionKey: '',
      locationOrLoadError: null,
    }),
    deleteRun: ({ runId }: { runId: string }) => {
      const refused = refuse('deleteRun');
      if (refused) return refused;
      state.runs = state.runs.filter((run) => run.runId !== runId);
      return { __typename: 'DeletePipelineRunSuccess', runId };
    },
    ...deploymentRoots(state.deployment),
  };
}
