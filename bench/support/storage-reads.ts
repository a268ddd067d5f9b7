import { countCap } from '../../lib/api/count-cap';
import type { RunFilter } from '../../lib/ports/run-storage';
import type { Storage } from '../../lib/ports/storage';
import { FILTERS } from './read-filters';
import { type HistorySubjects, LINES_OF_LONG_RUN } from './seed-history';

/** What each kind of read may take, 95 of 100 times: milliseconds. */
export const GOALS = { page: 25, count: 50, events: 15, assets: 250, overview: 50 } as const;

export type ReadKind = keyof typeof GOALS;

/** One read, to be asked many times. */
export interface Read<Answer = unknown> {
  readonly name: string;
  readonly kind: ReadKind;
  /** Looks up, before anything is measured, what `ask` will need. */
  prepare?(times: number): Promise<void>;
  ask(n: number): Promise<Answer>;
}

/** Every other page is one further down. */
export interface PagePositions {
  /** For so many pages. */
  find(times: number): Promise<void>;
  cursor(n: number): string | undefined;
}

/**
 * Cursors from all over a list. As for everybody who pages, a cursor is a row of the list itself: of a list that ends a
 * month ago none lies before that.
 *
 * @param samples runs from all over the history
 */
export function pagePositions(
  storage: Storage,
  filter: (n: number) => RunFilter,
  samples: (n: number) => string,
): PagePositions {
  const cursors: (string | undefined)[] = [];
  return {
    async find(times) {
      for (let n = cursors.length; n < times; n++) {
        const isFurtherDown = n % 2 === 1;
        const found = isFurtherDown
          ? await storage.listRuns({ filter: filter(n), cursor: samples(n + 1), limit: 1 })
          : [];
        cursors.push(found[0]?.runId);
      }
    },
    cursor: (n) => cursors[n],
  };
}

/** Rows of a page of runs. */
export const PAGE = 25;
/** Where the API stops counting. */
const MAX_COUNT = 10_000;
const DAY = 86_400_000;
/** As the overview asks. */
const TIMELINE_ROWS = 24;
const TIMELINE_SLOTS = 96;
/** Events of a page of a run's log. */
export const EVENTS = 100;

/** Every read at the level of storage. */
export function storageReads(storage: Storage, { samples, longRun, firstLine }: HistorySubjects): Read[] {
  const sampleOf = (n: number) => samples[n % samples.length] as (typeof samples)[number];
  return [
    ...FILTERS.map(({ name, filter }): Read => {
      const asked = (n: number) => filter(n, sampleOf(n));
      const positions = pagePositions(storage, asked, (n) => sampleOf(n).runId);
      return {
        name,
        kind: 'page',
        prepare: (times) => positions.find(times),
        ask: (n) => storage.listRuns({ filter: asked(n), limit: PAGE, cursor: positions.cursor(n) }),
      };
    }),
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
    { name: 'latest state of all assets', kind: 'assets', ask: () => storage.assetStates() },
    { name: 'versions of all assets', kind: 'assets', ask: () => storage.assetVersions() },
    { name: 'latest runs of all jobs', kind: 'assets', ask: () => storage.latestRunsByJob(10) },
    ...[
      { name: 'a day', days: 1, ago: 0 },
      { name: 'a week', days: 7, ago: 0 },
      { name: 'a week half a year ago', days: 7, ago: 180 },
    ].flatMap(({ name, days, ago }): Read[] => {
      const window = () => {
        const to = Date.now() - ago * DAY;
        return { from: to - days * DAY, to, filter: {} };
      };
      return [
        {
          name: `timeline of ${name}`,
          kind: 'overview',
          ask: () =>
            storage.runTimeline({ ...window(), now: Date.now(), rows: TIMELINE_ROWS, slots: TIMELINE_SLOTS }),
        },
        {
          name: `latest runs of ${name}`,
          kind: 'overview',
          ask: () => storage.windowRuns({ ...window(), limit: 8 }),
        },
        {
          name: `runs of ${name} that failed for good`,
          kind: 'overview',
          ask: () => storage.windowRuns({ ...window(), limit: 12, onlyUnrecovered: true }),
        },
      ];
    }),
  ];
}
