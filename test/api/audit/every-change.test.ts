import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { mayAct, ROLES, type Role } from '../../../lib/api/identity';
import { ROUTES } from '../../../lib/api/rest/routes';
import type { AuditEntry } from '../../../lib/model/audit-entry';
import { CODE_LOCATION_NAMESPACE } from '../../../lib/model/pushed-code-location';
import { type ApiHarness, createApiHarness } from '../../support/api-harness';
import { isRefused, MUTATIONS, mutationDocument } from '../../support/api-mutations';
import { ROUTE_ROLES } from '../../support/api-routes';

/** Routes that change something, and need a role: who may send a webhook is said by its signature. */
const WRITES = ROUTES.filter(({ method, role }) => method !== 'GET' && role !== null);

/** About nothing that has a state before: they make something new, add to a log, only try, or load code again. */
const WITHOUT_BEFORE =
  /^(launch|report|scheduleDryRun|sensorDryRun|reload|shutdown|wipe|reexecute|.*Reexecution$|POST \/api\/(runs|backfills|backfills\/preview|tokens)$|POST \/api\/(assets|sensors)\/)/;

let harness: ApiHarness;
/** What the requests are about. */
let ids: { run: string; backfill: string; token: string };

beforeAll(async () => {
  harness = await createApiHarness();
  await harness.storage.putValue(CODE_LOCATION_NAMESPACE, 'shop', {
    bundleHash: 'a',
    error: null,
    updatedAt: 1,
    versions: [{ bundleHash: 'a', pushedAt: 1, by: null }],
  });
});
afterAll(() => harness.close());

async function make(): Promise<void> {
  const post = async (path: string, body: object) =>
    (await harness.rest<Record<string, unknown>>('POST', path, { body })).body;
  const run = await post('/api/runs', { job: 'plain', location: 'shop' });
  const { backfill } = await post('/api/backfills', { assets: ['raw/orders'], partitions: ['2026-01-02'] });
  const token = await post('/api/tokens', { name: 'ci' });
  const { backfillId } = backfill as { readonly backfillId: string };
  ids = { run: String(run.runId), backfill: backfillId, token: String(token.id) };
}

/** Sends a request, and gives its answer with the entries that it left. */
async function send(path: string, role: Role, body: object | undefined) {
  const [last] = await harness.storage.listAudit({ limit: 1 });
  const response = await harness.api.handle(
    new Request(`http://api.test${path}`, {
      method: 'POST',
      headers: {
        'x-test-role': role,
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    }),
  );
  const answer: unknown = await response.json();
  const left = (await harness.storage.listAudit({ limit: 10 })).filter(
    ({ auditId }) => auditId > (last?.auditId ?? 0),
  );
  return { status: response.status, answer, left, requestId: response.headers.get('x-request-id') };
}

type Sent = Awaited<ReturnType<typeof send>>;

/** Each change leaves one entry, whoever asks for it. */
function expectEntry(action: string, role: Role, { left, requestId }: Sent): AuditEntry {
  expect(left).toMatchObject([{ action, user: 'ann', role, requestId, position: 0 }]);
  expect(requestId).toMatch(/^[\da-f-]{36}$/);
  const [entry] = left;
  if (entry === undefined) throw new Error('it left none');
  return entry;
}

function expectRefusal({ outcome, message, before, after }: AuditEntry): void {
  expect([outcome, message]).toEqual(['REFUSED', expect.stringContaining('needs')]);
  expect(after).toEqual(before);
}

describe('every mutation leaves an entry', () => {
  const subject = (name: string): string => (/artitionBackfill$/.test(name) ? ids.backfill : ids.run);
  const ask = (name: string, role: Role) =>
    send('/graphql', role, {
      query: mutationDocument(name).replaceAll('"x"', JSON.stringify(subject(name))),
    });

  test.each(Object.entries(MUTATIONS))('%s, for who may as %s and who may not', async (name, [
    needed,
    args,
  ]) => {
    await make();
    for (const role of [...ROLES].filter((each) => !mayAct(each, needed)).slice(-1)) {
      const refused = await ask(name, role);
      expect(isRefused(refused.answer)).toBe(true);
      expectRefusal(expectEntry(name, role, refused));
    }

    const entry = expectEntry(name, needed, await ask(name, needed));

    expect(['DONE', 'FAILED']).toContain(entry.outcome);
    expect(entry.message === null).toBe(entry.outcome === 'DONE');
    expect(Object.keys(entry.input).length > 0).toBe(args !== '');
    if (!WITHOUT_BEFORE.test(name)) expect(entry.before).not.toBeNull();
  });
});

describe('every route that changes something leaves an entry', () => {
  const about = (path: string): Readonly<Record<string, string>> => ({
    ...{ location: 'shop', sensor: 'new_files', name: path.includes('code-loc') ? 'shop' : 'hasRows' },
    ...{
      key: 'raw/orders',
      id: ids[path.includes('tokens') ? 'token' : path.includes('runs') ? 'run' : 'backfill'],
    },
  });

  test.each(WRITES.map(({ method, path }) => `${method} ${path}`))('%s', async (action) => {
    await make();
    const path = action.replace('POST ', '');
    const { role: needed, body } = ROUTE_ROLES[action] ?? {};
    if (needed === null || needed === undefined) throw new Error('it needs no role');
    const named = about(path);
    const url = path.replaceAll(/\{(\w+)\+?\}/g, (_, name: string) => named[name] ?? '');
    for (const role of [...ROLES].filter((each) => !mayAct(each, needed)).slice(-1)) {
      const refused = await send(url, role, body);
      expect(refused.status).toBe(403);
      expectRefusal(expectEntry(action, role, refused));
    }

    const done = await send(url, needed, body);

    const entry = expectEntry(action, needed, done);
    expect([entry.outcome, done.status, done.answer]).toEqual([
      done.status < 300 ? 'DONE' : 'FAILED',
      done.status,
      done.answer,
    ]);
    expect(entry.message === null).toBe(done.status < 300);
    // Of the path, and the body once it was read.
    const asked = /\{/.test(path) || body !== undefined;
    expect(Object.keys(entry.input).length > 0).toBe(asked);
    if (!WITHOUT_BEFORE.test(action)) expect(entry.before).not.toBeNull();
  });

  test('with what there was before and is after', async () => {
    await make();
    const { left: paused } = await send(`/api/backfills/${ids.backfill}/change`, 'admin', {
      change: 'priority',
      priority: 7,
    });
    const { left: revoked } = await send(`/api/tokens/${ids.token}/revoke`, 'admin', undefined);
    const add = mutationDocument('addDynamicPartition').replace('"a"', '"new"');
    const { left: added } = await send('/graphql', 'admin', { query: add });

    expect(paused).toMatchObject([{ after: { tags: { 'dagster/priority': '7' } } }]);
    expect(revoked).toMatchObject([{ before: { name: 'ci', role: 'launcher' }, after: null }]);
    expect(added).toMatchObject([{ before: { partitions: [] }, after: { partitions: ['new'] } }]);
  });
});
