import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { type InMemorySnowflake, inMemorySnowflake } from 'headrace/snowflake';
import { executeJob, materialize } from 'headrace/testing';
import {
  airports,
  earthquakes,
  flights,
  githubComments,
  githubIssues,
  githubUsers,
} from '../../orchestration/assets';
import { flightsFull, ingest } from '../../orchestration/jobs';
import { type SampleApis, startSampleApis } from '../../tools/sample-apis/server';

/** Events of each UTC day from 2018-01-31, as the recording has them. */
const EVENTS_BY_DAY = [198, 231, 242, 259, 301, 249, 213, 14];

let api: SampleApis;
let snowflake: InMemorySnowflake;

beforeAll(async () => {
  api = await startSampleApis();
});

beforeEach(() => {
  snowflake = inMemorySnowflake();
});

afterAll(async () => {
  await api.close();
});

function world() {
  const env = { USGS_URL: `${api.url}/fdsnws/event/1`, GITHUB_URL: api.url, FLIGHTS_URL: api.url };
  return { env, resources: { snowflake } };
}

describe('earthquakes', () => {
  it('loads exactly the events of its day, twice with the same rows', async () => {
    for (const expected of [231, 231]) {
      const result = await materialize(earthquakes, { ...world(), partition: '2018-02-01' });
      expect(result.metadata.rows).toBe(expected);
      expect(result.checks.hasRows?.passed).toBe(true);
    }
    const rows = snowflake.rows('raw.earthquakes');
    expect(rows).toHaveLength(231);
    expect(new Set(rows.map(({ OCCURRED_AT }) => String(OCCURRED_AT).slice(0, 10)))).toEqual(
      new Set(['2018-02-01']),
    );
    expect(rows[0]).toMatchObject({
      TYPE: 'Feature',
      PROPERTIES: { type: expect.any(String) },
      GEOMETRY: { type: 'Point' },
    });
  });

  it('pages through a range of days in one run, and nothing is counted twice at midnight', async () => {
    const partition = Array.from({ length: 8 }, (_, day) =>
      new Date(Date.UTC(2018, 0, 31 + day)).toISOString().slice(0, 10),
    );
    const result = await materialize(earthquakes, { ...world(), partition });
    expect(result.metadata.rows).toBe(EVENTS_BY_DAY.reduce((sum, count) => sum + count));
    expect(new Set(snowflake.rows('raw.earthquakes').map(({ ID }) => ID)).size).toBe(1707);
  });

  it('warns about a day without events', async () => {
    const result = await materialize(earthquakes, { ...world(), partition: '2018-03-01' });
    expect(result.success).toBe(true);
    expect(result.checks.hasRows).toMatchObject({ passed: false, severity: 'WARN' });
  });

  it('asks for events up to the last millisecond of the day, because the service includes the end', async () => {
    const asked: URLSearchParams[] = [];
    const server = createServer((request, response) => {
      asked.push(new URL(request.url ?? '/', 'http://usgs').searchParams);
      response.setHeader('content-type', 'application/json').end('{"features":[]}');
    });
    await new Promise<void>((ready) => server.listen(0, '127.0.0.1', ready));
    try {
      const { port } = server.address() as AddressInfo;
      const env = { USGS_URL: `http://127.0.0.1:${port}` };
      await materialize(earthquakes, { env, partition: '2018-02-01', resources: { snowflake } });
    } finally {
      server.close();
    }
    expect(asked.map((query) => [query.get('starttime'), query.get('endtime'), query.get('offset')])).toEqual(
      [['2018-02-01T00:00:00.000Z', '2018-02-01T23:59:59.999Z', '1']],
    );
  });
});

