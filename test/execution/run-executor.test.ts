import type { OpEvent } from '../../lib/definitions/loaded-definitions';
import { Failure, RetryRequested } from '../../lib/definitions/step-errors';
import { RunAbortedError } from '../../lib/execution/errors';
import { step, type TestOp } from './support/definitions';
import { execute } from './support/execute';
import { inMemoryHost } from './support/in-memory-host';

const from = (stepKey: string, output = 'result') => ({ kind: 'step', stepKey, output }) as const;
const output = (name: string, given: { isDynamic?: boolean; isRequired?: boolean } = {}) => ({
  name,
  description: null,
  isDynamic: false,
  isRequired: true,
  ioManager: 'io_manager',
  ...given,
});
const SUCCESS = { kind: 'finished', outcome: { status: 'SUCCESS', failureReason: null, cause: null } };

test('A step runs with its events in the order that Dagster writes them', async () => {
  const run = await execute({ ops: { hello: { run: () => 42 } } }, [step('hello')]);

  expect(run.end).toEqual(SUCCESS);
  expect(run.typesOf('hello')).toEqual([
    'LOGS_CAPTURED',
    'STEP_START',
    'STEP_OUTPUT',
    'HANDLED_OUTPUT',
    'STEP_SUCCESS',
  ]);
});

test('Values travel between steps through the IO manager', async () => {
  const seen: unknown[] = [];
  const run = await execute(
    {
      ops: { one: { run: () => ({ rows: 3 }) }, two: { run: (_, inputs) => void seen.push(inputs['data']) } },
    },
    [step('one'), step('two', { dependsOn: ['one'], inputs: [{ name: 'data', sources: [from('one')] }] })],
  );

  expect(run.end).toEqual(SUCCESS);
  expect(seen).toEqual([{ rows: 3 }]);
  expect(run.of('LOADED_INPUT').map(({ data }) => data)).toEqual([
    { input: 'data', ioManager: 'io_manager', upstreamStep: 'one', upstreamOutput: 'result' },
  ]);
});

test('What depends on an output that was not yielded is skipped, and so on down; ordering alone is not', async () => {
  const branch: TestOp = {
    outputs: [output('left', { isRequired: false }), output('right', { isRequired: false })],
    async *run(): AsyncIterable<OpEvent> {
      yield { type: 'output', name: 'right', value: 1 };
    },
  };
  const ok: TestOp = { run: () => 1 };
  const run = await execute({ ops: { branch, left: ok, right: ok, below: ok, after: ok } }, [
    step('branch'),
    step('left', { dependsOn: ['branch'], inputs: [{ name: 'x', sources: [from('branch', 'left')] }] }),
    step('right', { dependsOn: ['branch'], inputs: [{ name: 'x', sources: [from('branch', 'right')] }] }),
    step('below', { dependsOn: ['left'], inputs: [{ name: 'x', sources: [from('left')] }] }),
    step('after', { dependsOn: ['left'] }),
  ]);

  expect(run.end).toEqual(SUCCESS);
  expect(run.of('STEP_SKIPPED').map(({ stepKey, data }) => [stepKey, data.reason])).toEqual([
    ['left', 'its input "x" has no value: step "branch" did not yield output "left"'],
    ['below', 'its input "x" has no value: step "left" was skipped'],
  ]);
  expect(
    run
      .of('STEP_SUCCESS')
      .map(({ stepKey }) => stepKey)
      .sort(),
  ).toEqual(['after', 'branch', 'right']);
});

test('A failure stops what is below it, not what is beside it, and names the first failed step', async () => {
  const run = await execute(
    {
      ops: {
        bad: {
          run: () => {
            throw new TypeError('no such table');
          },
        },
        below: { run: () => 1 },
        beside: { run: () => 1 },
      },
    },
    [step('bad'), step('below', { dependsOn: ['bad'] }), step('beside')],
  );

  expect(run.end).toEqual({
    kind: 'finished',
    outcome: {
      status: 'FAILURE',
      failureReason: 'STEP_FAILURE',
      cause: 'Step "bad" failed: TypeError: no such table',
    },
  });
  expect(
    run
      .of('STEP_START')
      .map(({ stepKey }) => stepKey)
      .sort(),
  ).toEqual(['bad', 'beside']);
  expect(run.of('ENGINE_EVENT').map(({ message }) => message)).toEqual([
    'Step "below" does not execute: upstream step "bad" failed.',
  ]);
});

