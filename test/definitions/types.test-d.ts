/**
 * What must and must not compile. Checked by `npm run typecheck`; nothing here runs.
 */
import {
  addPartitions,
  asset,
  assetCheck,
  assetSpec,
  dailyPartitions,
  define,
  defineAssetJob,
  dependency,
  dynamicOutput,
  dynamicPartitions,
  env,
  externalAsset,
  ioManager,
  job,
  mapping,
  materializeResult,
  multiAsset,
  multiPartitions,
  observableAsset,
  op,
  output,
  resource,
  schedule,
  secret,
  sensor,
  staticPartitions,
  z,
} from 'headrace';
import { materialize, observe } from 'headrace/testing';

type Equal<A, B> = (<T>() => T extends A ? 1 : 2) extends <T>() => T extends B ? 1 : 2 ? true : false;
function expectType<Expected>() {
  return <Actual>(
    _value: Actual,
    ..._same: Equal<Actual, Expected> extends true ? [] : ['types differ', Actual]
  ) => {};
}

interface Warehouse {
  load(
    rows: readonly string[],
    options: { table: string; replace: { key: string } },
  ): Promise<{ rows: number; table: string }>;
}
const warehouse = resource({
  settings: { account: env('ACCOUNT'), key: secret('KEY'), retries: 3, nested: { list: [env('A', 'x')] } },
  config: z.object({ schema: z.string().default('RAW') }),
  setUp({ settings, config }): Warehouse {
    expectType<string>()(settings.account);
    expectType<3>()(settings.retries);
    expectType<string>()(settings.nested.list[0]);
    expectType<string>()(config.schema);
    // @ts-expect-error: there is no such setting
    settings.acount;
    return { load: async () => ({ rows: 1, table: settings.account }) };
  },
  tearDown: (value) => expectType<Warehouse>()(value),
});

const daily = dailyPartitions({ start: '2026-01-01' });

export const earthquakes = asset({
  key: 'raw/earthquakes',
  partitions: daily,
  resources: { warehouse },
  config: z.object({ limit: z.number().default(10) }),
  retry: { maxRetries: 3, delay: '10s', backoff: 'exponential' },
  async run({ partition, resources, config }) {
    expectType<string>()(partition.window.start);
    expectType<string>()(partition.key);
    expectType<number>()(config.limit);
    // @ts-expect-error: there is no such resource
    resources.snowflake;
    // @ts-expect-error: time windows have no dimensions
    partition.dimensions;
    // @ts-expect-error: the table must be a string
    resources.warehouse.load([], { table: 1, replace: partition });
    return resources.warehouse.load([], { table: 'raw.earthquakes', replace: partition });
  },
  checks: {
    hasRows: ({ rows }) => rows > 0,
    namesTable: { blocking: true, check: ({ table }) => ({ passed: table !== '', metadata: { table } }) },
    // @ts-expect-error: the value has no such field
    wrong: ({ count }) => count > 0,
  },
});

export const region = asset({
  key: 'regions',
  partitions: staticPartitions(['eu', 'us']),
  run({ partition }) {
    expectType<'eu' | 'us'>()(partition.key);
    // @ts-expect-error: static partitions have no window
    partition.window;
    return partition.key.length;
  },
});

export const plain = asset({
  key: 'plain',
  run({ partition, inputs }) {
    expectType<null>()(partition);
    // @ts-expect-error: it declares no inputs
    inputs.anything;
    return materializeResult({ value: ['a'], metadata: { rows: 1 } });
  },
});

export const both = asset({
  key: 'both',
  partitions: multiPartitions({ date: daily, region: staticPartitions(['eu', 'us']) }),
  run({ partition }) {
    expectType<'eu' | 'us'>()(partition.dimensions.region);
    expectType<string>()(partition.window.end);
  },
});

export const downstream = asset({
  key: 'downstream',
  inputs: { loaded: earthquakes, names: plain },
  run({ inputs }) {
    expectType<string[]>()(inputs.names);
    expectType<Readonly<Record<string, { rows: number; table: string }>>>()(inputs.loaded);
    // @ts-expect-error: names is a list of strings
    const wrong: number[] = inputs.names;
    return wrong;
  },
});

