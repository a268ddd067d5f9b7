import { describe, expect, test } from '@jest/globals';
import { matchPath, matchRoute } from '../../../lib/api/rest/match-route';
import { ROUTES } from '../../../lib/api/rest/routes';

describe('the router', () => {
  test.each([
    ['/api/runs/{id}', '/api/runs/17', { id: '17' }],
    ['/api/runs/{id}', '/api/runs/17/', { id: '17' }],
    ['/api/runs/{id}', '/api/runs', undefined],
    ['/api/runs/{id}', '/api/runs/17/events', undefined],
    ['/api/assets/{key+}/observations', '/api/assets/raw/orders/observations', { key: 'raw/orders' }],
    ['/api/assets/{key+}/observations', '/api/assets/raw%2Forders/observations', { key: 'raw/orders' }],
    ['/api/assets/{key+}/checks/{name}', '/api/assets/a/checks/b/checks/c', { key: 'a/checks/b', name: 'c' }],
    ['/api/openapi.json', '/api/openapiXjson', undefined],
    ['/api/runs/{id}', '/api/runs/%E0%A4%A', undefined],
  ])('%s over %s gives %j', (pattern, path, params) => {
    expect(matchPath(pattern, path)).toEqual(params);
  });

  test('HEAD is served by the route of GET', () => {
    expect(matchRoute(ROUTES, 'HEAD', '/healthz')).toMatchObject({
      kind: 'found',
      route: { path: '/healthz' },
    });
  });

  test('a path with another method says which are allowed', () => {
    expect(matchRoute(ROUTES, 'DELETE', '/api/runs')).toEqual({
      kind: 'wrong-method',
      allow: ['POST', 'GET', 'HEAD'],
    });
  });

  test('an unknown path names those like it', () => {
    const match = matchRoute(ROUTES, 'GET', '/api/run');
    expect(match).toMatchObject({ kind: 'unknown', near: expect.arrayContaining(['/api/runs']) });
  });
});
