import { countCap } from '../../lib/api/count-cap';
import type { Storage } from '../../lib/ports/storage';
import { FILTERS } from './read-filters';
import { type HistorySubjects, LINES_OF_LONG_RUN } from './seed-history';

/** What each kind of read may take, 95 of 100 times: milliseconds. */
export const GOALS = { page: 25, count: 50, events: 15, assets: 250 } as const;

export type ReadKind = keyof typeof GOALS;

/** One read, to be asked many times. */
export interface Read<Answer = unknown> {
  readonly name: string;
  readonly kind: ReadKind;
  ask(n: number): Promise<Answer>;
}

/** Rows of a page of runs. */
export const PAGE = 25;
/** Where the API stops counting. */
const MAX_COUNT = 10_000;
/** Events of a page of a run's log. */
export const EVENTS = 100;

/** Every read at the level of storage. */
export function storageReads(storage: Storage, { samples, longRun, firstLine }: HistorySubjects): Read[] {
  const sampleOf = (n: number) => samples[n % samples.length] as (typeof samples)[number];
  return [
    ...FILTERS.map(
      ({ name, filter }): Read => ({
        name,
        kind: 'page',
        // Every other page is one further down.
        ask: (n) =>
          storage.listRuns({
            filter: filter(n, sampleOf(n)),
            limit: PAGE,
            cursor: n % 2 === 0 ? undefined : sampleOf(n + 1).runId,
          }),
      }),
    ),
    ...FILTERS.map(
      ({ name, filter }): Read => ({
        name,
        kind: 'count',
        ask: (n) => {
          const asked = filter(n, sampleOf(n));
          return storage.countRuns(asked, countCap(asked, MAX_COUNT));
        },
      }),
    ),
    {
      name: 'events of a run',
      kind: 'events',
      ask: (n) => storage.runEvents({ runId: sampleOf(n).runId, limit: EVENTS }),
    },
    {
      name: `${EVENTS} events out of ${LINES_OF_LONG_RUN}`,
      kind: 'events',
      ask: (n) =>
        storage.runEvents({
          runId: longRun,
          after: firstLine + ((n * 7_919) % (LINES_OF_LONG_RUN - EVENTS)),
          limit: EVENTS,
        }),
    },
    { name: 'steps of a run', kind: 'events', ask: (n) => storage.stepStats(sampleOf(n).runId) },
    {
      name: `${PAGE} materializations of an asset`,
      kind: 'events',
      ask: (n) =>
        storage.assetEvents({
          key: sampleOf(n).tags.asset ?? '',
          types: ['ASSET_MATERIALIZATION'],
          limit: PAGE,
        }),
    },
    { name: 'latest state of all assets', kind: 'assets', ask: () => storage.assetRecords() },
    { name: 'latest runs of all jobs', kind: 'assets', ask: () => storage.latestRunsByJob(10) },
  ];
}
