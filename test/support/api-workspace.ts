import {
  asset,
  assetCheck,
  dailyPartitions,
  define,
  defineAssetJob,
  dynamicPartitions,
  externalAsset,
  job,
  op,
  runRequest,
  schedule,
  sensor,
  skip,
  z,
} from 'headrace';
import type { LoadedDefinitions } from '../../lib/definitions/loaded-definitions';
import type { CodeLocation } from '../../lib/model/code-location';

const daily = dailyPartitions({ start: '2026-01-01', end: '2026-01-11' });

const rates = externalAsset('vendor/rates');

const orders = asset({
  key: 'raw/orders',
  group: 'raw',
  description: 'Every order of a day.',
  partitions: daily,
  owners: ['team:data', 'ann@example.com'],
  tags: { tier: '1' },
  kinds: ['snowflake'],
  codeVersion: '2',
  metadata: { table: 'raw.orders' },
  pool: 'warehouse',
  run: () => 3,
  checks: { hasRows: { blocking: true, check: (rows: number) => rows > 0 } },
});

const cleanOrders = asset({
  key: 'clean/orders',
  group: 'clean',
  partitions: daily,
  inputs: { orders },
  run: () => 3,
});

const report = asset({
  key: 'reports/orders',
  group: 'reports',
  deps: [cleanOrders, rates],
  config: z.object({ limit: z.number().default(10) }),
  run: () => 'done',
});

const customers = asset({
  key: 'raw/customers',
  group: 'raw',
  partitions: dynamicPartitions('customers'),
  run: () => 1,
});

const freshReport = assetCheck({ name: 'isFresh', asset: report, run: () => true });

const extract = op({ name: 'extract', config: z.object({ table: z.string() }), run: () => 7 });
const load = op({ name: 'load', inputs: { rows: z.number() }, run: () => undefined });

const nightly = job({
  name: 'nightly',
  description: 'Copies a table.',
  tags: { team: 'data' },
  runTags: { cost: 'low' },
  graph: () => load({ rows: extract() }),
});
const plain = job({ name: 'plain', graph: () => op({ name: 'noop', run: () => undefined })() });
const rawDaily = defineAssetJob({ name: 'raw_daily', select: 'raw/orders', partitions: daily });

/** Code of the location `shop`: partitioned and plain assets, graph jobs, schedules, sensors. */
export const shop: LoadedDefinitions = define({
  assets: [orders, cleanOrders, report, customers],
  assetChecks: [freshReport],
  jobs: [nightly, plain, rawDaily],
  schedules: [
    schedule({ name: 'every_night', job: plain, cron: '30 2 * * *', timezone: 'Europe/Berlin' }),
    schedule({
      name: 'weekdays',
      job: plain,
      cron: '0 9 * * *',
      evaluate: ({ scheduledAt }) =>
        scheduledAt.getUTCDay() % 6 === 0 ? skip('weekend') : runRequest({ runKey: 'w' }),
    }),
    schedule({
      name: 'broken',
      job: plain,
      cron: '0 10 * * *',
      evaluate: () => {
        throw new TypeError('no such table');
      },
    }),
  ],
  sensors: [
    sensor({
      name: 'new_files',
      job: plain,
      minimumInterval: '1m',
      evaluate: ({ cursor }) =>
        cursor === 'stop' ? skip('nothing new') : runRequest({ runKey: `after-${cursor}` }),
    }),
  ],
});

/** Code of the location `lab`: its job has the name of one of `shop`'s. */
export const lab: LoadedDefinitions = define({
  assets: [asset({ key: 'lab/samples', run: () => 1 })],
  jobs: [job({ name: 'plain', graph: () => op({ name: 'try_out', run: () => undefined })() })],
});

export function loadedLocation(
  name: string,
  definitions: LoadedDefinitions,
  bundleHash = `${name}-1`,
): CodeLocation {
  return {
    name,
    status: 'LOADED',
    manifest: definitions.manifest(name),
    bundleHash,
    error: null,
    updatedAt: Date.UTC(2026, 0, 1),
  };
}

/** A location that never loaded. */
export const brokenLocation: CodeLocation = {
  name: 'broken',
  status: 'LOADED',
  manifest: null,
  bundleHash: null,
  error: {
    name: 'SyntaxError',
    message: 'Unexpected token',
    stack: 'SyntaxError: Unexpected token\n    at a.ts:1:1',
  },
  updatedAt: Date.UTC(2026, 0, 1),
};
