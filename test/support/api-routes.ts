import type { Role } from '../../lib/api/identity';

interface Expected {
  /** Null = anybody. */
  readonly role: Role | null;
  /** A body that passes the schema, of the code location `shop`. */
  readonly body?: object;
  /** Whether only a role in the whole deployment will do. */
  readonly everywhere?: true;
}

/** Every route: the least role that may use it. */
export const ROUTE_ROLES: Readonly<Record<string, Expected>> = {
  'POST /api/runs': { role: 'launcher', body: { job: 'plain', location: 'shop' } },
  'GET /api/runs': { role: 'viewer' },
  'GET /api/runs/{id}': { role: 'viewer' },
  'POST /api/runs/{id}/cancel': { role: 'launcher', body: {} },
  'POST /api/runs/{id}/fail': { role: 'editor', body: { reason: 'no' } },
  'POST /api/runs/{id}/reexecute': { role: 'launcher', body: { strategy: 'ALL_STEPS' } },
  'GET /api/runs/{id}/debug': { role: 'editor' },
  'GET /api/runs/{id}/events': { role: 'viewer' },
  'GET /api/runs/{id}/logs': { role: 'viewer' },
  'POST /api/backfills': { role: 'launcher', body: { assets: ['raw/orders'], partitions: ['2026-01-02'] } },
  'GET /api/backfills': { role: 'viewer' },
  'POST /api/backfills/preview': {
    role: 'viewer',
    body: { assets: ['raw/orders'], partitions: ['2026-01-02'] },
  },
  'GET /api/backfills/{id}': { role: 'viewer' },
  'GET /api/backfills/{id}/events': { role: 'viewer' },
  'POST /api/backfills/{id}/change': { role: 'launcher', body: { change: 'pause' } },
  'POST /api/backfills/{id}/reexecute': { role: 'launcher', body: {} },
  'POST /api/assets/{key+}/materializations': { role: 'editor', body: {} },
  'POST /api/assets/{key+}/observations': { role: 'editor', body: {} },
  'POST /api/assets/{key+}/checks/{name}': { role: 'editor', body: { passed: true } },
  'POST /api/sensors/{location}/{sensor}/events': { role: 'launcher', body: { body: {} } },
  'GET /api/sensors/{location}/{sensor}/events': { role: 'viewer' },
  'POST /api/sensors/{location}/{sensor}/events/replay': { role: 'launcher', body: {} },
  'POST /api/webhooks/{location}/{sensor}': { role: null, body: {} },
  'GET /api/code-locations': { role: 'viewer' },
  'GET /api/code-locations/{name}/difference': { role: 'viewer' },
  'POST /api/code-locations/{name}/rollback': { role: 'admin', body: { version: 'a' } },
  'GET /api/instance': { role: 'viewer' },
  'POST /api/instance/pause': { role: 'admin', body: {}, everywhere: true },
  'POST /api/instance/resume': { role: 'admin', everywhere: true },
  'POST /api/tokens': { role: 'admin', body: { name: 'ci' }, everywhere: true },
  'GET /api/tokens': { role: 'admin', everywhere: true },
  'POST /api/tokens/{id}/revoke': { role: 'admin', everywhere: true },
  'GET /api/audit': { role: 'admin', everywhere: true },
  'GET /api/openapi.json': { role: null },
  'GET /healthz': { role: null },
};
