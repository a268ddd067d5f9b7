import { createHash } from 'node:crypto';
import type { OpEvent } from '../../lib/definitions/loaded-definitions';
import { dailyPartitions } from '../../lib/model/partitions';
import { step, type TestDefinitions, type TestOp } from './support/definitions';
import { execute } from './support/execute';

const assetOp = (key: string, run: TestOp['run'], given: Partial<TestOp> = {}): TestOp => ({
  assets: [key],
  run,
  ...given,
});
const dependency = (key: string, input: string | null = null) =>
  ({ key, kind: input === null ? 'ordering' : 'data', input, mapping: null }) as const;
const sha = (text: string): string => createHash('sha256').update(text).digest('hex');

test('An asset is materialized with its value’s metadata, versions and the versions of its inputs', async () => {
  const seen: unknown[] = [];
  const definitions: TestDefinitions = {
    ops: {
      raw: assetOp('raw', async function* (): AsyncIterable<OpEvent> {
        yield { type: 'output', name: 'result', value: [1, 2] };
        yield { type: 'materialization', asset: 'raw', metadata: { rows: 2 }, dataVersion: 'v7' };
      }),
      mart: assetOp('mart', (_, inputs) => {
        seen.push(inputs['raw']);
        return 'done';
      }),
    },
    assets: [
      { key: 'raw', op: 'raw' },
      {
        key: 'mart',
        op: 'mart',
        codeVersion: '3',
        dependencies: [dependency('raw', 'raw'), dependency('outside')],
      },
    ],
  };
  const steps = [
    step('raw', { assets: ['raw'] }),
    step('mart', {
      assets: ['mart'],
      dependsOn: ['raw'],
      inputs: [{ name: 'raw', sources: [{ kind: 'asset', asset: 'raw', stepKey: 'raw' }] }],
    }),
  ];
  const run = await execute(definitions, steps, { run: { inputDataVersions: { outside: 'v1' } } });

  expect(seen).toEqual([[1, 2]]);
  expect(
    run.of('ASSET_MATERIALIZATION').map(({ assetKey, stepKey, data }) => ({ assetKey, stepKey, ...data })),
  ).toEqual([
    {
      assetKey: 'raw',
      stepKey: 'raw',
      metadata: { rows: { kind: 'int', value: 2 }, path: { kind: 'text', value: 'raw' } },
      tags: {},
      dataVersion: 'v7',
      inputDataVersions: {},
    },
    {
      assetKey: 'mart',
      stepKey: 'mart',
      metadata: { path: { kind: 'text', value: 'mart' } },
      tags: {},
      codeVersion: '3',
      dataVersion: sha('3\0outside\0v1\0raw\0v7'),
      inputDataVersions: { raw: 'v7', outside: 'v1' },
    },
  ]);
});

test('Without a code version, or with an input of unknown version, the data version is unknown', async () => {
  const run = await execute(
    {
      ops: { a: assetOp('a', () => 1), b: assetOp('b', () => 1) },
      assets: [
        { key: 'a', op: 'a' },
        { key: 'b', op: 'b', codeVersion: '1', dependencies: [dependency('a')] },
      ],
    },
    [step('a', { assets: ['a'] }), step('b', { assets: ['b'], dependsOn: ['a'] })],
  );
  expect(run.of('ASSET_MATERIALIZATION').map(({ data }) => data.dataVersion)).toEqual([undefined, undefined]);
});

test('A range run tells user code its keys and window, and materializes every partition', async () => {
  const seen: unknown[] = [];
  const partitions = dailyPartitions({ start: '2025-01-01', timezone: 'Europe/Berlin' });
  const run = await execute(
    {
      ops: { daily: assetOp('daily', (context) => void seen.push(context.partition)) },
      assets: [{ key: 'daily', op: 'daily', partitions }],
    },
    [step('daily', { assets: ['daily'] })],
    { run: { partitionKeys: ['2025-03-29', '2025-03-30'] } },
  );

  expect(seen).toEqual([
    {
      key: '2025-03-29',
      keys: ['2025-03-29', '2025-03-30'],
      // The second day has 23 hours in Berlin.
      window: { start: '2025-03-28T23:00:00.000Z', end: '2025-03-30T22:00:00.000Z' },
      dimensions: null,
    },
  ]);
  expect(run.of('ASSET_MATERIALIZATION').map(({ partition }) => partition)).toEqual([
    '2025-03-29',
    '2025-03-30',
  ]);
});

test('Inputs are loaded for the partitions that the mapping names', async () => {
  const daily = dailyPartitions({ start: '2025-01-01' });
  const loaded: unknown[] = [];
  const definitions: TestDefinitions = {
    ops: { sum: assetOp('sum', (_, inputs) => void loaded.push(inputs['days'])) },
    resources: {
      io_manager: {
        setUp: async () => ({
          value: {
            handleOutput: async () => undefined,
            loadInput: async (context: { partitionKeys: readonly string[] }) => context.partitionKeys,
          },
        }),
      },
    },
    assets: [
      { key: 'days', partitions: daily },
      {
        key: 'sum',
        op: 'sum',
        partitions: daily,
        dependencies: [{ ...dependency('days', 'days'), mapping: { type: 'time_window', startOffset: -1 } }],
      },
    ],
  };
  const input = { name: 'days', sources: [{ kind: 'asset', asset: 'days', stepKey: null } as const] };
  await execute(definitions, [step('sum', { assets: ['sum'], inputs: [input] })], {
    run: { partitionKeys: ['2025-01-03'] },
  });

  expect(loaded).toEqual([['2025-01-02', '2025-01-03']]);
});

