import { createRestClient, type ResolvedRestConfig, type Resources, type RestRuntime } from 'headrace/rest';
import type { Batch, SourceRecord } from '../../../lib/ingestion/batch';
import type { ReadOptions, Source } from '../../../lib/ingestion/source';

/** A clock that moves only when somebody sleeps, and remembers the sleeps. */
export function fakeTime(start = Date.parse('2026-01-01T00:00:00Z')) {
  const time = { now: start, sleeps: [] as number[] };
  return {
    time,
    runtime: {
      now: () => time.now,
      sleep: async (ms: number) => {
        time.sleeps.push(ms);
        time.now += ms;
      },
      random: () => 0.5,
    },
  };
}

/** A client whose waits take no time. */
export function client<const R extends Resources>(
  config: ResolvedRestConfig<R>,
  runtime: Partial<RestRuntime> = {},
) {
  return createRestClient(config, { ...fakeTime().runtime, ...runtime });
}

/** Reads a source to its end. */
export async function readAll<R extends SourceRecord>(source: Source<R>, options: ReadOptions = {}) {
  const batches: Batch<R>[] = [];
  for await (const batch of source.read(options)) batches.push(batch);
  return {
    batches,
    records: batches.flatMap((batch) => batch.records),
    cursor: batches.findLast((batch) => batch.cursor !== undefined)?.cursor,
  };
}

/** The error of a promise that must fail. */
export async function failureOf(promise: Promise<unknown>): Promise<unknown> {
  try {
    await promise;
  } catch (error) {
    return error;
  }
  throw new Error('expected the promise to fail');
}
