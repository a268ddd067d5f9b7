import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import {
  asset,
  assetCheck,
  assetSensor,
  automation,
  backfill,
  dailyPartitions,
  define,
  defineAssetJob,
  dependency,
  env,
  externalAsset,
  freshness,
  ioManager,
  job,
  mapping,
  md,
  multiAsset,
  op,
  resource,
  runStatusSensor,
  schedule,
  secret,
  sensor,
  staticPartitions,
  z,
} from 'headrace';

const daily = dailyPartitions({ start: '2026-01-01', timezone: 'Europe/Berlin' });
const manifestOf = (input: Parameters<typeof define>[0]) => define(input).manifest('test');

describe('the manifest', () => {
  test('has everything that is said of an asset', () => {
    // Prepare
    const upstream = asset({ key: 'raw/up', partitions: daily, run: () => [1] });
    const full = asset({
      key: 'stats/full',
      description: 'All that can be said.',
      group: 'stats',
      tags: { 'team/domain': 'geo' },
      kinds: ['snowflake'],
      owners: ['team:geo', 'ada@example.com'],
      metadata: { docs: 'https://example.com', note: md('**x**') },
      codeVersion: '3',
      partitions: daily,
      inputs: { up: upstream },
      deps: ['raw/up', externalAsset('erp/orders')],
      config: z.object({ limit: z.number().int().default(5) }),
      retry: { maxRetries: 2, delay: '1m', backoff: 'linear', jitter: 'plus_minus' },
      pool: 'snowflake',
      opTags: { 'dagster/priority': '3' },
      isolation: 'process',
      freshness: freshness.timeWindow({ failWindow: '26h', warnWindow: '25h' }),
      backfill: backfill.singleRun(),
      automation: automation.onCron('@daily'),
      run: () => 1,
      checks: { fine: { blocking: true, description: 'Is it?', check: () => true } },
    });

    // Act
    const manifest = manifestOf({ assets: [upstream, full] });

    // Assess
    expect(manifest.assets.map(({ key, op }) => [key, op])).toEqual([
      ['raw/up', 'raw__up'],
      ['stats/full', 'stats__full'],
      ['erp/orders', null],
    ]);
    expect(manifest.assets[1]).toMatchObject({
      dependencies: [
        { key: 'raw/up', kind: 'data', input: 'up', mapping: null },
        { key: 'raw/up', kind: 'ordering', input: null, mapping: null },
        { key: 'erp/orders', kind: 'ordering', input: null, mapping: null },
      ],
      group: 'stats',
      metadata: { docs: { kind: 'url', value: 'https://example.com' }, note: { kind: 'md', value: '**x**' } },
      freshnessPolicy: { kind: 'time_window', failWindow: 93_600, warnWindow: 90_000 },
      backfillPolicy: { maxPartitionsPerRun: null },
      automationCondition: { op: 'and', label: 'on_cron(@daily, UTC)' },
      ioManager: 'io_manager',
    });
    expect(manifest.ops[1]).toMatchObject({
      name: 'stats__full',
      outputs: [{ name: 'result', isRequired: true, isDynamic: false, ioManager: 'io_manager' }],
      retryPolicy: { maxRetries: 2, delaySeconds: 60, backoff: 'LINEAR', jitter: 'PLUS_MINUS' },
      configSchema: { type: 'object', properties: { limit: { type: 'integer', default: 5 } } },
      pool: 'snowflake',
      isolation: 'process',
      checks: ['fine'],
    });
    expect(manifest.assetChecks).toMatchObject([
      { asset: 'stats/full', name: 'fine', blocking: true, op: 'stats__full' },
    ]);
    expect(manifest.sensors).toMatchObject([
      {
        name: 'default_automation_condition_sensor',
        kind: 'AUTOMATION',
        assets: ['stats/full'],
        defaultStatus: 'STOPPED',
      },
    ]);
    expect(JSON.parse(JSON.stringify(manifest))).toEqual(manifest);
  });

  test('names where each definition stands', () => {
    const manifest = manifestOf({ assets: asset({ key: 'here', run: () => 1 }) });
    expect(manifest.assets[0]?.source.file).toMatch(/define\.test\.ts$/);
    expect(manifest.assets[0]?.source.line).toBeGreaterThan(100);
  });

  test('shows environment variables and secrets of resources by name only', () => {
    // Prepare
    const inner = resource({ settings: { token: secret('TOKEN') }, setUp: () => 1 });
    const outer = resource({
      settings: { url: env('URL', 'http://x'), list: [env('LIST')], make: () => 1 },
      config: z.object({ size: z.number() }),
      resources: { inner },
      setUp: ({ resources }) => resources.inner,
    });

    // Act
    const { resources } = manifestOf({ assets: asset({ key: 'a', resources: { outer }, run: () => 1 }) });

    // Assess
    expect(resources.map(({ name }) => name).sort()).toEqual(['inner', 'io_manager', 'outer']);
    expect(resources.find(({ name }) => name === 'outer')).toMatchObject({
      config: { url: { env: 'URL', default: 'http://x' }, list: [{ env: 'LIST' }] },
      environment: ['URL', 'LIST'],
      dependencies: ['inner'],
      configSchema: { required: ['size'] },
      isIoManager: false,
    });
    expect(resources.find(({ name }) => name === 'inner')?.config).toEqual({ token: { secret: 'TOKEN' } });
  });

  test('takes modules, lists and single definitions, and ignores what else a module exports', () => {
    const a = asset({ key: 'a', run: () => 1 });
    const b = asset({ key: 'b', run: () => 1 });
    const manifest = manifestOf({ assets: [{ a, helper: () => 1, again: [a], LIMIT: 3 }, [[b]]] });
    expect(manifest.assets.map(({ key }) => key)).toEqual(['a', 'b']);
  });

  test('resolves selections of jobs, and gives them the partitions that their assets share', () => {
    // Prepare
    const a = asset({ key: 'raw/a', group: 'raw', partitions: daily, run: () => 1 });
    const b = asset({ key: 'raw/b', group: 'raw', partitions: { ...daily }, deps: [a], run: () => 1 });
    const c = asset({ key: 'mart/c', deps: [b], run: () => 1 });
    const check = assetCheck({ asset: a, name: 'own', run: () => true });

    // Act
    const manifest = manifestOf({
      assets: [a, b, c],
      assetChecks: check,
      jobs: [
        defineAssetJob({ name: 'raw', select: 'group:raw' }),
        defineAssetJob({ name: 'down', select: 'raw/b+' }),
        defineAssetJob({ name: 'mixed', select: [c, 'raw/a'] }),
      ],
      schedules: [schedule({ job: 'raw' })],
    });

    // Assess
    const jobs = new Map(manifest.jobs.map((job) => [job.name, job]));
    expect(jobs.get('raw')).toMatchObject({
      assets: ['raw/a', 'raw/b'],
      partitions: { timezone: 'Europe/Berlin' },
    });
    expect(jobs.get('raw')?.assetChecks).toEqual([{ asset: 'raw/a', name: 'own' }]);
    expect(jobs.get('down')?.assets).toEqual(['raw/b', 'mart/c']);
    expect(jobs.get('mixed')?.assets).toEqual(['raw/a', 'mart/c']);
    expect(jobs.get('__ASSET_JOB')).toMatchObject({ assets: ['raw/a', 'raw/b', 'mart/c'], partitions: null });
    expect(manifest.schedules).toMatchObject([
      {
        name: 'raw_schedule',
        cron: ['0 0 * * *'],
        timezone: 'Europe/Berlin',
        request: { partitioned: true },
      },
    ]);
  });

  test('has sensors with what they follow', () => {
    const a = asset({ key: 'a', run: () => 1 });
    const job = defineAssetJob({ name: 'j', select: a });
    const { sensors } = manifestOf({
      assets: a,
      jobs: job,
      sensors: [
        sensor({ name: 'poll', job, minimumInterval: '2m', defaultStatus: 'RUNNING', evaluate: () => null }),
        runStatusSensor({
          name: 'ends',
          statuses: ['FAILURE'],
          monitor: [job, { location: 'other' }],
          evaluate: () => null,
        }),
        assetSensor({ name: 'made', assets: ['other/x', a], jobs: [job] }),
      ],
    });
    expect(sensors).toMatchObject([
      {
        name: 'poll',
        kind: 'STANDARD',
        jobNames: ['j'],
        minimumIntervalSeconds: 120,
        defaultStatus: 'RUNNING',
      },
      {
        kind: 'RUN_STATUS',
        runStatus: {
          statuses: ['FAILURE'],
          jobs: [
            { location: null, jobName: 'j' },
            { location: 'other', jobName: null },
          ],
        },
      },
      { kind: 'MULTI_ASSET', assets: ['other/x', 'a'], jobNames: ['j'] },
    ]);
  });

  test('the smallest asset with a retry and a schedule makes its job by itself', () => {
    const quakes = asset({
      key: 'raw/quakes',
      retry: { maxRetries: 3, delay: '10s' },
      run: () => ({ rows: 3 }),
    });
    const manifest = manifestOf({
      assets: [quakes],
      schedules: [schedule({ select: quakes, cron: '@hourly' })],
    });
    expect(manifest.schedules).toMatchObject([{ name: 'raw__quakes_schedule', jobName: 'raw__quakes_job' }]);
    expect(manifest.jobs.map(({ name }) => name)).toEqual(['raw__quakes_job', '__ASSET_JOB']);
  });

  test('of 10,000 assets is made of plain data that survives JSON', () => {
    // Prepare
    const assets: ReturnType<typeof asset>[] = [];
    for (let index = 0; index < 10_000; index += 1) {
      const before = assets[index - 1];
      assets.push(
        asset({
          key: `group_${index % 100}/asset_${index}`,
          deps: before === undefined ? [] : [before],
          run: () => 1,
        }) as never,
      );
    }

    // Act
    const manifest = manifestOf({ assets });

    // Assess
    expect(manifest.assets).toHaveLength(10_000);
    expect(manifest.assets[9_999]?.dependencies).toHaveLength(1);
  });
});