test('A failed asset, and what is below it, are said not to be materialized', async () => {
  const bad = assetOp('bad', () => {
    throw new Error('x');
  });
  const run = await execute(
    {
      ops: { bad, below: assetOp('below', () => 1) },
      assets: [
        { key: 'bad', op: 'bad' },
        { key: 'below', op: 'below' },
      ],
    },
    [step('bad', { assets: ['bad'] }), step('below', { assets: ['below'], dependsOn: ['bad'] })],
  );
  expect(run.of('ASSET_FAILED_TO_MATERIALIZE').map(({ assetKey, data }) => [assetKey, data.reason])).toEqual([
    ['bad', 'FAILED_TO_MATERIALIZE'],
    ['below', 'UPSTREAM_FAILED_TO_MATERIALIZE'],
  ]);
});

describe('checks', () => {
  const checked = (passed: boolean, severity: 'ERROR' | 'WARN', blocking: boolean): TestDefinitions => ({
    ops: {
      a: assetOp('a', async function* (): AsyncIterable<OpEvent> {
        yield { type: 'materialization', asset: 'a' };
        yield { type: 'check', asset: 'a', name: 'fresh', passed, severity, metadata: { rows: 0 } };
      }),
      b: assetOp('b', () => 1),
    },
    assets: [
      { key: 'a', op: 'a' },
      { key: 'b', op: 'b', dependencies: [dependency('a')] },
    ],
    checks: [{ asset: 'a', name: 'fresh', blocking }],
  });
  const plan = [
    step('a', { assets: ['a'], checks: [{ asset: 'a', name: 'fresh' }] }),
    step('b', { assets: ['b'], dependsOn: ['a'], blockedBy: [{ asset: 'a', name: 'fresh' }] }),
  ];

  test.each([
    { passed: true, severity: 'ERROR', blocking: true, goesOn: true },
    { passed: false, severity: 'WARN', blocking: true, goesOn: true },
    { passed: false, severity: 'ERROR', blocking: false, goesOn: true },
    { passed: false, severity: 'ERROR', blocking: true, goesOn: false },
  ] as const)('passed $passed, $severity, blocking $blocking: downstream goes on: $goesOn', async (given) => {
    const run = await execute(checked(given.passed, given.severity, given.blocking), plan);

    expect(run.of('ASSET_CHECK_EVALUATION').map(({ data }) => data)).toEqual([
      {
        asset: 'a',
        name: 'fresh',
        passed: given.passed,
        severity: given.severity,
        blocking: given.blocking,
        metadata: { rows: { kind: 'int', value: 0 } },
      },
    ]);
    expect(run.typesOf('b').includes('STEP_SUCCESS')).toBe(given.goesOn);
    expect(run.end).toMatchObject({ outcome: { status: given.goesOn ? 'SUCCESS' : 'FAILURE' } });
    // The asset itself was made either way.
    expect(run.of('ASSET_MATERIALIZATION').map(({ assetKey }) => assetKey)).toContain('a');
    expect(run.of('ASSET_FAILED_TO_MATERIALIZE').map(({ assetKey }) => assetKey)).toEqual(
      given.goesOn ? [] : ['b'],
    );
  });

  test('A failed blocking check is not tried again and names itself as the cause', async () => {
    const [first, second] = plan;
    const retried = [{ ...first, retryPolicy: { maxRetries: 3 } }, second].flatMap(
      (each) => each ?? [],
    ) as typeof plan;
    const run = await execute(checked(false, 'ERROR', true), retried);
    expect(run.of('STEP_UP_FOR_RETRY')).toEqual([]);
    expect(run.of('STEP_FAILURE').map(({ data }) => data.error.message)).toEqual([
      'Blocking check failed: a:fresh. Downstream steps do not run.',
    ]);
  });
});

test.each([
  [
    'an output that is not declared',
    { type: 'output', name: 'other', value: 1 },
    /"other", which is not declared \(declared: result\)/,
  ],
  [
    'a mapping key on an ordinary output',
    { type: 'output', name: 'result', value: 1, mappingKey: 'k' },
    /is not dynamic/,
  ],
] as const)('Yielding %s fails the step', async (_, event, message) => {
  const run = await execute(
    {
      ops: {
        op: {
          async *run() {
            yield event as OpEvent;
          },
        },
      },
    },
    [step('op')],
  );
  expect(run.of('STEP_FAILURE')[0]?.data.error.message).toMatch(message);
});

test('A required output or asset that never comes fails the step', async () => {
  const silent: TestOp['run'] = async function* (): AsyncIterable<OpEvent> {};
  const run = await execute(
    {
      ops: { op: { run: silent }, asset: assetOp('asset', silent) },
      assets: [{ key: 'asset', op: 'asset' }],
    },
    [step('op'), step('asset', { assets: ['asset'] })],
  );
  expect(
    run
      .of('STEP_FAILURE')
      .map(({ data }) => data.error.message)
      .sort(),
  ).toEqual([
    'Step "asset": it ended without materializing asset.',
    'Step "op": the required output "result" was not yielded.',
  ]);
});