test('A retry policy tries again after its delays and then succeeds', async () => {
  let tries = 0;
  const flaky = {
    run: (context: { tryNumber: number }) => {
      tries += 1;
      if (tries < 3) throw new Error(`down at ${context.tryNumber}`);
      return 1;
    },
  };
  const run = await execute({ ops: { flaky } }, [
    step('flaky', { retryPolicy: { maxRetries: 3, delaySeconds: 10, backoff: 'EXPONENTIAL' } }),
  ]);

  expect(run.end).toEqual(SUCCESS);
  expect(run.host.sleeps).toEqual([10_000, 30_000]);
  expect(run.typesOf('flaky')).toEqual([
    ...['LOGS_CAPTURED', 'STEP_START', 'STEP_UP_FOR_RETRY'],
    ...['LOGS_CAPTURED', 'STEP_RESTARTED', 'STEP_UP_FOR_RETRY'],
    ...['LOGS_CAPTURED', 'STEP_RESTARTED', 'STEP_OUTPUT', 'HANDLED_OUTPUT', 'STEP_SUCCESS'],
  ]);
  expect(run.of('LOGS_CAPTURED').map(({ data }) => data.logKey[2])).toEqual([
    'flaky.1',
    'flaky.2',
    'flaky.3',
  ]);
});

test('Marks on an error decide before the policy', async () => {
  const fail = (marks: object) => ({
    run: () => {
      throw Object.assign(new Error('x'), marks);
    },
  });
  const retryPolicy = { maxRetries: 5 };
  const run = await execute(
    {
      ops: {
        never: fail({ allowRetries: false }),
        asked: fail({ retryRequested: { maxRetries: 2, secondsToWait: 7 } }),
      },
    },
    [step('never', { retryPolicy }), step('asked')],
  );

  expect(run.typesOf('never').filter((type) => type === 'STEP_UP_FOR_RETRY')).toEqual([]);
  expect(run.of('STEP_UP_FOR_RETRY').map(({ stepKey, data }) => [stepKey, data.secondsToWait])).toEqual([
    ['asked', 7],
    ['asked', 7],
  ]);
});

test('What user code gives with its failure is kept with every try', async () => {
  const failing = (failure: object) => ({
    run: () => {
      throw failure;
    },
  });
  const circular: { self?: unknown } = {};
  circular.self = circular;
  const run = await execute(
    {
      ops: {
        failed: failing(new Failure('no rows', { metadata: { file: 'a.csv', rows: 0, left: undefined } })),
        asked: failing(new RetryRequested('warming up', { metadata: { status: 503 } })),
        unfit: failing(new Failure('odd', { metadata: { circular: circular as never } })),
        plain: failing(new Failure('nothing said')),
        foreign: failing(Object.assign(new Error('of a library'), { metadata: { internal: true } })),
      },
    },
    ['failed', 'asked', 'unfit', 'plain', 'foreign'].map((name) => step(name)),
  );

  const said = (type: 'STEP_FAILURE' | 'STEP_UP_FOR_RETRY') =>
    Object.fromEntries(run.of(type).map(({ stepKey, data }) => [stepKey, data.metadata]));
  const status = { kind: 'int', value: 503 };
  expect(said('STEP_UP_FOR_RETRY')).toEqual({ asked: { status } });
  expect(said('STEP_FAILURE')).toEqual({
    failed: { file: { kind: 'text', value: 'a.csv' }, rows: { kind: 'int', value: 0 } },
    asked: { status },
    unfit: { metadata: { kind: 'text', value: expect.stringContaining('cannot be stored: TypeError') } },
  });
});

test('A failure says whose it is', async () => {
  const bad: TestOp = {
    run: () => {
      throw new Error('mine');
    },
  };
  const run = await execute({ ops: { bad } }, [step('bad'), step('gone', { op: 'not_defined' })]);
  expect(Object.fromEntries(run.of('STEP_FAILURE').map((e) => [e.stepKey, e.data.errorSource]))).toEqual({
    bad: 'USER_CODE_ERROR',
    gone: 'FRAMEWORK_ERROR',
  });
});