describe('mistakes', () => {
  /** Messages of everything wrong with an input. */
  function mistakesOf(input: Parameters<typeof define>[0]): string[] {
    try {
      define(input);
    } catch (error) {
      return (error as { mistakes: { message: string }[] }).mistakes.map(({ message }) => message);
    }
    return [];
  }

  test('are all reported at once, each with its place', () => {
    // Prepare
    const good = asset({ key: 'good', run: () => 1 });
    const input = {
      assets: [
        good,
        asset({ key: 'bad key', run: () => 1 }),
        asset({ key: 'twice', run: () => 1 }),
        asset({ key: 'twice', run: () => 2 }),
        asset({ key: 'lost', deps: ['goood'], run: () => 1 }),
        asset({ key: 'retried', retry: { maxRetries: 0, backoff: 'linear' as const }, run: () => 1 }),
        asset({ key: 'late', retry: { maxRetries: 1, delay: 'soon' }, run: () => 1 }),
        asset({
          key: 'tagged',
          tags: { 'a b': 'c' },
          owners: ['ada'],
          kinds: ['1', '2', '3', '4'],
          run: () => 1,
        }),
        asset({ key: 'kept', ioManager: 'parquet', run: () => 1 }),
        asset({ key: 'dated', partitions: dailyPartitions({ start: 'yesterday' }), run: () => 1 }),
        asset({
          key: 'stale',
          freshness: freshness.timeWindow({ failWindow: '1h', warnWindow: '2h' }),
          run: () => 1,
        }),
      ],
      assetChecks: assetCheck({ asset: 'nowhere', name: 'c', run: () => true }),
      jobs: [
        defineAssetJob({ name: 'empty', select: 'group:nothing' }),
        defineAssetJob({ name: 'typo', select: 'good and' }),
        defineAssetJob({ name: 'configured', select: good, config: { ops: { goood: {} } } }),
      ],
      schedules: [
        schedule({ job: 'configured', cron: '99 * * * *' }),
        schedule({ job: 'missing', cron: '@daily' }),
        schedule({ name: 'zone', job: 'configured', cron: '@daily', timezone: 'Mars/Base' }),
        schedule({ name: 'clock', job: 'configured' }),
      ],
      sensors: [sensor({ name: 'poll', job: 'configurd', minimumInterval: 'often', evaluate: () => null })],
    };

    // Act
    const mistakes = mistakesOf(input);

    // Assess
    for (const expected of [
      /^Asset bad key: key "bad key" is not valid/,
      /^Asset twice: its key is already defined at .*define\.test\.ts:\d+/,
      /^Asset lost: it depends on goood, which is not defined here\. Did you mean 'good'/,
      /^Asset retried: retry\.maxRetries is 0/,
      /^Asset retried: retry\.backoff and retry\.jitter need a retry\.delay/,
      /^Asset late: retry\.delay is "soon"/,
      /^Asset tagged: tag "a b" is not valid/,
      /^Asset tagged: owner "ada" is neither/,
      /^Asset tagged: it has 4 kinds/,
      /^Asset kept: IO manager "parquet" does not exist/,
      /^Asset dated: partitions: .*yesterday/,
      /^Asset stale: freshness: warnWindow must be shorter/,
      /^Check c of asset nowhere: there is no such asset/,
      /^Job empty: selection "group:nothing" selects nothing/,
      /^Job typo: selection "good and"/,
      /^Job configured: config ops\.goood: This job has no op "goood"/,
      /^Schedule configured_schedule: .*99/,
      /^Schedule missing_schedule: there is no job "missing"/,
      /^Schedule zone: .*Mars\/Base/,
      /^Schedule clock: it needs a cron/,
      /^Sensor poll: there is no job "configurd"\. Did you mean 'configured'/,
      /^Sensor poll: minimumInterval is "often"/,
    ]) {
      expect(mistakes).toContainEqual(expect.stringMatching(expected));
    }
  });

  test('a cycle is named along its path', () => {
    const a = asset({ key: 'a', deps: ['c'], run: () => 1 });
    const b = asset({ key: 'b', deps: [a], run: () => 1 });
    const c = asset({ key: 'c', deps: [b], run: () => 1 });
    expect(mistakesOf({ assets: [a, b, c] })).toEqual(['Asset a: it depends on itself: a ← c ← b ← a']);
  });

  test('an asset may read its own previous partition and nothing else of itself', () => {
    const self = (deps: Parameters<typeof asset>[0]['deps']) =>
      asset({ key: 'self', partitions: daily, ...(deps === undefined ? {} : { deps }), run: () => 1 });
    expect(mistakesOf({ assets: self([dependency('self', mapping.previous())]) })).toEqual([]);
    expect(mistakesOf({ assets: self(['self']) })).toEqual([
      expect.stringMatching(/it depends on itself: that needs/),
    ]);
  });

  test('mappings that fit neither side are refused', () => {
    const regions = asset({ key: 'regions', partitions: staticPartitions(['eu']), run: () => 1 });
    const days = asset({ key: 'days', partitions: daily, deps: [regions], run: () => 1 });
    expect(mistakesOf({ assets: [regions, days] })).toEqual([
      expect.stringMatching(/^Asset days: dependency on regions: /),
    ]);
  });

  test('a job cannot mix partitions, and a schedule cannot guess a static one', () => {
    const regions = asset({ key: 'regions', partitions: staticPartitions(['eu']), run: () => 1 });
    const days = asset({ key: 'days', partitions: daily, run: () => 1 });
    expect(
      mistakesOf({
        assets: [regions, days],
        jobs: defineAssetJob({ name: 'both', select: '*' }),
        schedules: schedule({ name: 's', select: regions, cron: '@daily' }),
      }),
    ).toEqual([
      expect.stringMatching(/^Job both: its assets regions and days have different partitions/),
      expect.stringMatching(/^Schedule s: its job has static partitions/),
    ]);
  });

  test('config and run tags that depend on the partition need partitions', () => {
    const load = op({ name: 'load', run: () => 1 });
    const graph = () => {
      load();
    };
    const runTags = () => ({ by: 'partition' });
    expect(mistakesOf({ jobs: job({ name: 'whole', graph, runTags }) })).toEqual([
      expect.stringMatching(/^Job whole: its config or run tags depend on the partition/),
    ]);
    const each = job({ name: 'each', partitions: daily, graph, runTags });
    expect(manifestOf({ jobs: each }).jobs).toMatchObject([
      { name: 'each', isConfiguredByPartition: true, runTags: {}, defaultConfig: {} },
    ]);
    const plain = job({ name: 'plain', partitions: daily, graph, runTags: { by: 'job' } });
    expect(manifestOf({ jobs: plain }).jobs[0]).not.toHaveProperty('isConfiguredByPartition');
  });

  test('two resources cannot have one name, and a resource is no IO manager', () => {
    const one = resource({ setUp: () => 1 });
    const two = resource({ setUp: () => 2 });
    expect(
      mistakesOf({
        assets: [
          asset({ key: 'a', resources: { db: one }, run: () => 1 }),
          asset({ key: 'b', resources: { db: two }, run: () => 1 }),
          asset({ key: 'c', ioManager: 'db', run: () => 1 }),
        ],
      }),
    ).toEqual([
      expect.stringMatching(/^Resource db: another resource has this name/),
      expect.stringMatching(/^Asset c: IO manager "db" is a resource, not an IO manager/),
    ]);
  });

  test('assets whose keys differ only in what op names cannot hold are told apart', () => {
    expect(
      mistakesOf({ assets: [asset({ key: 'a/b', run: () => 1 }), asset({ key: 'a__b', run: () => 1 })] }),
    ).toEqual([expect.stringMatching(/^Asset a__b: its op is named "a__b", as another at/)]);
  });

  test('a field of define that there is not would leave out all that stands in it', () => {
    const tick = schedule({ name: 's', select: 'a', cron: '@daily' });
    expect(mistakesOf({ assets: [asset({ key: 'a', run: () => 1 })], schedule: [tick] } as never)).toEqual([
      "define({ schedule }): there is no such field. Did you mean 'schedules'? There are assets, assetChecks, jobs, schedules, sensors, resources",
    ]);
  });

  test('a schedule under assets does not belong there', () => {
    const wrong = schedule({ name: 's', job: 'x', cron: '@daily' });
    expect(mistakesOf({ assets: [wrong as never] })).toEqual([
      'define({ assets }): schedule does not belong here',
    ]);
  });
});

