import type { ExecutableResource } from '../../lib/definitions/loaded-definitions';
import { step, type TestDefinitions } from './support/definitions';
import { execute } from './support/execute';
import { inMemoryHost } from './support/in-memory-host';

/** A resource that notes when it is set up and torn down. */
function noted(
  notes: string[],
  name: string,
  dependencies: readonly string[] = [],
): ExecutableResource & { manifest: { dependencies: readonly string[] } } {
  return {
    manifest: { dependencies },
    async setUp({ resources }) {
      notes.push(`up ${name}(${Object.values(resources).join()})`);
      return { value: name, tearDown: async () => void notes.push(`down ${name}`) };
    },
  };
}

test('Resources are set up once per run, after those they need, and torn down in reverse', async () => {
  const notes: string[] = [];
  const definitions: TestDefinitions = {
    ops: {
      a: {
        resources: ['session'],
        run: (context) => void notes.push(`a uses ${String(context.resources['session'])}`),
      },
      b: { resources: ['session', 'pool'], run: () => void notes.push('b') },
    },
    resources: {
      session: noted(notes, 'session', ['pool']),
      pool: noted(notes, 'pool'),
      unused: noted(notes, 'unused'),
    },
  };
  const run = await execute(definitions, [step('a'), step('b', { dependsOn: ['a'] })]);

  expect(notes).toEqual([
    'up pool()',
    'up session(pool)',
    'a uses session',
    'b',
    'down session',
    'down pool',
  ]);
  expect(run.of('RESOURCE_INIT_SUCCESS').map(({ data }) => data.resources)).toEqual([
    ['session', 'io_manager'],
  ]);
});

test('A resource that fails fails the step, is tried again by the next try, and others are still torn down', async () => {
  const notes: string[] = [];
  let ups = 0;
  const flaky: ExecutableResource = {
    async setUp() {
      ups += 1;
      if (ups === 1) throw new Error('login refused');
      return { value: 'ok' };
    },
  };
  const run = await execute(
    {
      ops: { a: { resources: ['flaky', 'pool'], run: () => 1 } },
      resources: {
        flaky,
        pool: {
          setUp: async () => ({
            value: 1,
            tearDown: async () => {
              notes.push('down');
              throw new Error('already closed');
            },
          }),
        },
      },
    },
    [step('a', { retryPolicy: { maxRetries: 1 } })],
  );

  expect(run.end).toMatchObject({ outcome: { status: 'SUCCESS' } });
  expect(run.of('RESOURCE_INIT_FAILURE').map(({ data }) => data.error.message)).toEqual(['login refused']);
  expect(notes).toEqual(['down']);
  expect(run.of('ENGINE_EVENT').map(({ message }) => message)).toEqual([
    'Tear-down of resource "pool" failed.',
  ]);
});

test('A resource sees its config, its variables, and masks its secret in every event from then on', async () => {
  const seen: unknown[] = [];
  const host = inMemoryHost({
    lookUp: async (names) => new Map(names.map((name) => [name, `value of ${name}`])),
  });
  const run = await execute(
    {
      ops: {
        leak: {
          resources: ['crm'],
          run: (context) => {
            context.log.info('using value of CRM_TOKEN', { nested: ['value of CRM_TOKEN'] });
            throw new Error('refused: value of CRM_TOKEN');
          },
        },
      },
      resources: {
        crm: {
          manifest: { environment: ['CRM_TOKEN'] },
          async setUp({ config, env, mask }) {
            seen.push(config, env('CRM_TOKEN'), env('NOT_NAMED'));
            mask(env('CRM_TOKEN') ?? '');
            return { value: {} };
          },
        },
      },
    },
    [step('leak')],
    { host, run: { config: { resources: { crm: { config: { page: 5 } } } } } },
  );

  expect(seen).toEqual([{ page: 5 }, 'value of CRM_TOKEN', undefined]);
  expect(JSON.stringify(run.events)).not.toContain('value of CRM_TOKEN');
  expect(run.of('LOG_MESSAGE').map(({ message, data }) => [message, data.fields])).toEqual([
    ['using ********', { nested: ['********'] }],
  ]);
  expect(host.secrets).toEqual(['value of CRM_TOKEN']);
});

test('Hooks run after each step that they are for; their errors change nothing', async () => {
  const calls: string[] = [];
  const run = await execute(
    {
      ops: {
        good: { run: () => 1 },
        bad: {
          run: () => {
            throw new Error('x');
          },
        },
      },
      jobs: { job: { hooks: ['tell', 'alert'] } },
      hooks: {
        tell: {
          on: 'success',
          resources: ['io_manager'],
          run: async (context) => void calls.push(`tell ${context.stepKey}`),
        },
        alert: {
          on: 'failure',
          resources: [],
          run: async (context) => {
            calls.push(`alert ${context.stepKey}: ${context.error?.message}`);
            throw new Error('the pager is down');
          },
        },
      },
    },
    [step('good'), step('bad')],
    { run: { maxConcurrentSteps: 1 } },
  );

  expect(calls).toEqual(['tell good', 'alert bad: x']);
  const types = (key: string) => run.typesOf(key).filter((type) => type.startsWith('HOOK'));
  expect(types('good')).toEqual(['HOOK_COMPLETED', 'HOOK_SKIPPED']);
  expect(types('bad')).toEqual(['HOOK_SKIPPED', 'HOOK_ERRORED']);
  expect(run.of('STEP_FAILURE')).toHaveLength(1);
});
