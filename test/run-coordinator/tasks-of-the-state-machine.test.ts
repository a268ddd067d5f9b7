import { readAslDefinition } from '../../lib/adapters/local/asl-interpreter/asl-definition';
import { AslError } from '../../lib/adapters/local/asl-interpreter/asl-error';
import { interpretExecution } from '../../lib/adapters/local/asl-interpreter/interpret-execution';
import type { ExecutionInput } from '../../lib/model/execution-input';
import type { JsonObject } from '../../lib/model/json';
import {
  byChoice,
  byLocation,
  RESOURCE,
  runCoordinatorDefinition,
} from '../../lib/run-coordinator/run-coordinator-definition';

const definition = readAslDefinition(
  runCoordinatorDefinition({
    cluster: 'cluster',
    taskDefinition: byChoice('image', { raw: 'task', 'raw/gpu': 'gpu-task' }),
    taskRole: byChoice('role', { raw: 'role', 'raw/exporter': 'exporter-role' }),
    containerName: 'worker',
    subnets: ['subnet'],
    securityGroups: ['group'],
    assignPublicIp: true,
    runFunction: byLocation({ raw: 'run' }),
    issueTokenFunction: 'issue',
    finalizeFunction: 'finalize',
  }),
);

const INPUT: ExecutionInput = {
  runId: 'r',
  attempt: 1,
  launcher: 'fargate',
  task: { capacity: 'fargate', cpu: 1024, memory: 2048 },
  location: 'raw',
  bundleHash: 'h',
  maxRuntimeSeconds: 60,
};

/** Waits of no time pass; the states' time-outs never come. */
const CLOCK = {
  now: () => 0,
  sleep: (ms: number) => (ms === 0 ? Promise.resolve() : new Promise<never>(() => {})),
};

/** What ECS is asked for, one for each launch, and what finalize is told; `answers` are what the launches fail with. */
async function carry(changes: Partial<ExecutionInput>, answers: readonly (AslError | null)[] = []) {
  const launches: JsonObject[] = [];
  let finalized: JsonObject | undefined;
  const { task, ...rest } = { ...INPUT, ...changes };
  const result = await interpretExecution({
    definition,
    execution: { name: 'r-1', input: { ...rest, ...(task === undefined ? {} : { task }) }, startedAt: 0 },
    clock: CLOCK,
    // Jitter that makes every wait one of no time.
    random: () => 0,
    signal: new AbortController().signal,
    onWaiting: async () => {},
    async runTask({ resource, arguments: parameters }) {
      const asked = parameters as JsonObject;
      if (resource === RESOURCE.ecsRunTask) {
        const failure = answers[launches.length] ?? null;
        launches.push(asked);
        if (failure !== null) throw failure;
        return {};
      }
      if (asked.FunctionName === 'finalize') finalized = asked.Payload as JsonObject;
      return { Payload: { attemptToken: 'secret' } };
    },
  });
  return { launches, finalized, result };
}

test('A task gets its size, image and role, and its variables', async () => {
  const { launches, finalized } = await carry({
    task: { capacity: 'fargate', cpu: 4096, memory: 8192, image: 'gpu', role: 'exporter' },
  });
  expect(launches).toMatchObject([
    {
      TaskDefinition: 'gpu-task',
      CapacityProviderStrategy: [{ CapacityProvider: 'FARGATE', Weight: 1 }],
      NetworkConfiguration: { AwsvpcConfiguration: { Subnets: ['subnet'] } },
      Overrides: {
        Cpu: '4096',
        Memory: '8192',
        TaskRoleArn: 'exporter-role',
        ContainerOverrides: [
          {
            Name: 'worker',
            Environment: expect.arrayContaining([
              { Name: 'HEADRACE_RUN_ID', Value: 'r' },
              { Name: 'HEADRACE_ATTEMPT', Value: '1' },
              { Name: 'HEADRACE_ATTEMPT_TOKEN', Value: 'secret' },
              { Name: 'HEADRACE_WORKER_ID', Value: 'r-1-0-0' },
              { Name: 'HEADRACE_MAX_RUNTIME', Value: '60' },
            ]),
          },
        ],
      },
    },
  ]);
  expect(finalized).toEqual({ runId: 'r', attempt: 1, cause: null });
});

