import { describe, expect, test } from '@jest/globals';
import {
  asset,
  dailyPartitions,
  dependency,
  env,
  Failure,
  ioManager,
  mapping,
  materializeResult,
  multiAsset,
  RetryRequested,
  resource,
  secret,
  staticPartitions,
  z,
} from 'headrace';
import { fakeClock, materialize } from 'headrace/testing';

const api = resource({
  settings: { url: env('API_URL', 'https://api.test'), token: secret('API_TOKEN') },
  setUp: ({ settings }) => ({ count: async (start: string) => (start === '' ? 0 : settings.url.length) }),
});
const daily = dailyPartitions({ start: '2026-01-01' });
const events = asset({
  key: 'raw/events',
  partitions: daily,
  resources: { api },
  config: z.object({ factor: z.number().default(2) }),
  async run({ partition, resources, config, log }) {
    log.info(`reading ${partition.window.start}`);
    return { rows: (await resources.api.count(partition.window.start)) * config.factor, day: partition.key };
  },
  checks: {
    hasRows: ({ rows }) => rows > 0,
    few: { severity: 'WARN', check: ({ rows }) => ({ passed: rows < 5, metadata: { rows } }) },
  },
});

describe('materialize', () => {
  test('gives the value, its report as metadata, checks and logs of an asset with fake resources', async () => {
    // Act
    const result = await materialize(events, {
      partition: '2026-01-02',
      resources: { api: { count: async () => 3 } },
    });

    // Assess
    expect(result.value).toEqual({ rows: 6, day: '2026-01-02' });
    expect(result.metadata).toEqual({ rows: 6, day: '2026-01-02' });
    expect(result.checks.hasRows).toMatchObject({
      passed: true,
      severity: 'ERROR',
      partition: '2026-01-02',
    });
    expect(result.checks.few).toMatchObject({ passed: false, severity: 'WARN' });
    expect(result.logs).toEqual([
      { level: 'INFO', message: 'reading 2026-01-02T00:00:00.000Z', stepKey: 'raw__events' },
    ]);
    expect(result.success).toBe(true);
  });

  test('sets up real resources from the environment that the test gives, and config from its schema', async () => {
    const result = await materialize(events, {
      partition: '2026-01-02',
      env: { API_TOKEN: 'abc', API_URL: '12345' },
      config: { factor: 1 },
    });
    expect(result.value.rows).toBe(5);
  });

  test('says which secret is missing', async () => {
    await expect(materialize(events, { partition: '2026-01-02' })).rejects.toThrow(
      /Resource "api" needs the secret API_TOKEN/,
    );
  });

  test('refuses a partition that can never exist, and asks for one', async () => {
    const fakes = { resources: { api: { count: async () => 3 } } };
    await expect(materialize(events, { ...fakes, partition: '2026-13-02' })).rejects.toThrow(/2026-13-02/);
    await expect(materialize(events, fakes)).rejects.toThrow(/is partitioned: say which/);
  });

  test('retries by the policy without waiting, and tells each wait', async () => {
    // Prepare
    let tries = 0;
    const flaky = asset({
      key: 'flaky',
      retry: { maxRetries: 3, delay: '10s', backoff: 'exponential' },
      run: ({ tryNumber }) => {
        tries += 1;
        if (tries < 4) throw new Error('not yet');
        return { tryNumber };
      },
    });
    const clock = fakeClock('2026-01-01T00:00:00Z');

    // Act
    const result = await materialize(flaky, { clock });

    // Assess
    expect(clock.slept).toEqual([10, 30, 70]);
    expect(result.metadata).toEqual({ tryNumber: 4 });
  });

  test('throws what user code threw, as it was thrown', async () => {
    const thrown = new RangeError('boom');
    const broken = asset({ key: 'broken', run: () => Promise.reject(thrown) });
    await expect(materialize(broken)).rejects.toBe(thrown);
    const result = await materialize(broken, { raiseOnError: false });
    expect(result).toMatchObject({ success: false, error: thrown });
  });

  test('a Failure forbids retries and RetryRequested asks for them', async () => {
    // Prepare
    let failures = 0;
    let requests = 0;
    const failing = asset({
      key: 'failing',
      retry: { maxRetries: 3 },
      run: () => {
        failures += 1;
        throw new Failure('never', { allowRetries: false, metadata: { file: 'a.csv' } });
      },
    });
    const asking = asset({
      key: 'asking',
      run: () => {
        requests += 1;
        if (requests < 3) throw new RetryRequested('again', { maxRetries: 5, delay: '1m' });
      },
    });
    const clock = fakeClock(0);

    // Act
    await materialize(failing, { raiseOnError: false });
    await materialize(asking, { clock });

    // Assess
    expect(failures).toBe(1);
    expect(requests).toBe(3);
    expect(clock.slept).toEqual([60, 60]);
  });

  test('passes values between assets, and shows a stored value to nobody', async () => {
    // Prepare
    const numbers = asset({ key: 'numbers', run: () => ({ list: [1, 2, 3] }) });
    const sum = asset({
      key: 'sum',
      inputs: { numbers },
      run: ({ inputs }) => inputs.numbers.list.reduce((a, b) => a + b, 0),
    });

    // Act
    const result = await materialize([numbers, sum]);

    // Assess
    expect(result.valueOf(sum)).toBe(6);
    expect(result.metadataOf(numbers)).toEqual({});
  });

  test('takes values of upstream assets by the name of the input', async () => {
    const total = asset({
      key: 'total',
      inputs: { events, weekly: dependency(events, mapping.all()) },
      run: ({ inputs }) => Object.values(inputs.events).reduce((sum, { rows }) => sum + rows, 0),
    });
    const result = await materialize(total, {
      inputs: { events: { '2026-01-01': { rows: 1, day: '' }, '2026-01-02': { rows: 4, day: '' } } },
    });
    expect(result.value).toBe(5);
  });

  test('an unpartitioned asset gets an object by key even when there is one key only', async () => {
    // Prepare
    const region = asset({
      key: 'region',
      partitions: staticPartitions(['eu']),
      run: ({ partition }) => partition.key.toUpperCase(),
    });
    const all = asset({ key: 'all', inputs: { region }, run: ({ inputs }) => inputs.region });

    // Act
    const result = await materialize([region, all], { partition: 'eu' });

    // Assess
    expect(result.valueOf(all)).toEqual({ eu: 'EU' });
  });

  test('a run over a range stores one value per partition', async () => {
    // Prepare
    const range = asset({
      key: 'range',
      partitions: daily,
      run: ({ partition }) => Object.fromEntries(partition.keys.map((key) => [key, key.slice(-2)])),
    });
    const reader = asset({
      key: 'reader',
      partitions: daily,
      inputs: { range },
      run: ({ inputs }) => inputs.range,
    });

    // Act
    const result = await materialize([range, reader], { partition: ['2026-01-01', '2026-01-02'] });

    // Assess
    expect(result.valueOf(reader)).toEqual({ '2026-01-01': '01', '2026-01-02': '02' });
    expect(result.materializations).toHaveLength(4);
  });

  test('materializeResult says everything; without a value nothing is stored', async () => {
    const result = await materialize(
      asset({
        key: 'told',
        run: () => materializeResult({ metadata: { rows: 3 }, dataVersion: 'v1', tags: { source: 'test' } }),
      }),
    );
    expect(result.materializations).toEqual([
      { asset: 'told', partition: null, metadata: { rows: 3 }, tags: { source: 'test' }, dataVersion: 'v1' },
    ]);
  });

  test('a value says itself what is shown when it can', async () => {
    class Loaded {
      readonly rows = 3;
      toMetadata() {
        return { loaded: this.rows };
      }
    }
    const result = await materialize(
      asset({ key: 'loaded', run: () => new Loaded(), checks: { any: ({ rows }) => rows === 3 } }),
    );
    expect(result.metadata).toEqual({ loaded: 3 });
    expect(result.checks.any?.passed).toBe(true);
  });

  test('IO managers that assets name are replaced by memory', async () => {
    // Prepare
    const outside = ioManager<number>({
      setUp: () => {
        throw new Error('must not be set up');
      },
    });

    // Act
    const result = await materialize(asset({ key: 'kept', ioManager: outside, run: () => 7 }));

    // Assess
    expect(result.value).toBe(7);
    expect(result.metadata).toEqual({});
  });

  test('a blocking check that fails keeps assets downstream from running', async () => {
    // Prepare
    const bad = asset({
      key: 'bad',
      run: () => ({ rows: 0 }),
      checks: { hasRows: { blocking: true, check: ({ rows }) => rows > 0 } },
    });
    let ran = false;
    const next = asset({
      key: 'next',
      deps: [bad],
      run: () => {
        ran = true;
      },
    });

    // Act
    const result = await materialize([bad, next], { raiseOnError: false });

    // Assess
    expect(result.checkEvaluations).toMatchObject([{ name: 'hasRows', passed: false }]);
    expect(result.success).toBe(false);
    expect(ran).toBe(false);
  });

  test('a multi-asset must give a result for each asset that is not optional', async () => {
    const specs = [{ key: 'm/a' }, { key: 'm/b', optional: true }, { key: 'm/c' }] as const;
    const silent = multiAsset({ name: 'silent', specs, run: () => {} });
    const partial = multiAsset({
      name: 'partial',
      specs,
      *run() {
        yield materializeResult({ asset: 'm/a', metadata: { rows: 1 } });
      },
    });
    const wrong = multiAsset({
      name: 'wrong',
      specs,
      *run() {
        yield materializeResult({ asset: 'm/x' });
      },
    });

    expect((await materialize(silent)).materializations.map(({ asset: key }) => key)).toEqual([
      'm/a',
      'm/b',
      'm/c',
    ]);
    await expect(materialize(partial)).rejects.toThrow(/ended without a result for m\/c\./);
    await expect(materialize(wrong)).rejects.toThrow(/m\/x, which is none of its assets/);
  });
});