export const week = asset({
  key: 'week',
  partitions: daily,
  inputs: {
    today: earthquakes,
    week: dependency(earthquakes, mapping.timeWindow({ startOffset: -6 })),
    eu: dependency(region, mapping.specific(['eu'])),
  },
  run({ inputs }) {
    expectType<number>()(inputs.today.rows);
    expectType<number | undefined>()(inputs.week['2026-01-01']?.rows);
    expectType<Readonly<Record<string, number>>>()(inputs.eu);
  },
});

// @ts-expect-error: a mapping of time windows does not fit static partitions
dependency(region, mapping.timeWindow({ startOffset: -1 }));
// @ts-expect-error: regions has no such partition
dependency(region, mapping.specific(['mars']));

// @ts-expect-error: a resource is no asset
asset({ key: 'a', deps: [warehouse], run: () => 1 });
// @ts-expect-error: an asset is no resource
asset({ key: 'a', resources: { plain }, run: () => 1 });
// @ts-expect-error: partitions come from a helper
asset({ key: 'a', partitions: 'daily', run: () => 1 });
// @ts-expect-error: there is no such backoff
asset({ key: 'a', retry: { maxRetries: 1, delay: 1, backoff: 'quadratic' }, run: () => 1 });
// @ts-expect-error: a schedule is no asset
define({ assets: [schedule({ select: plain, cron: '@daily' })] });
// @ts-expect-error: an asset is no job
define({ jobs: [plain] });
define({ assets: [earthquakes, [region, plain], externalAsset('other/orders')], jobs: { anything: 1 } });

const stats = multiAsset({
  name: 'stats',
  canSubset: true,
  specs: [assetSpec<number>()({ key: 'stats/total' }), { key: 'stats/mean', deps: [plain] }],
  async *run({ selectedAssets }) {
    for (const asset of selectedAssets) yield materializeResult({ asset });
  },
});
asset({
  key: 'after_stats',
  inputs: { total: stats.assets['stats/total'] },
  run({ inputs }) {
    expectType<number>()(inputs.total);
  },
});
// @ts-expect-error: the multi-asset has no such asset
stats.assets['stats/median'];

assetCheck({
  asset: region,
  name: 'big',
  loadsValue: true,
  run: ({ value, partition }) => {
    expectType<number>()(value);
    expectType<'eu' | 'us'>()(partition.key);
    return value > 0;
  },
});
assetCheck({
  asset: region,
  name: 'plain',
  run: ({ value }) => {
    expectType<undefined>()(value);
    return true;
  },
});
// @ts-expect-error: a check says whether it passed
assetCheck({ asset: region, name: 'wrong', run: () => 'yes' });

const list = op({
  name: 'list',
  dynamic: true,
  async *run() {
    yield dynamicOutput('a', '/a.csv');
  },
});
const size = op({ name: 'size', inputs: { file: z.string() }, run: ({ inputs }) => inputs.file.length });
const total = op({
  name: 'total',
  inputs: { sizes: z.array(z.number()) },
  run: ({ inputs }) => inputs.sizes.length,
});
const route = op({
  name: 'route',
  inputs: { size: z.number() },
  outputs: { small: output(z.number(), { required: false }), large: z.number() },
  run: ({ inputs }) => (inputs.size > 3 ? { large: 1 } : { small: 1, large: 0 }),
});
// @ts-expect-error: the output "large" is required
op({ name: 'r', outputs: { large: z.number() }, run: () => ({}) });
// @ts-expect-error: the output must be a number
op({ name: 'r', outputs: { large: z.number() }, run: () => ({ large: 'x' }) });
// @ts-expect-error: a dynamic op yields dynamic outputs
op({ name: 'r', dynamic: true, run: () => 1 });

export const files = job({
  name: 'files',
  graph() {
    const sizes = list().map((file) => size({ file }));
    const { large } = route({ size: total({ sizes: sizes.collect() }) });
    size({ file: list().map((file) => file) as never });
    // @ts-expect-error: a size is no file
    size({ file: large });
    // @ts-expect-error: the input is missing
    size({});
    // @ts-expect-error: a list is needed
    total({ sizes: large });
    total({ sizes: [large, large] }, { after: sizes, name: 'last' });
  },
});

defineAssetJob({ name: 'j', select: [plain, 'group:raw', stats] });
// @ts-expect-error: a job selects assets
defineAssetJob({ name: 'j', select: files });

