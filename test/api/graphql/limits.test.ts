import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { parse } from 'graphql';
import { MOST_VALUES, queryCost } from '../../../lib/api/query-cost';
import { QUERY_LIMITS } from '../../../lib/api/query-limits';
import { schema } from '../../../lib/api/schema';
import { PortError } from '../../../lib/ports/errors';
import { dashboardDocuments } from '../../support/api-dashboard-documents';
import { type ApiHarness, createApiHarness } from '../../support/api-harness';
import { ManualClock } from '../../support/manual-clock';

describe('limits of a GraphQL request', () => {
  let harness: ApiHarness;
  beforeAll(async () => {
    harness = await createApiHarness();
  });
  afterAll(() => harness.close());
  const send = (init: RequestInit & { readonly path?: string }) =>
    harness.api.handle(new Request(`http://api.test${init.path ?? '/graphql'}`, init));
  const post = (body: unknown) =>
    send({ method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) });

  const causes = (levels: number, within = 'message'): string =>
    `${'cause { '.repeat(levels)}${within}${' }'.repeat(levels)}`;
  /** Both with so many levels: `runOrError`, the causes, and what they end with. */
  const DEEP: readonly [string, (levels: number) => string][] = [
    ['a query', (levels) => `{ runOrError(runId: "x") { ... on PythonError { ${causes(levels - 2)} } } }`],
    [
      'a query of fragments',
      (levels) => `{ runOrError(runId: "x") { ...A } }
        fragment A on PythonError { ${causes(9, '...B')} }
        fragment B on PythonError { ${causes(levels - 11)} }`,
    ],
  ];

  test.each(DEEP)('%s as deep as allowed is answered, one level more is not', async (_what, deep) => {
    expect((await harness.graphql(deep(QUERY_LIMITS.depth))).errors).toBeUndefined();
    expect((await harness.graphql(deep(QUERY_LIMITS.depth + 1))).errors?.[0]?.message).toBe(
      'The query is 21 levels deep; at most 20 are answered.',
    );
  });

  test('a fragment that spreads itself ends', async () => {
    const circular = '{ runOrError(runId: "x") { ...A } } fragment A on PythonError { cause { ...A } }';
    expect((await harness.graphql(circular)).errors?.[0]?.message).toContain('Cannot spread fragment');
  });

  test('more aliases than allowed are refused', async () => {
    const aliases = (count: number) =>
      `{ ${Array.from({ length: count }, (_, i) => `a${i}: version`).join(' ')} }`;
    expect((await harness.graphql(aliases(QUERY_LIMITS.aliases))).errors).toBeUndefined();
    expect((await harness.graphql(aliases(QUERY_LIMITS.aliases + 1))).errors?.[0]?.message).toBe(
      'The query has more than 40 aliases.',
    );
  });

  test('more directives than allowed are refused', async () => {
    const directives = (count: number) =>
      `{ ${Array.from({ length: count }, () => 'version @include(if: true)').join(' ')} }`;
    expect((await harness.graphql(directives(QUERY_LIMITS.directives))).errors).toBeUndefined();
    expect((await harness.graphql(directives(QUERY_LIMITS.directives + 1))).errors?.[0]?.message).toBe(
      'The query has more than 100 directives.',
    );
  });

  /** A query of exactly this cost, mostly of pages; `version` costs 1. */
  function costing(cost: number): string {
    const [page, row] = [QUERY_LIMITS.rows, 191];
    const fields: string[] = [];
    let left = cost;
    while (left > row) {
      const rows = Math.min(page, Math.floor((left - 1) / row));
      fields.push(
        `p${fields.length}: runsOrError(limit: ${rows}) { ... on Runs { results { ${'id '.repeat(19)} } } }`,
      );
      left -= 1 + rows * row;
    }
    return `{ ${fields.join(' ')} ${'version '.repeat(left)} }`;
  }

  test('a query that may answer as many values as allowed is answered, one of one more is not', async () => {
    const cost = (text: string) => queryCost({ schema, document: parse(text), variables: {} });
    const [most, more] = [costing(MOST_VALUES), costing(MOST_VALUES + 1)];
    expect([cost(most), cost(more)]).toEqual([2_000_000, 2_000_001]);

    expect((await harness.graphql(most)).errors).toBeUndefined();
    expect((await harness.graphql(more)).errors?.[0]?.message).toContain(
      'The query may answer 2000001 values; at most 2000000 are answered.',
    );
  });

  test('pages of pages are refused, also when variables say how large', async () => {
    const query =
      'query Q($many: Int) { repositoriesOrError { ... on RepositoryConnection { nodes { pipelines { runs(limit: $many) { id tags { key value } } } } } } }';
    expect((await harness.graphql(query, { many: 10 })).errors).toBeUndefined();
    expect((await harness.graphql(query, { many: 1_000 })).errors?.[0]?.message).toContain('at most 2000000');
  });

  test('fragments that spread each other twice, 40 deep, are refused at once', async () => {
    const fragments = Array.from(
      { length: 40 },
      (_, i) => `fragment F${i} on PythonError { ...F${i + 1} ...F${i + 1} }`,
    );
    const query = `{ runOrError(runId: "x") { ...F0 } } ${fragments.join(' ')} fragment F40 on PythonError { message }`;
    expect((await harness.graphql(query)).errors?.[0]?.message).toContain('at most 2000000');
  });

  test('what the dashboard asks stays below half the limit of values', async () => {
    const costs = (await dashboardDocuments()).map(({ name, text }) => ({
      name,
      cost: queryCost({
        schema,
        document: parse(text),
        variables: { limit: 100, cursor: null },
      }),
    }));
    const dearest = costs.sort((a, b) => b.cost - a.cost)[0];
    expect(dearest?.cost).toBeGreaterThan(100);
    expect({ ...dearest, isCheap: (dearest?.cost ?? 0) < MOST_VALUES / 2 }).toMatchObject({ isCheap: true });
  });

  test.each([
    'runsOrError(limit: 1001) { ... on Runs { results { id } } }',
    'runsOrError(limit: -1) { ... on Runs { results { id } } }',
  ])('a page of %s is refused with words for the caller', async (field) => {
    const { errors } = await harness.graphql(`{ ${field} }`);
    expect(errors?.[0]?.message).toContain('pages hold 0 to 1000 rows');
  });

  test.each([0, QUERY_LIMITS.rows])('a page of %i rows is answered', async (limit) => {
    const { errors } = await harness.graphql(
      `{ runsOrError(limit: ${limit}) { ... on Runs { results { id } } } }`,
    );
    expect(errors).toBeUndefined();
  });

  test('a query of more characters than allowed is refused', async () => {
    const query = (characters: number) => '{ version }'.padEnd(characters);
    expect((await post({ query: query(QUERY_LIMITS.characters) })).status).toBe(200);
    const response = await post({ query: query(QUERY_LIMITS.characters + 1) });
    expect([response.status, await response.json()]).toEqual([
      413,
      { errors: [expect.objectContaining({ message: expect.stringContaining('characters') })] },
    ]);
  });

  test('a body over 1 MB is refused', async () => {
    const body = (bytes: number) => JSON.stringify({ query: '{ version }' }).padEnd(bytes);
    const sized = (bytes: number) =>
      send({ method: 'POST', headers: { 'content-type': 'application/json' }, body: body(bytes) });
    expect((await sized(1_048_576)).status).toBe(200);
    const response = await sized(1_048_577);
    expect(response.status).toBe(413);
    expect(response.headers.get('content-type')).toBe('application/problem+json');
  });

  test.each([
    ['application/json', 200],
    ['application/json; charset=utf-8', 200],
    ['application/graphql+json', 200],
    // What a form or a script of another page can send without being asked.
    ['text/plain', 415],
    ['application/x-www-form-urlencoded', 415],
    ['multipart/form-data; boundary=b', 415],
    ['application/jsonx', 415],
    ['', 415],
  ])('a body of type "%s" is answered with %i', async (type, status) => {
    const body = JSON.stringify({ query: '{ version }' });
    expect((await send({ method: 'POST', headers: { 'content-type': type }, body })).status).toBe(status);
  });

  test('several queries in one request are refused', async () => {
    const response = await post([{ query: '{ version }' }, { query: '{ version }' }]);
    expect(response.status).toBeGreaterThanOrEqual(400);
  });

  test('a query by GET is answered, a mutation by GET is not', async () => {
    const query = await send({ method: 'GET', path: `/graphql?query=${encodeURIComponent('{ version }')}` });
    expect(await query.json()).toEqual({ data: { version: '1.2.3' } });
    const mutation = await send({
      method: 'GET',
      path: `/graphql?query=${encodeURIComponent('mutation { deleteConcurrencyLimit(concurrencyKey: "a") }')}`,
    });
    expect(mutation.status).toBe(405);
  });

  test('a query that does not parse or validate answers 400', async () => {
    expect((await post({ query: '{' })).status).toBe(400);
    expect((await post({ query: '{ nothing }' })).status).toBe(400);
  });
});