describe('validateConfig', () => {
  const tuned = asset({
    key: 'tuned',
    config: z.object({
      limit: z.number().int(),
      mode: z.enum(['full', 'fast']).default('fast'),
      from: z
        .discriminatedUnion('kind', [
          z.object({ kind: z.literal('file'), path: z.string() }),
          z.object({ kind: z.literal('url'), url: z.string() }),
        ])
        .optional(),
    }),
    resources: { db: resource({ config: z.object({ schema: z.string().default('RAW') }), setUp: () => 1 }) },
    run: () => 1,
  });
  const other = asset({ key: 'other', run: () => 1 });
  const definitions = define({
    assets: [tuned, other],
    jobs: [defineAssetJob({ name: 'job', select: tuned }), defineAssetJob({ name: 'plain', select: other })],
  });

  test('fills in defaults', () => {
    expect(definitions.validateConfig('job', { ops: { tuned: { config: { limit: 3 } } } })).toEqual({
      ok: true,
      config: {
        ops: { tuned: { config: { limit: 3, mode: 'fast' } } },
        resources: { db: { config: { schema: 'RAW' } } },
      },
    });
    expect(definitions.validateConfig('plain', {})).toEqual({ ok: true, config: {} });
  });

  test.each([
    [{}, ['ops', 'tuned', 'config', 'limit'], 'MISSING_REQUIRED_FIELD'],
    [
      { ops: { tuned: { config: { limit: 'x' } } } },
      ['ops', 'tuned', 'config', 'limit'],
      'RUNTIME_TYPE_MISMATCH',
    ],
    [
      { ops: { tuned: { config: { limit: 1, lmit: 2 } } } },
      ['ops', 'tuned', 'config', 'lmit'],
      'FIELD_NOT_DEFINED',
    ],
    [{ ops: { tuned: { config: { limit: 1 }, x: 1 } } }, ['ops', 'tuned', 'x'], 'FIELD_NOT_DEFINED'],
    [{ op: {}, ops: { tuned: { config: { limit: 1 } } } }, ['op'], 'FIELD_NOT_DEFINED'],
    [
      { ops: { tuned: { config: { limit: 1, from: { kind: 'ftp' } } } } },
      ['ops', 'tuned', 'config', 'from', 'kind'],
      'SELECTOR_FIELD_ERROR',
    ],
    [{ ops: 3 }, ['ops'], 'RUNTIME_TYPE_MISMATCH'],
    [
      { ops: { tuned: { config: { limit: 1 } } }, resources: { dbb: {} } },
      ['resources', 'dbb'],
      'FIELD_NOT_DEFINED',
    ],
    [
      { ops: { tuned: { config: { limit: 1 } } }, execution: { config: { maxConcurrentSteps: 0 } } },
      ['execution', 'config', 'maxConcurrentSteps'],
      'RUNTIME_TYPE_MISMATCH',
    ],
  ])('refuses %j', (config, path, reason) => {
    const result = definitions.validateConfig('job', config as never);
    expect(result).toMatchObject({
      ok: false,
      errors: expect.arrayContaining([expect.objectContaining({ path, reason })]),
    });
  });

  test('of the implicit job asks nothing of ops that are not mentioned', () => {
    expect(definitions.validateConfig('__ASSET_JOB', {})).toMatchObject({ ok: true });
    expect(definitions.validateConfig('__ASSET_JOB', { ops: { tuned: { config: {} } } })).toMatchObject({
      ok: false,
    });
  });

  test('never throws, whatever the config', () => {
    fc.assert(
      fc.property(
        fc.dictionary(fc.constantFrom('ops', 'resources', 'execution', 'x'), fc.jsonValue()),
        (config) => {
          const result = definitions.validateConfig('job', config as never);
          return typeof result.ok === 'boolean';
        },
      ),
    );
  });
});