test('A dynamic output multiplies the steps mapped over it, each key on its own, and collect gathers them', async () => {
  const seen: unknown[] = [];
  const ops: Record<string, TestOp> = {
    fan: {
      outputs: [output('items', { isDynamic: true })],
      async *run(): AsyncIterable<OpEvent> {
        for (const key of ['b', 'a', 'c'])
          yield { type: 'output', name: 'items', value: key, mappingKey: key };
      },
    },
    double: { run: (_, inputs) => `${String(inputs['item'])}${String(inputs['item'])}` },
    shout: {
      run: (_, inputs) => {
        if (inputs['item'] === 'aa') throw new Error('not aa');
        return String(inputs['item']).toUpperCase();
      },
    },
    gather: { run: (_, inputs) => void seen.push(inputs['all']) },
  };
  const over = { stepKey: 'fan', output: 'items' };
  const collect = (stepKey: string) => [
    { name: 'all', sources: [{ kind: 'collect', stepKey, output: 'result' } as const] },
  ];
  const run = await execute({ ops: { ...ops, late: { run: () => 1 } } }, [
    step('fan'),
    step('double[?]', {
      mappedOver: over,
      dependsOn: ['fan'],
      inputs: [{ name: 'item', sources: [from('fan', 'items')] }],
    }),
    step('shout[?]', {
      mappedOver: over,
      dependsOn: ['double[?]', 'fan'],
      inputs: [{ name: 'item', sources: [from('double[?]')] }],
    }),
    step('gather', { dependsOn: ['double[?]'], inputs: collect('double[?]') }),
    step('late', { dependsOn: ['shout[?]'], inputs: collect('shout[?]') }),
  ]);

  expect(seen).toEqual([['bb', 'aa', 'cc']]);
  expect(
    run
      .of('STEP_SUCCESS')
      .map(({ stepKey }) => stepKey)
      .sort(),
  ).toEqual(['double[a]', 'double[b]', 'double[c]', 'fan', 'gather', 'shout[b]', 'shout[c]'].sort());
  expect(run.of('STEP_FAILURE').map(({ stepKey }) => stepKey)).toEqual(['shout[a]']);
  expect(run.typesOf('late')).toEqual(['ENGINE_EVENT']);
});

test('An empty dynamic output collects an empty list', async () => {
  const seen: unknown[] = [];
  const run = await execute(
    {
      ops: {
        fan: { outputs: [output('items', { isDynamic: true })], async *run(): AsyncIterable<OpEvent> {} },
        one: { run: () => 1 },
        gather: { run: (_, inputs) => void seen.push(inputs['all']) },
      },
    },
    [
      step('fan'),
      step('one[?]', { mappedOver: { stepKey: 'fan', output: 'items' }, dependsOn: ['fan'] }),
      step('gather', {
        dependsOn: ['one[?]'],
        inputs: [{ name: 'all', sources: [{ kind: 'collect', stepKey: 'one[?]', output: 'result' }] }],
      }),
    ],
  );

  expect(run.end).toEqual(SUCCESS);
  expect(seen).toEqual([[]]);
});

test('A run resumes after the steps that are done, with the mapping keys that they yielded', async () => {
  const ran: string[] = [];
  const note: TestOp = { run: (context) => void ran.push(context.stepKey) };
  const fan: TestOp = { ...note, outputs: [output('items', { isDynamic: true })] };
  const run = await execute(
    { ops: { fan, one: note } },
    [step('fan'), step('one[?]', { mappedOver: { stepKey: 'fan', output: 'items' }, dependsOn: ['fan'] })],
    {
      run: {
        completedSteps: [
          { stepKey: 'fan', status: 'SUCCESS', mappingKeys: { items: ['a', 'b'] }, outputs: ['items'] },
          { stepKey: 'one[a]', status: 'SUCCESS', mappingKeys: {}, outputs: ['result'] },
        ],
      },
    },
  );

  expect(run.end).toEqual(SUCCESS);
  expect(ran).toEqual(['one[b]']);
});