describe('failures of a GraphQL request', () => {
  test('an unexpected one is reported, and tells the caller nothing of the inside', async () => {
    const harness = await createApiHarness({
      storage: {
        runTagKeys: async () => [],
        poolStates: async () => {
          throw new TypeError('secret of the inside');
        },
      },
    });
    try {
      const answer = await harness.graphql('{ instance { concurrencyLimits { concurrencyKey } } }');
      expect(JSON.stringify(answer)).not.toContain('secret');
      expect(answer.errors?.length).toBe(1);
      expect(harness.errors).toEqual([expect.any(TypeError)]);
    } finally {
      await harness.close();
    }
  });

  test('a passing one says so, also to a query whose type has no room for errors', async () => {
    const harness = await createApiHarness({
      storage: {
        poolStates: async () => {
          throw new PortError('transient', 'The database wakes up.');
        },
      },
    });
    try {
      const response = await harness.api.handle(
        new Request('http://api.test/graphql', {
          method: 'POST',
          headers: { 'content-type': 'application/json' },
          body: JSON.stringify({ query: '{ instance { concurrencyLimits { concurrencyKey } } }' }),
        }),
      );
      expect([response.status, response.headers.get('retry-after')]).toEqual([503, '5']);
      expect(await response.text()).toContain('The database wakes up. Try again.');
      expect(harness.errors).toEqual([]);
    } finally {
      await harness.close();
    }
  });

  test('a workspace that cannot be read is answered, and reported', async () => {
    const harness = await createApiHarness();
    try {
      harness.codeLocations.list = async () => {
        throw new Error('no workspace');
      };
      expect((await harness.rest('GET', '/api/runs')).status).toBe(500);
      expect((await harness.graphql('{ version }')).errors?.length).toBe(1);
      expect(harness.errors).toEqual([expect.any(Error), expect.any(Error)]);
    } finally {
      await harness.close();
    }
  });

  test('an answer that takes over 25 s is a passing problem, in time for the gateway', async () => {
    const clock = new ManualClock();
    const harness = await createApiHarness({ clock });
    try {
      harness.codeLocations.list = () => new Promise(() => {});
      for (const path of ['/graphql?query=%7Bversion%7D', '/api/runs']) {
        let answered: Response | undefined;
        const answering = harness.api.handle(new Request(`http://api.test${path}`)).then((response) => {
          answered = response;
        });
        await clock.advance(24_999);
        expect(answered).toBeUndefined();
        await clock.advance(1);
        await answering;
        expect([answered?.status, answered?.headers.get('retry-after')]).toEqual([503, '5']);
      }
      expect(clock.sleeping).toBe(0);
    } finally {
      await harness.close();
    }
  });
});

describe('who may come in', () => {
  test('nobody without credentials, but for health and the description of the REST API', async () => {
    const harness = await createApiHarness({ authorize: () => new Response('no', { status: 401 }) });
    try {
      const status = async (path: string) =>
        (await harness.api.handle(new Request(`http://api.test${path}`))).status;
      expect(await status('/graphql?query=%7Bversion%7D')).toBe(401);
      expect(await status('/api/runs')).toBe(401);
      expect(await status('/api/nothing')).toBe(401);
      expect(await status('/healthz')).toBe(200);
      expect(await status('/api/openapi.json')).toBe(200);
    } finally {
      await harness.close();
    }
  });
});
