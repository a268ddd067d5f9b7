import { describe, expect, it } from '@jest/globals';
import { linkHeader } from 'headrace/rest';
import { buildUrl } from '../../../lib/integrations/rest/values';

const nextOf = (link: string) =>
  linkHeader().next({
    body: undefined,
    headers: new Headers({ link }),
    recordCount: 1,
    page: 1,
    request: {},
  });

describe('Link headers', () => {
  it.each([
    ['<https://a.test/?page=2>; rel="next", <https://a.test/?page=9>; rel="last"', 'https://a.test/?page=2'],
    ['<https://a.test/1>; rel="prev", <https://a.test/3>; rel="next"', 'https://a.test/3'],
    ['<https://a.test/a,b>; title="x, y"; rel=next', 'https://a.test/a,b'],
    ['</relative>; rel="last next"', '/relative'],
  ])('finds the next page in %s', (link, url) => {
    expect(nextOf(link)).toEqual({ url });
  });

  it.each([
    '<https://a.test/>; rel="last"',
    '<https://a.test/>; rel="nextish"',
    '',
  ])('finds none in %s', (link) => {
    expect(nextOf(link)).toBeUndefined();
  });
});

describe('addresses', () => {
  it('puts parameters into the path and the query, encoded', () => {
    const url = buildUrl('https://a.test/v1/', '/users/{login}/x', {
      login: 'a/b',
      since: new Date(0),
      tag: ['p', 'q'],
      none: undefined,
    });

    expect(url.href).toBe('https://a.test/v1/users/a%2Fb/x?since=1970-01-01T00%3A00%3A00.000Z&tag=p&tag=q');
  });

  it('names what the path lacks', () => {
    expect(() => buildUrl('https://a.test', '/users/{login}', {})).toThrow('needs a value for {login}');
  });
});
