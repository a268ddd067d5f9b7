/** A code location as users write one. */
import { writeFileSync } from 'node:fs';
import {
  asset,
  assetCheck,
  dailyPartitions,
  define,
  defineAssetJob,
  job,
  op,
  resource,
  secret,
  z,
} from 'headrace';

const clock = resource({ setUp: () => ({ now: () => Date.now() }) });
const vault = resource({ settings: { key: secret('VAULT_KEY') }, setUp: ({ settings }) => settings });

const raw = asset({
  key: 'raw/numbers',
  partitions: dailyPartitions({ start: '2025-01-01' }),
  retry: { maxRetries: 2 },
  resources: { clock },
  codeVersion: '1',
  run({ partition, tryNumber, resources, log }) {
    if (tryNumber === 1) throw new Error('flaky at first');
    log.info('loading', { partition: partition.key, now: resources.clock.now() > 0 });
    return [1, 2, 3];
  },
});

const mart = asset({
  key: 'mart/total',
  partitions: dailyPartitions({ start: '2025-01-01' }),
  inputs: { numbers: raw },
  resources: { vault },
  codeVersion: '1',
  run({ inputs, resources }) {
    console.log(`the key is ${resources.vault.key}`);
    console.log(`the session is ${process.env['AWS_SESSION_TOKEN'] ?? 'none'}`);
    return inputs.numbers.reduce((sum, number) => sum + number, 0);
  },
});

const positive = assetCheck({
  asset: mart,
  name: 'positive',
  blocking: true,
  async run({ materializations }) {
    const [latest] = await materializations();
    return { passed: latest !== undefined, metadata: { partition: latest?.partition ?? null } };
  },
});

const stamp = op({
  name: 'stamp',
  run() {
    writeFileSync(process.env['STAMP_FILE'] ?? '', String(Date.now()));
  },
});

/** Runs until it is told to stop. */
const wait = op({
  name: 'wait',
  run: ({ signal }) =>
    new Promise((_, reject) => {
      const timer = setTimeout(() => reject(new Error('waited for a minute')), 60_000);
      signal.addEventListener('abort', () => {
        clearTimeout(timer);
        reject(signal.reason);
      });
    }),
});

const rows = op({ name: 'rows', run: () => [1, 2] });

const checkRows = op({
  name: 'check_rows',
  inputs: { rows: z.array(z.number()) },
  run({ inputs, run }) {
    if (run.tags['dagster/is_resume_retry'] === undefined) throw new Error('not in the first run');
    if (inputs.rows.length !== 2) throw new Error(`got ${inputs.rows.length} rows`);
  },
});

export const definitions = define({
  assets: [raw, mart],
  assetChecks: [positive],
  jobs: [
    job({ name: 'waiting_job', graph: () => wait() }),
    job({ name: 'stamp_job', graph: () => stamp() }),
    job({ name: 'flaky_job', graph: () => checkRows({ rows: rows() }) }),
    defineAssetJob({ name: 'totals', select: '*' }),
  ],
});