const continents = staticPartitions(['asia', 'africa']);
job({
  name: 'by_continent',
  partitions: continents,
  graph: () => {},
  config: ({ key, keys }) => {
    expectType<'asia' | 'africa'>()(key);
    return { ops: { load: { config: { keys: [...keys] } } } };
  },
  // @ts-expect-error: continents have no window of time
  runTags: ({ window }) => ({ from: window.start }),
});
job({
  name: 'by_day',
  partitions: daily,
  graph: () => {},
  runTags: ({ window }) => {
    expectType<string>()(window.start);
    return { from: window.start };
  },
});
// The partitions of its assets are not known to the type checker.
defineAssetJob({ name: 'by_asset', select: plain, config: ({ key }) => ({ ops: { [key]: {} } }) });
schedule({ job: files, cron: ['@daily', '@weekly'], timezone: 'Europe/Berlin' });
schedule({ select: stats, name: 's', cron: '@daily' });
// @ts-expect-error: either a job or a selection
schedule({ job: files, select: plain, cron: '@daily' });
// @ts-expect-error: something has to run
schedule({ name: 's', cron: '@daily' });
sensor({
  name: 'watch',
  job: files,
  resources: { warehouse },
  evaluate({ cursor, resources }) {
    expectType<string | null>()(cursor);
    expectType<Warehouse>()(resources.warehouse);
    return { cursor: 'a', dynamicPartitions: [addPartitions(dynamicPartitions('customers'), ['acme'])] };
  },
});
// @ts-expect-error: a sensor returns run requests
sensor({ name: 'watch', job: files, evaluate: () => 3 });

const texts = ioManager<string>({
  setUp: () => ({ handleOutput: async (_context, _value) => {}, loadInput: async () => 'text' }),
});
asset({ key: 'text', ioManager: texts, run: () => 'text' });

const erp = resource({ setUp: () => ({ etag: (path: string) => path }) });
const observed = observableAsset({
  key: 'observed',
  resources: { erp },
  config: z.object({ path: z.string() }),
  run: ({ resources, config }) => resources.erp.etag(config.path),
});
asset({
  key: 'of_observed',
  inputs: { observed },
  run: ({ inputs }) => expectType<unknown>()(inputs.observed),
});
observableAsset({
  key: 'more',
  run: async () => ({ dataVersion: 'v', metadata: { rows: 3 }, tags: { a: 'b' } }),
});
// @ts-expect-error: a data version is a string
observableAsset({ key: 'number', run: () => 3 });
const countries = staticPartitions(['de', 'fr']);
observableAsset({ key: 'each', partitions: countries, run: () => ({ de: 'v1' }) });
// @ts-expect-error: countries have no such partition
observableAsset({ key: 'other', partitions: countries, run: () => ({ mars: 'v1' }) });
// @ts-expect-error: a partitioned one is observed by partition
observableAsset({ key: 'whole', partitions: countries, run: () => 'v1' });
// @ts-expect-error: it is made elsewhere, from nothing here
observableAsset({ key: 'made_from', deps: ['x'], run: () => 'v' });

async function testing() {
  const seen = await observe(observed, { config: { path: '/' }, resources: { erp: { etag: () => 'v' } } });
  expectType<string | null>()(seen.dataVersion);
  // @ts-expect-error: the path is a string
  await observe(observed, { config: { path: 3 } });
  const result = await materialize(earthquakes, {
    partition: '2026-01-02',
    config: { limit: 3 },
    resources: { warehouse: { load: async () => ({ rows: 3, table: 't' }) } },
  });
  expectType<number>()(result.value.rows);
  // @ts-expect-error: a fake must be what the resource is
  await materialize(earthquakes, { resources: { warehouse: { load: 3 } } });
  // @ts-expect-error: the asset has no such resource
  await materialize(earthquakes, { resources: { snowflake: {} } });
  // @ts-expect-error: regions has no such partition
  await materialize(region, { partition: 'mars' });
  // @ts-expect-error: the limit is a number
  await materialize(earthquakes, { config: { limit: 'many' } });
  await materialize(downstream, {
    inputs: { names: ['a'], loaded: { '2026-01-01': { rows: 1, table: 't' } } },
  });
  // @ts-expect-error: names are strings
  await materialize(downstream, { inputs: { names: [1] } });
  const several = await materialize([plain, downstream, stats]);
  expectType<string[]>()(several.valueOf(plain));
}
void testing;