test('Never more steps at once than allowed; higher priority first, then plan order', async () => {
  let active = 0;
  let most = 0;
  const work: TestOp = {
    run: async () => {
      active += 1;
      most = Math.max(most, active);
      await new Promise((resolve) => setImmediate(resolve));
      active -= 1;
    },
  };
  const names = ['a', 'b', 'c', 'd', 'e'];
  const run = await execute(
    { ops: Object.fromEntries(names.map((name) => [name, work])) },
    names.map((name) => step(name, { priority: name === 'e' ? 5 : 0 })),
    { run: { maxConcurrentSteps: 2 } },
  );

  expect(most).toBe(2);
  expect(run.of('STEP_START').map(({ stepKey }) => stepKey)).toEqual(['e', 'a', 'b', 'c', 'd']);
});

test('A step without a pool slot waits, says so once, backs off, and gives its slot back', async () => {
  const claims: string[] = [];
  const released: string[] = [];
  const host = inMemoryHost({
    claimPoolSlot: async (_pool, stepKey) => {
      claims.push(stepKey);
      return claims.length < 4 ? { held: false, limit: 1, holders: ['other-run:load'] } : { held: true };
    },
    releasePoolSlot: async (_, stepKey) => void released.push(stepKey),
  });
  const run = await execute({ ops: { load: { run: () => 1 } } }, [step('load', { pool: 'snowflake' })], {
    host,
  });

  expect(run.end).toEqual(SUCCESS);
  expect(host.sleeps.map(Math.round)).toEqual([1_000, 1_100, 1_210]);
  expect(run.of('STEP_WAITING').map(({ data }) => data)).toEqual([
    { pool: 'snowflake', holders: ['other-run:load'] },
  ]);
  expect(released).toEqual(['load']);
});

test('A cancelled run aborts the signal, starts nothing more and ends as CANCELED', async () => {
  const aborting = new AbortController();
  const slow: TestOp = {
    run: (context) =>
      new Promise((_, reject) => {
        context.signal.addEventListener('abort', () => reject(context.signal.reason as Error));
        aborting.abort(new RunAbortedError('cancel', 'The run was canceled.'));
      }),
  };
  const run = await execute(
    { ops: { slow, next: { run: () => 1 } } },
    [step('slow'), step('next', { dependsOn: ['slow'] })],
    {
      signal: aborting.signal,
    },
  );

  expect(run.end).toEqual({
    kind: 'finished',
    outcome: { status: 'CANCELED', failureReason: null, cause: 'The run was canceled.' },
  });
  expect(run.typesOf('next')).toEqual([]);
  expect(run.of('STEP_FAILURE').map(({ data }) => data.errorSource)).toEqual(['INTERRUPT']);
});

test('An interrupted run decides nothing: its running steps neither fail nor succeed', async () => {
  const aborting = new AbortController();
  const slow: TestOp = {
    run: async (context) => {
      aborting.abort(new RunAbortedError('interrupt', 'SIGTERM'));
      context.signal.throwIfAborted();
    },
  };
  const run = await execute({ ops: { slow } }, [step('slow')], { signal: aborting.signal });

  expect(run.end).toEqual({ kind: 'interrupted' });
  expect(run.of('STEP_FAILURE')).toEqual([]);
});

test('Run config reaches the op: by node, in nested graphs, by op', async () => {
  const seen: unknown[] = [];
  const note: TestOp = { run: (context) => void seen.push(context.config) };
  await execute(
    { ops: { load: note } },
    [step('load'), step('outer.inner', { op: 'load' }), step('flat.x', { op: 'load' })],
    {
      run: {
        maxConcurrentSteps: 1,
        config: {
          ops: {
            load: { config: { limit: 1 } },
            outer: { ops: { inner: { config: { limit: 2 } } } },
            'flat.x': { config: { limit: 3 } },
          },
        },
      },
    },
  );

  expect(seen).toEqual([{ limit: 1 }, { limit: 2 }, { limit: 3 }]);
});

test('A config that does not fit ends the run before any step, naming the field', async () => {
  const run = await execute(
    {
      ops: { a: { run: () => 1 } },
      validateConfig: () => ({
        ok: false,
        errors: [
          {
            path: ['ops', 'a', 'config', 'limit'],
            reason: 'RUNTIME_TYPE_MISMATCH',
            message: 'expected number',
          },
        ],
      }),
    },
    [step('a')],
  );

  expect(run.end).toMatchObject({
    outcome: {
      failureReason: 'JOB_INITIALIZATION_FAILURE',
      cause: 'The run config does not fit job "job": ops.a.config.limit: expected number',
    },
  });
  expect(run.events).toEqual([]);
});