describe('what is stored', () => {
  const context = {
    run: { runId: 'r', attempt: 1, jobName: 'j', location: 'l', tags: {} },
    stepKey: 's',
    tryNumber: 1,
    config: {},
    resources: {},
    partition: null,
    selectedAssets: [],
    selectedChecks: [],
    log: { debug() {}, info() {}, warning() {}, error() {} },
    startedAt: 0,
    materializations: async () => [],
    signal: new AbortController().signal,
  };
  const texts = ioManager<string>({
    setUp: () => ({ handleOutput: async () => {}, loadInput: async () => '' }),
  });

  test.each([
    [
      'a value that nobody takes is a report',
      asset({ key: 'a', run: () => ({ rows: 1, when: new Date(0), skip: () => 1 }) }),
      [],
      [{ type: 'materialization', asset: 'a', metadata: { rows: 1, when: '1970-01-01T00:00:00.000Z' } }],
    ],
    [
      'a value with an IO manager is stored and not shown',
      asset({ key: 'a', ioManager: texts, run: () => 'x' }),
      [],
      [
        { type: 'output', name: 'result', value: 'x' },
        { type: 'materialization', asset: 'a', metadata: {} },
      ],
    ],
    [
      'lists and long texts are no metadata',
      asset({ key: 'a', run: () => [1, 2] }),
      [],
      [{ type: 'materialization', asset: 'a', metadata: {} }],
    ],
  ])('%s', async (_name, definition, inputs, expected) => {
    const events = [];
    for await (const event of define({ assets: definition }).ops.a?.run(context, inputs as never) ?? [])
      events.push(event);
    expect(events).toEqual(expected);
  });

  test('a value that another asset takes is stored, and checks run when they are selected', async () => {
    const source = asset({
      key: 'source',
      run: () => 3,
      checks: { odd: (n) => n % 2 === 1, even: (n) => n % 2 === 0 },
    });
    const reader = asset({ key: 'reader', inputs: { source }, run: ({ inputs }) => inputs.source });
    const { ops } = define({ assets: [source, reader] });
    const events = [];
    const selectedChecks = [{ asset: 'source', name: 'even' }];
    for await (const event of ops.source?.run({ ...context, selectedChecks }, {}) ?? []) events.push(event);
    expect(events).toEqual([
      { type: 'output', name: 'result', value: 3 },
      { type: 'materialization', asset: 'source', metadata: {} },
      { type: 'check', asset: 'source', name: 'even', passed: false },
    ]);
  });

  test('a multi-asset stores the values that others take', async () => {
    const many = multiAsset({
      name: 'many',
      specs: [{ key: 'm/a' }, { key: 'm/b' }],
      *run() {
        yield { kind: 'materialize_result' as const, asset: 'm/a', value: 1 };
        yield { kind: 'materialize_result' as const, asset: 'm/b', value: 2 };
      },
    });
    const reader = asset({ key: 'reader', inputs: { b: many.assets['m/b'] }, run: () => 1 });
    const events = [];
    const { ops } = define({ assets: [many, reader] });
    for await (const event of ops.many?.run({ ...context, selectedAssets: ['m/a', 'm/b'] }, {}) ?? [])
      events.push(event);
    expect(events.filter(({ type }) => type === 'output')).toEqual([
      { type: 'output', name: 'm__b', value: 2 },
    ]);
  });
});
