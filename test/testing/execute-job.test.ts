import { describe, expect, test } from '@jest/globals';
import {
  asset,
  dailyPartitions,
  defineAssetJob,
  dynamicOutput,
  failureHook,
  graph,
  type Handle,
  job,
  materializeResult,
  op,
  output,
  resource,
  z,
} from 'headrace';
import { executeJob } from 'headrace/testing';

const store = resource({ setUp: () => ({ files: ['a', 'bbb'] }) });
const list = op({
  name: 'list',
  dynamic: true,
  resources: { store },
  async *run({ resources }) {
    for (const file of resources.store.files) yield dynamicOutput(file, `/${file}.csv`);
  },
});
const size = op({ name: 'size', inputs: { file: z.string() }, run: ({ inputs }) => inputs.file.length });
const total = op({
  name: 'total',
  inputs: { sizes: z.array(z.number()) },
  config: z.object({ offset: z.number() }),
  run: ({ inputs, config }) => inputs.sizes.reduce((a, b) => a + b, config.offset),
});
const files = job({
  name: 'files',
  graph: () =>
    total({
      sizes: list()
        .map((file) => size({ file }))
        .collect(),
    }),
});

describe('executeJob', () => {
  test('maps and collects dynamic outputs with fake resources', async () => {
    // Act
    const result = await executeJob(files, {
      resources: { store: { files: ['x', 'yy', 'zzz'] } },
      config: { ops: { total: { config: { offset: 100 } } } },
    });

    // Assess
    expect(result.outputOf('size[yy]')).toBe(7);
    expect(result.outputOf('total')).toBe(100 + 6 + 7 + 8);
  });

  test('refuses config that does not fit', async () => {
    await expect(executeJob(files)).rejects.toThrow(
      /ops\.total\.config\.offset: The field "offset" is required/,
    );
  });

  test('an output that is left out skips what depends on it', async () => {
    // Prepare
    const route = op({
      name: 'route',
      outputs: {
        small: output(z.number(), { required: false }),
        large: output(z.number(), { required: false }),
      },
      run: () => ({ small: 1 }),
    });
    const seen: string[] = [];
    const take = op({
      name: 'take',
      inputs: { value: z.number() },
      run: ({ stepKey }) => void seen.push(stepKey),
    });
    const branching = job({
      name: 'branching',
      graph() {
        const { small, large } = route();
        take({ value: small }, { name: 'take_small' });
        take({ value: large }, { name: 'take_large' });
      },
    });

    // Act
    const result = await executeJob(branching);

    // Assess
    expect(seen).toEqual(['take_small']);
    expect(result.success).toBe(true);
  });

  test('nested graphs name their nodes after themselves, and order without values holds', async () => {
    // Prepare
    const order: string[] = [];
    const note = op({ name: 'note', run: ({ stepKey }) => order.push(stepKey) });
    const use = op({
      name: 'use',
      inputs: { n: z.number() },
      run: ({ stepKey }) => void order.push(stepKey),
    });
    const inner = graph('inner', ({ n }: { n: Handle<number> }) => {
      use({ n });
      return note();
    });
    const nested = job({
      name: 'nested',
      graph() {
        const last = inner({ n: note() });
        note({}, { after: last, name: 'last' });
      },
    });

    // Act
    await executeJob(nested);

    // Assess
    expect(new Set(order)).toEqual(new Set(['note', 'inner.use', 'inner.note', 'last']));
    expect(order.indexOf('last')).toBeGreaterThan(order.indexOf('inner.note'));
  });

  test('a value that does not fit its input fails the step and names the input', async () => {
    const text = op({ name: 'text', run: () => 'not a number' as unknown as number });
    const use = op({ name: 'use', inputs: { n: z.number() }, run: ({ inputs }) => inputs.n });
    const wrong = job({ name: 'wrong', graph: () => use({ n: text() }) });
    await expect(executeJob(wrong)).rejects.toThrow(/use/);
  });

  test('failure hooks see the error, with fakes', async () => {
    // Prepare
    const told: string[] = [];
    const slack = resource({ setUp: () => ({ post: (_text: string) => {} }) });
    const tell = failureHook({
      name: 'tell',
      resources: { slack },
      run: ({ resources, error, stepKey }) => resources.slack.post(`${stepKey}: ${error?.message}`),
    });
    const fail = op({
      name: 'fail',
      run: () => {
        throw new Error('boom');
      },
    });

    // Act
    await executeJob(job({ name: 'hooked', hooks: [tell], graph: () => fail() }), {
      raiseOnError: false,
      resources: { slack: { post: (text: string) => told.push(text) } },
    });

    // Assess
    expect(told).toEqual(['fail: boom']);
  });

  test('an op that returns materializeResult makes assets on its way, and its output is null', async () => {
    const load = op({
      name: 'load',
      run: () =>
        ['2026-01-01', '2026-01-02'].map((partition) =>
          materializeResult({ asset: 'raw/x', partition, metadata: { rows: 1 } }),
        ),
    });
    const result = await executeJob(job({ name: 'loading', graph: () => load() }));
    expect(result.materializations.map(({ asset: key, partition }) => [key, partition])).toEqual([
      ['raw/x', '2026-01-01'],
      ['raw/x', '2026-01-02'],
    ]);
    expect(result.outputOf('load')).toBeNull();
  });

  test('a job whose config depends on the partition gives it to the run, unless the test says otherwise', async () => {
    const days = dailyPartitions({ start: '2026-01-01' });
    const config = z.object({ from: z.string() });
    const load = op({ name: 'load', config, run: ({ config: { from } }) => from });
    const ofDay = job({
      name: 'of_day',
      partitions: days,
      graph: () => load(),
      config: ({ window }) => ({ ops: { load: { config: { from: window.start.slice(0, 10) } } } }),
    });
    const own = await executeJob(ofDay, { partition: '2026-01-03' });
    expect(own.outputOf('load')).toBe('2026-01-03');
    const given = { ops: { load: { config: { from: 'here' } } } };
    const other = await executeJob(ofDay, { partition: '2026-01-03', config: given });
    expect(other.outputOf('load')).toBe('here');

    const files = asset({ key: 'files', partitions: days, config, run: ({ config: { from } }) => from });
    const ofAssets = defineAssetJob({
      name: 'of_assets',
      select: files,
      config: ({ key }) => ({ ops: { files: { config: { from: key } } } }),
    });
    expect((await executeJob(ofAssets, { partition: '2026-01-04' })).outputOf('files')).toBe('2026-01-04');
  });

  test('an asset job runs the assets that it selects', async () => {
    const one = asset({ key: 'one', run: () => 1 });
    const two = asset({ key: 'two', inputs: { one }, run: ({ inputs }) => inputs.one + 1 });
    const result = await executeJob(defineAssetJob({ name: 'both', select: [one, two] }));
    expect(result.outputOf('two')).toBe(2);
    await expect(executeJob(defineAssetJob({ name: 'text', select: 'group:default' }))).rejects.toThrow(
      /give them/,
    );
  });
});
