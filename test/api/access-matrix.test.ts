import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { identityOf } from '../../lib/api/access';
import { type Grants, type Identity, mayAct, ROLES, type Role } from '../../lib/api/identity';
import { ROUTES } from '../../lib/api/rest/routes';
import { schema } from '../../lib/api/schema';
import { type ApiHarness, createApiHarness } from '../support/api-harness';
import { isRefused, MUTATIONS, mutationDocument, READS } from '../support/api-mutations';
import { ROUTE_ROLES } from '../support/api-routes';

/** Every query: what it is about. Of code locations a caller sees theirs; the deployment's needs a role everywhere. */
const QUERIES: Readonly<Record<string, Role>> = Object.fromEntries(
  Object.keys(schema.getQueryType()?.getFields() ?? {}).map((name) => [
    name,
    name === 'auditEntriesOrError' ? 'admin' : 'viewer',
  ]),
);

/** Mutations of the deployment as a whole. */
const EVERYWHERE: readonly string[] = [
  'setConcurrencyLimit',
  'deleteConcurrencyLimit',
  'freeConcurrencySlots',
  'freeConcurrencySlotsForRun',
];

const CALLER = 'x-test-caller';
const UNAUTHORIZED = () => Response.json({ status: 401, title: 'Not signed in' }, { status: 401 });

describe('every field and route, for everybody', () => {
  let harness: ApiHarness;
  const ids: Record<string, string> = { location: 'shop', sensor: 'new_files', name: 'hasRows' };
  ids.key = 'reports/orders';

  beforeAll(async () => {
    harness = await createApiHarness({
      authorize: (request) => {
        const caller = request.headers.get(CALLER);
        return caller === null ? UNAUTHORIZED() : (JSON.parse(caller) as Identity);
      },
    });
    const run = await send('POST', '/api/runs', as('admin'), { job: 'plain', location: 'shop' });
    ids.id = (run.body as { runId: string }).runId;
  });
  afterAll(() => harness.close());
  beforeEach(() => {
    harness.calls.length = 0;
    harness.codeLocations.reloaded.length = 0;
  });

  async function send(method: string, path: string, caller: Identity | null, body?: object) {
    const response = await harness.api.handle(
      new Request(`http://api.test${path}`, {
        method,
        headers: {
          ...(body === undefined ? {} : { 'content-type': 'application/json' }),
          ...(caller === null ? {} : { [CALLER]: JSON.stringify(caller) }),
        },
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      }),
    );
    return { status: response.status, body: (await response.json()) as unknown };
  }
  const graphql = (query: string, caller: Identity | null) => send('POST', '/graphql', caller, { query });
  const call = (key: string, caller: Identity | null) => {
    const [method = '', pattern = ''] = key.split(' ');
    const path = pattern.replaceAll(/\{(\w+)\+?\}/g, (_, name: string) =>
      name === 'name' && pattern.includes('code-locations') ? 'shop' : (ids[name] ?? ''),
    );
    const query = pattern.endsWith('/logs') ? '?step=noop&try=1&stream=stdout' : '';
    return send(method, path + query, caller, ROUTE_ROLES[key]?.body);
  };
  /** What was changed; a refusal is kept in the audit log. */
  const changes = () => [
    ...harness.calls.filter((name) => !READS.test(name)),
    ...harness.codeLocations.reloaded,
  ];

  test('is listed here', () => {
    const routes = ROUTES.map(({ method, path }) => `${method} ${path}`);
    const known = Object.keys(ROUTE_ROLES);
    expect(routes.filter((key) => !known.includes(key))).toEqual([]);
    expect(Object.keys(schema.getMutationType()?.getFields() ?? {}).sort()).toEqual(
      Object.keys(MUTATIONS).sort(),
    );
  });

  const routes = ROUTES.map(({ method, path }) => `${method} ${path}`);

  test.each(routes)('%s', async (key) => {
    const { role: needed = null, everywhere = false } = ROUTE_ROLES[key] ?? {};
    for (const role of ROLES) {
      // Those who may are looked at in the tests of each route.
      if (needed === null || mayAct(role, needed)) continue;
      expect([key, role, (await call(key, as(role))).status]).toEqual([key, role, 403]);
      expect([key, role, changes()]).toEqual([key, role, []]);
    }
    const anonymous = await call(key, null);
    expect([key, anonymous.status === 401]).toEqual([key, needed !== null]);
    if (needed === null) return;
    expect(changes()).toEqual([]);

    // An admin of another code location finds nothing of this one, and changes nothing.
    const stranger = await call(key, LAB_ADMIN);
    const found = stranger.status < 400 && JSON.stringify(stranger.body).includes(ids.id ?? '?');
    expect([key, found]).toEqual([key, false]);
    expect([key, changes()]).toEqual([key, []]);
    if (everywhere) expect([key, stranger.status]).toEqual([key, 403]);
  });

  test.each(Object.entries(MUTATIONS))('%s', async (name, [needed]) => {
    const anonymous = await graphql(mutationDocument(name), null);
    expect([name, anonymous.status, changes()]).toEqual([name, 401, []]);

    // A role in another code location is none here.
    const stranger = await graphql(mutationDocument(name), LAB_ADMIN);
    const own = name === 'reloadWorkspace' ? ['lab'] : [];
    expect([name, stranger.status, changes()]).toEqual([name, 200, own]);

    // Who only sees a code location is told so.
    harness.codeLocations.reloaded.length = 0;
    const guest = await graphql(mutationDocument(name), VIEWER_HERE_ADMIN_THERE);
    expect([name, changes()]).toEqual([name, own]);
    const namesNothing = /"x"/.test(MUTATIONS[name]?.[1] ?? '');
    if (!namesNothing && name !== 'reloadWorkspace') {
      expect([name, guest.body, isRefused(guest.body)]).toEqual([name, guest.body, true]);
    }

    // A role in this one counts here, and not for the deployment as a whole.
    for (const role of ROLES) {
      harness.calls.length = 0;
      harness.codeLocations.reloaded.length = 0;
      const answer = await graphql(mutationDocument(name), inShop(role));
      const may = mayAct(role, needed) && !EVERYWHERE.includes(name);
      expect([name, role, answer.body, isRefused(answer.body)]).toEqual([name, role, answer.body, !may]);
      if (!may) expect([name, role, changes()]).toEqual([name, role, []]);
    }
  });

  test.each(Object.keys(QUERIES))('%s is answered to nobody without a name', async (name) => {
    const anonymous = await graphql(`{ ${name} }`, null);
    expect([anonymous.status, harness.calls]).toEqual([401, []]);
  });
});

const as = (role: Role): Identity => ({ user: 'ann', role });

function limited(grants: Grants): Identity {
  const identity = identityOf('ann', grants);
  if (identity === undefined) throw new Error('the grants give nothing');
  return identity;
}

const inShop = (role: Role): Identity => limited({ everywhere: null, locations: { shop: role } });
const LAB_ADMIN = limited({ everywhere: null, locations: { lab: 'admin' } });
const VIEWER_HERE_ADMIN_THERE = limited({ everywhere: 'viewer', locations: { lab: 'admin' } });
