import { Agent, request } from 'node:http';
import { gunzipSync } from 'node:zlib';
import { jobsDocument } from '../../dashboard/src/features/jobs/jobs.graphql';
import { timelineDocument } from '../../dashboard/src/features/overview/overview.graphql';
import { runEventsDocument, runStatusDocument } from '../../dashboard/src/features/run/run.graphql';
import { runCountsDocument, runsDocument } from '../../dashboard/src/features/runs/runs.graphql';
import { assetCatalogDocument, assetStatesDocument } from '../../dashboard/src/graphql/assets.graphql';
import type { RunFilter } from '../../lib/ports/run-storage';
import type { Storage } from '../../lib/ports/storage';
import { authorizationFor } from '../../test/support/signed-in';
import { FILTERS } from './read-filters';
import { type HistorySubjects, LINES_OF_LONG_RUN } from './seed-history';
import { EVENTS, PAGE, pagePositions, type Read } from './storage-reads';

export interface Answered {
  /** Bytes that went over the wire. */
  readonly bytes: number;
  /** The answer, unpacked when asked for: that is not the server's work. */
  text(): string;
}

const IN_PROGRESS = { statuses: ['STARTING', 'STARTED', 'CANCELING'] };
const QUEUED = { statuses: ['QUEUED'] };
const DAY_SECONDS = 86_400;

/**
 * What the dashboard asks, in its own documents, through the server.
 *
 * @param storage the server's, to look up where pages are
 */
export function apiReads(
  url: string,
  storage: Storage,
  { samples, longRun, firstLine }: HistorySubjects,
  assets: number,
): Read<Answered>[] {
  const sampleOf = (n: number) => samples[n % samples.length] as (typeof samples)[number];
  const ask = (document: { readonly name: string; readonly text: string }, variables: unknown) =>
    askGraphql(url, document, variables);
  return [
    ...FILTERS.map(({ name, filter }): Read<Answered> => {
      const asked = (n: number) => filter(n, sampleOf(n));
      const positions = pagePositions(storage, asked, (n) => sampleOf(n).runId);
      return {
        name,
        kind: 'page',
        prepare: (times) => positions.find(times),
        ask: (n) =>
          ask(pageDocument, {
            filter: toInput(asked(n)),
            limit: PAGE,
            cursor: positions.cursor(n) ?? null,
          }),
      };
    }),
    ...FILTERS.map(
      ({ name, filter }): Read<Answered> => ({
        name,
        kind: 'count',
        ask: (n) => ask(countDocument, { filter: toInput(filter(n, sampleOf(n))) }),
      }),
    ),
    {
      name: 'the four tabs of the runs page',
      kind: 'count',
      ask: () =>
        ask(runCountsDocument, {
          all: {},
          queued: QUEUED,
          inProgress: IN_PROGRESS,
          failed: { statuses: ['FAILURE'] },
        }),
    },
    {
      name: 'events of a run',
      kind: 'events',
      ask: (n) => ask(runEventsDocument, { runId: sampleOf(n).runId, afterCursor: null, limit: EVENTS }),
    },
    {
      name: `${EVENTS} events out of ${LINES_OF_LONG_RUN}`,
      kind: 'events',
      ask: (n) =>
        ask(runEventsDocument, {
          runId: longRun,
          afterCursor: String(firstLine + ((n * 7_919) % (LINES_OF_LONG_RUN - EVENTS))),
          limit: EVENTS,
        }),
    },
    {
      name: 'status and steps of a run',
      kind: 'events',
      ask: (n) => ask(runStatusDocument, { runId: sampleOf(n).runId }),
    },
    {
      name: `latest state of ${assets} assets`,
      kind: 'assets',
      ask: () => ask(assetStatesDocument, { assetKeys: null }),
    },
    { name: `catalog of ${assets} assets`, kind: 'assets', ask: () => ask(assetCatalogDocument, {}) },
    { name: 'jobs with their latest runs', kind: 'assets', ask: () => ask(jobsDocument, {}) },
    ...[
      { name: 'the overview of a day', days: 1, ago: 0 },
      { name: 'the overview of a week', days: 7, ago: 0 },
      { name: 'the overview of a week half a year ago', days: 7, ago: 180 },
    ].map(
      ({ name, days, ago }): Read<Answered> => ({
        name,
        kind: 'overview',
        ask: () => {
          const to = Date.now() / 1_000 - ago * DAY_SECONDS;
          return ask(timelineDocument, {
            from: to - days * DAY_SECONDS,
            to,
            filter: null,
            rows: 24,
            latest: 8,
            inProgress: IN_PROGRESS,
            queued: QUEUED,
          });
        },
      }),
    ),
  ];
}

const AGENT = new Agent({ keepAlive: true });

/** The dashboard's page of runs without the count, and the count without the page. */
const pageDocument = { name: runsDocument.name, text: runsDocument.text.replace(/^\s*count\n/m, '') };
const countDocument = {
  name: 'Count',
  text: 'query Count($filter: RunsFilter!) { runsOrError(filter: $filter, limit: 1) { __typename ... on Runs { count } } }',
};

/** The filter as clients write it. */
function toInput(filter: RunFilter): Record<string, unknown> {
  const {
    runIds,
    runIdPrefix,
    jobName,
    jobNames,
    statuses,
    tags,
    createdAfter,
    createdBefore,
    updatedAfter,
  } = filter;
  const seconds = (ms: number | undefined) => (ms === undefined ? undefined : ms / 1_000);
  return {
    runIds: runIdPrefix === undefined ? runIds : [runIdPrefix],
    pipelineName: jobName,
    pipelineNames: jobNames,
    statuses,
    tags: tags?.flatMap(({ key, values }) => values.map((value) => ({ key, value }))),
    createdAfter: seconds(createdAfter),
    createdBefore: seconds(createdBefore),
    updatedAfter: seconds(updatedAfter),
  };
}

function askGraphql(
  url: string,
  { name, text }: { readonly name: string; readonly text: string },
  variables: unknown,
): Promise<Answered> {
  const body = JSON.stringify({ operationName: name, query: text, variables });
  // Not `fetch`, which hides how many bytes came.
  return new Promise((resolve, reject) => {
    const sent = request(
      `${url}/graphql`,
      {
        method: 'POST',
        agent: AGENT,
        headers: {
          'content-type': 'application/json',
          'accept-encoding': 'gzip',
          ...authorizationFor(url),
        },
      },
      (response) => {
        const pieces: Buffer[] = [];
        response.on('data', (piece: Buffer) => pieces.push(piece));
        response.once('end', () => {
          const whole = Buffer.concat(pieces);
          const isPacked = response.headers['content-encoding'] === 'gzip';
          const text = () => (isPacked ? gunzipSync(whole) : whole).toString();
          if (response.statusCode === 200) resolve({ bytes: whole.length, text });
          else reject(new Error(`${name}: ${text().slice(0, 1_000)}`));
        });
        response.once('error', reject);
      },
    );
    sent.once('error', reject);
    sent.end(body);
  });
}