test('Every launch is of a worker of its own, after a wait too: one whose answer was lost may be running', async () => {
  const { launches } = await carry({}, [
    new AslError('ECS.ServerException', 'Service Unavailable'),
    new AslError('ECS.InvalidParameterException', 'Rate exceeded'),
    new AslError('ECS.ServerException', 'Service Unavailable'),
  ]);
  const workers = launches.map(
    (launch) => JSON.stringify(launch).match(/HEADRACE_WORKER_ID","Value":"([^"]+)/)?.[1],
  );
  expect(workers).toEqual(['r-1-0-0', 'r-1-0-1', 'r-1-1-0', 'r-1-1-1']);
  expect(new Set(launches.map(({ ClientToken }) => ClientToken)).size).toBe(4);
});

test('What is not asked for is the location’s own; an input from before tasks could be chosen changes no size', async () => {
  const [own] = (await carry({})).launches;
  expect(own).toMatchObject({
    TaskDefinition: 'task',
    Overrides: { Cpu: '1024', Memory: '2048', TaskRoleArn: 'role' },
  });
  const { task: _, ...before } = INPUT;
  const { launches } = await carry({ ...before, task: undefined as never });
  expect(launches).toMatchObject([{ TaskDefinition: 'task', Overrides: { TaskRoleArn: 'role' } }]);
  expect(Object.keys(launches[0]?.Overrides as JsonObject).sort()).toEqual([
    'ContainerOverrides',
    'TaskRoleArn',
  ]);
});

test.each([
  { image: 'gone' },
  { role: 'gone' },
])('A task of %j, which is not deployed any more, is not launched with anything else', async (choice) => {
  const { launches, finalized } = await carry({
    task: { capacity: 'fargate', cpu: 1024, memory: 2048, ...choice },
  });
  expect(launches).toEqual([]);
  expect(finalized).toMatchObject({ cause: { Error: 'States.QueryEvaluationError' } });
});

describe('Spot capacity', () => {
  const spot = { task: { capacity: 'fargate_spot', cpu: 1024, memory: 2048 } } as const;
  const providers = (launches: readonly JsonObject[]) =>
    launches.map(
      ({ CapacityProviderStrategy }) =>
        (CapacityProviderStrategy as readonly JsonObject[])[0]?.CapacityProvider,
    );

  test('is asked for first, and given up for on-demand where there is none', async () => {
    const none = new AslError('AmazonECS.Unknown', 'Capacity is unavailable at this time');
    const { launches, finalized } = await carry(spot, [none, none]);
    expect(providers(launches)).toEqual(['FARGATE_SPOT', 'FARGATE_SPOT', 'FARGATE']);
    expect(new Set(launches.map(({ ClientToken }) => ClientToken)).size).toBe(3);
    expect(finalized).toMatchObject({ cause: null });
  });

  test('that is taken back ends the attempt; finalize hears why', async () => {
    const Cause = JSON.stringify({ StopCode: 'SpotInterruption', Containers: [{ ExitCode: 143 }] });
    const { launches, finalized } = await carry(spot, [new AslError('States.TaskFailed', Cause)]);
    expect(providers(launches)).toEqual(['FARGATE_SPOT']);
    expect(finalized).toMatchObject({ cause: { Error: 'States.TaskFailed', Cause } });
  });
});

describe('a server of one’s own', () => {
  const external = {
    launcher: 'external',
    task: { capacity: 'external', cpu: 2000, memory: 3000 },
  } as const;

  test('gets the task without a network or a capacity provider', async () => {
    const { launches } = await carry(external);
    expect(launches).toMatchObject([
      { LaunchType: 'EXTERNAL', TaskDefinition: 'task', Overrides: { Cpu: '2000', Memory: '3000' } },
    ]);
    expect(launches[0]).not.toHaveProperty('NetworkConfiguration');
    expect(launches[0]).not.toHaveProperty('CapacityProviderStrategy');
  });

  test('is asked again after throttling, and where it has no room', async () => {
    const { launches, finalized } = await carry(external, [
      new AslError('ECS.InvalidParameterException', 'Rate exceeded'),
      new AslError('AmazonECS.Unknown', 'RESOURCE:MEMORY'),
    ]);
    expect(launches.map(({ LaunchType }) => LaunchType)).toEqual(['EXTERNAL', 'EXTERNAL', 'EXTERNAL']);
    expect(finalized).toMatchObject({ cause: null });
  });
});
