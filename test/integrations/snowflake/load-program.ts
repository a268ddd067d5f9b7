import { randomUUID } from 'node:crypto';
import type { Batch } from '../../../lib/ingestion/batch';
import type { SnowflakeConfig } from '../../../lib/integrations/snowflake/config';
import { createSnowflakeDestination } from '../../../lib/integrations/snowflake/snowflake-destination';

/** What the program is told as JSON in its first argument. */
export interface LoadProgramOptions {
  readonly config: SnowflakeConfig;
  readonly runId: string;
  readonly table: string;
  readonly rows: number;
  /** Batches after which it stops reading for good; absent: none. */
  readonly stallAfterBatch?: number;
}

/** What it prints when it is done. */
export interface LoadProgramReport {
  readonly rows: number;
  readonly inserted: number;
  readonly updated: number;
  /** Largest resident set in bytes seen while loading, by tenths of the load. */
  readonly residentByTenth: readonly number[];
}

const BATCH = 5000;

/** Loads generated records in a process of its own, for tests that kill it or measure its memory. */
const options = JSON.parse(process.argv[2] ?? '') as LoadProgramOptions;
const residentByTenth: number[] = Array.from({ length: 10 }, () => 0);
const destination = createSnowflakeDestination(options.config, {
  runId: options.runId,
  now: () => new Date(),
  newId: randomUUID,
});

async function* read(): AsyncGenerator<Batch> {
  for (let from = 0; from < options.rows; from += BATCH) {
    if (from / BATCH === options.stallAfterBatch) {
      process.stdout.write('stalled\n');
      await new Promise((resolve) => setTimeout(resolve, 600_000));
    }
    const size = Math.min(BATCH, options.rows - from);
    const records = Array.from({ length: size }, (_, i) => {
      const id = from + i;
      return {
        id,
        at: new Date(1_700_000_000_000 + id * 1000).toISOString(),
        name: `name ${id % 977}`,
        value: id / 7,
        flag: id % 2 === 0,
      };
    });
    const tenth = Math.floor((from * 10) / options.rows);
    residentByTenth[tenth] = Math.max(residentByTenth[tenth] ?? 0, process.memoryUsage.rss());
    yield { records, cursor: from + size };
    await new Promise((resolve) => setImmediate(resolve));
  }
}

const { rows, inserted, updated } = await destination.load({
  source: { name: 'generated', primaryKey: ['id'], read },
  table: options.table,
  write: { kind: 'merge' },
});
const report: LoadProgramReport = { rows, inserted, updated, residentByTenth };
process.stdout.write(`loaded ${JSON.stringify(report)}\n`);