describe('github', () => {
  it('merges issues and asks for nothing again while nothing changed', async () => {
    const first = await materialize([githubIssues, githubComments, githubUsers], world());
    expect(first.metadataOf(githubIssues)).toMatchObject({ rows: 13, inserted: 13 });
    expect(first.metadataOf(githubComments)).toMatchObject({ rows: 0 });
    expect(first.metadataOf(githubUsers).rows).toBeGreaterThan(0);
    const second = await materialize(githubIssues, world());
    expect(second.metadata).toMatchObject({ inserted: 0 });
    const third = await materialize(githubIssues, world());
    expect(third.metadata).toMatchObject({ rows: 0, inserted: 0, updated: 0 });
    expect(snowflake.rows('raw.github_issues')).toHaveLength(13);
    expect(snowflake.rows('raw.github_issues')[0]).toMatchObject({ USER: { login: expect.any(String) } });
  });

  it('sends the token when there is one, and never shows it', async () => {
    const guarded = await startSampleApis({ github: { token: 'gh-secret-1' } });
    try {
      const env = { GITHUB_URL: guarded.url, GITHUB_TOKEN: 'gh-secret-1' };
      const result = await materialize(githubIssues, { env, resources: { snowflake } });
      expect(result.metadata.rows).toBe(13);
      expect(JSON.stringify(result.events)).not.toContain('gh-secret-1');
    } finally {
      await guarded.close();
    }
  });
});

describe('flights and airports', () => {
  it('loads one hour of flights, and the same hour again without duplicates', async () => {
    const once = await materialize(flights, { ...world(), partition: '2001-01-01-08:00' });
    await materialize(flights, { ...world(), partition: '2001-01-01-08:00' });
    expect(once.metadata.rows).toBeGreaterThan(0);
    expect(snowflake.rows('raw.flights')).toHaveLength(once.metadata.rows as number);
    expect(snowflake.rows('raw.flights').every(({ DATE }) => String(DATE).startsWith('2001-01-01T08:'))).toBe(
      true,
    );
  });

  it('replaces the airports as a whole', async () => {
    await materialize(airports, world());
    const result = await materialize(airports, world());
    expect(result.metadata).toMatchObject({ rows: 3376, deleted: 3376 });
    expect(result.checks.hasRows?.passed).toBe(true);
  });
});

describe('the job ingest', () => {
  const config = {
    ops: { ingest_flights: { config: { start: '2001-01-01T00:00:00Z', end: '2001-01-01T03:00:00Z' } } },
  };

  it('loads every source without being asked for a partition, and tells each partition’s rows', async () => {
    const result = await executeJob(ingest, { ...world(), config });
    expect(result.success).toBe(true);
    const days = result.materializations.filter(
      ({ asset, partition }) => asset === earthquakes.key && partition !== null,
    );
    expect(days.map(({ partition }) => partition)).toEqual([
      ...[
        '2018-01-31',
        '2018-02-01',
        '2018-02-02',
        '2018-02-03',
        '2018-02-04',
        '2018-02-05',
        '2018-02-06',
        '2018-02-07',
      ],
    ]);
    expect(days.map(({ metadata }) => metadata['dagster/row_count'])).toEqual(EVENTS_BY_DAY);
    const hours = result.materializations.filter(
      ({ asset, partition }) => asset === flights.key && partition !== null,
    );
    expect(hours.map(({ partition }) => partition)).toEqual([
      '2001-01-01-00:00',
      '2001-01-01-01:00',
      '2001-01-01-02:00',
    ]);
    const loads = result.materializations.filter(({ metadata }) => metadata.inserted !== undefined);
    expect(loads.map(({ asset }) => asset).sort()).toEqual([
      'raw/airports',
      'raw/earthquakes',
      'raw/flights',
      'raw/github_comments',
      'raw/github_issues',
      'raw/github_users',
    ]);
  });

  it('is what flights_full runs too, for any window', async () => {
    const result = await executeJob(flightsFull, { ...world(), config });
    expect(result.materializations.filter(({ partition }) => partition !== null)).toHaveLength(3);
    expect(flightsFull.config).toMatchObject({
      ops: { ingest_flights: { config: { start: '2001-01-01T00:00:00Z', end: '2001-07-01T01:00:00Z' } } },
    });
  });

  it('refuses a window that is none', async () => {
    const wrong = { ops: { ingest_flights: { config: { start: 'yesterday' } } } };
    const result = await executeJob(ingest, { ...world(), config: wrong, raiseOnError: false });
    expect(result.success).toBe(false);
    expect(result.cause).toContain('ingest_flights');
  });
});
