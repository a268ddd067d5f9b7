import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { linkHeader, type ParentReference, RestConfigError } from 'headrace/rest';
import { type SampleApis, startSampleApis } from '../../../tools/sample-apis/server';
import { client, failureOf, readAll } from './support';

describe('a child resource', () => {
  let api: SampleApis;
  beforeEach(async () => {
    api = await startSampleApis();
  });
  afterEach(() => api.close());

  const parent: ParentReference = {
    resource: 'issues',
    field: 'user.login',
    param: 'login',
    column: 'asked_for',
  };
  const github = () =>
    client({
      baseUrl: api.url,
      resources: {
        issues: {
          path: '/repos/octokit-fixture-org/search-issues/issues',
          params: { state: 'all', per_page: 1 },
          pagination: linkHeader(),
          incremental: { field: 'updated_at', param: 'since' },
        },
        users: { path: '/users/{login}', primaryKey: 'id', parent },
      },
    });

  it('is read once for each distinct value of its parent', async () => {
    const { records, cursor } = await readAll(github().users.read());

    expect(records.map((record) => [record.login, record.asked_for]).sort()).toEqual([
      ['octokit-fixture-user-a', 'octokit-fixture-user-a'],
      ['octokit-fixture-user-b', 'octokit-fixture-user-b'],
    ]);
    expect(api.requestCount('/users')).toBe(2);
    expect(cursor).toEqual({ parent: { last: '2022-07-19T04:40:52Z' } });
  });

  it('asks only for the parents that changed since the last load', async () => {
    const { records } = await readAll(github().users.read(), {
      cursor: { parent: { last: '2022-07-19T04:40:52Z' } },
    });

    expect(records.map((record) => record.login)).toEqual(['octokit-fixture-user-b']);
  });

  it('reads at most so many at a time as it is told', async () => {
    let running = 0;
    let most = 0;
    const asked = new Set<string>();
    const { children } = client(
      {
        baseUrl: 'http://tree.test',
        resources: {
          parents: { path: '/parents' },
          children: {
            path: '/children',
            parent: { resource: 'parents', field: 'id', param: 'of', concurrency: 3 },
          },
        },
      },
      {
        fetch: async (input) => {
          const of = new URL(String(input)).searchParams.get('of');
          if (of === null) return Response.json(Array.from({ length: 20 }, (_, i) => ({ id: i % 10 })));
          asked.add(of);
          running++;
          most = Math.max(most, running);
          await new Promise((resolve) => setTimeout(resolve, 2));
          running--;
          return Response.json([{ of }, { of }]);
        },
      },
    );
    const { records } = await readAll(children.read());

    expect(records).toHaveLength(20);
    expect(asked.size).toBe(10);
    expect(most).toBe(3);
  });

  it('ends the other reads when one of them fails', async () => {
    const aborted: string[] = [];
    const { children } = client(
      {
        baseUrl: 'http://tree.test',
        resources: {
          parents: { path: '/parents' },
          children: { path: '/children/{id}', parent: { resource: 'parents', field: 'id', param: 'id' } },
        },
      },
      {
        fetch: async (input, init) => {
          const { pathname } = new URL(String(input));
          if (pathname === '/parents') return Response.json([{ id: 1 }, { id: 2 }]);
          if (pathname === '/children/1') return new Response('gone', { status: 410 });
          return new Promise((_, reject) => {
            init?.signal?.addEventListener('abort', () => {
              aborted.push(pathname);
              reject(init.signal?.reason);
            });
          });
        },
      },
    );

    expect(await failureOf(readAll(children.read()))).toMatchObject({ status: 410, resource: 'children' });
    expect(aborted).toEqual(['/children/2']);
  });

  it('passes over missing things when absence is declared normal', async () => {
    const { things } = client({
      baseUrl: api.url,
      resources: {
        issues: { path: '/repos/octokit-fixture-org/search-issues/issues' },
        things: {
          path: '/users/no-{id}',
          emptyOn: [404],
          parent: { resource: 'issues', field: 'id', param: 'id' },
        },
      },
    });

    expect((await readAll(things.read())).batches).toEqual([]);
    expect(api.requestCount('/users/no-')).toBe(2);
  });

  it.each([
    ['an unknown parent', { a: { path: '/a', parent: { ...parent, resource: 'b' } } }, 'not declared'],
    [
      'a circle',
      {
        a: { path: '/a', parent: { ...parent, resource: 'b' } },
        b: { path: '/b', parent: { ...parent, resource: 'a' } },
      },
      'a → b → a',
    ],
    [
      'a child that is incremental itself',
      { a: { path: '/a' }, b: { path: '/b', parent: { ...parent, resource: 'a' }, conditional: true } },
      'neither incremental nor conditional',
    ],
  ])('refuses %s when it is declared', (_, resources, message) => {
    expect(() => client({ baseUrl: 'http://tree.test', resources })).toThrow(RestConfigError);
    expect(() => client({ baseUrl: 'http://tree.test', resources })).toThrow(message);
  });
});
