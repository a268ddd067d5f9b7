import { getNamedType, isUnionType } from 'graphql';
import { isError } from '../../../lib/api/audit/audit-mutations';
import { schema } from '../../../lib/api/schema';
import type { AuditEntry } from '../../../lib/model/audit-entry';
import { type ApiHarness, createApiHarness } from '../../support/api-harness';

const REPOSITORY = 'repositoryLocationName: "shop", repositoryName: "__repository__"';
const SCHEDULE = `scheduleSelector: {${REPOSITORY}, scheduleName: "every_night"}`;

let harness: ApiHarness;
beforeEach(async () => {
  harness = await createApiHarness();
});
afterEach(() => harness.close());

const entries = (): Promise<readonly AuditEntry[]> => harness.storage.listAudit({ limit: 50 });

test('A change is kept with who made it, what was before and what is after', async () => {
  await harness.graphql(`mutation { startSchedule(${SCHEDULE}) { __typename } }`, {}, 'editor');
  await harness.graphql('mutation { stopRunningSchedule(id: "shop:schedule:every_night") { __typename } }');

  expect(await entries()).toMatchObject([
    {
      role: 'admin',
      action: 'stopRunningSchedule',
      input: { id: 'shop:schedule:every_night' },
      before: { status: 'RUNNING' },
      after: { status: 'STOPPED' },
      outcome: 'DONE',
      message: null,
    },
    { role: 'editor', action: 'startSchedule', after: { status: 'RUNNING' }, outcome: 'DONE' },
  ]);
});

test('What a role may not do is kept too, and changes nothing', async () => {
  await harness.graphql(`mutation { startSchedule(${SCHEDULE}) { __typename } }`, {}, 'viewer');
  await harness.graphql('mutation { setConcurrencyLimit(concurrencyKey: "db", limit: 1) }', {}, 'editor');
  await harness.rest('POST', '/api/instance/pause', { role: 'editor', body: {} });

  const kept = await entries();

  expect(kept.map(({ action, outcome, role }) => [action, outcome, role])).toEqual([
    ['POST /api/instance/pause', 'REFUSED', 'editor'],
    ['setConcurrencyLimit', 'REFUSED', 'editor'],
    ['startSchedule', 'REFUSED', 'viewer'],
  ]);
  for (const { message, before, after } of kept) {
    expect(message).toMatch(/needs/);
    expect(after).toEqual(before);
  }
});

test('What cannot be done is kept with the reason', async () => {
  await harness.graphql('mutation { terminateRun(runId: "nothing") { __typename } }');
  await harness.rest('POST', '/api/runs/nothing/cancel', { body: {} });
  await harness.graphql('mutation { setConcurrencyLimit(concurrencyKey: "db", limit: 2000) }');

  expect((await entries()).map(({ action, outcome, message }) => [action, outcome, message])).toEqual([
    ['setConcurrencyLimit', 'FAILED', 'limit 2000: a pool has 0 to 1000 slots.'],
    ['POST /api/runs/{id}/cancel', 'FAILED', expect.stringContaining('nothing')],
    ['terminateRun', 'FAILED', expect.stringContaining('nothing')],
  ]);
});

test('A launch says which run it made, and shows no secret', async () => {
  const { body } = await harness.rest<{ runId: string }>('POST', '/api/runs', {
    body: { location: 'shop', job: 'plain', tags: { api_token: 'hunter2', note: 'x'.repeat(200) } },
  });
  expect(body).toMatchObject({ runId: expect.any(String) });
  const [entry] = await entries();

  expect(entry).toMatchObject({ action: 'POST /api/runs', outcome: 'DONE', after: body.runId });
  expect(JSON.stringify(entry)).not.toContain('hunter2');
  expect(entry?.input).toMatchObject({
    body: { tags: { api_token: '[redacted]', note: expect.any(String) } },
  });
});

test('Several mutations of one document are an entry each, with the request that its answer names', async () => {
  const answer = await harness.api.handle(
    new Request('http://localhost/graphql', {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({
        query: `mutation { a: startSchedule(${SCHEDULE}) { __typename } b: deleteConcurrencyLimit(concurrencyKey: "db") }`,
      }),
    }),
  );

  const requestId = answer.headers.get('x-request-id');
  expect((await entries()).map((entry) => [entry.requestId, entry.position, entry.action])).toEqual([
    [requestId, 1, 'deleteConcurrencyLimit'],
    [requestId, 0, 'startSchedule'],
  ]);
});

test('Looking leaves no entry', async () => {
  await harness.graphql('{ runsOrError { __typename } }');
  await harness.rest('GET', '/api/runs');
  expect(await entries()).toEqual([]);
});

test('An entry that cannot be kept is reported whole, and the change is answered', async () => {
  Object.assign(harness.instance.storage, { appendAudit: () => Promise.reject(new Error('disk full')) });

  const { data } = await harness.graphql<{ startSchedule: { __typename: string } }>(
    `mutation { startSchedule(${SCHEDULE}) { __typename } }`,
  );

  expect(data.startSchedule.__typename).toBe('ScheduleStateResult');
  expect(String(harness.errors)).toMatch(/audit log did not take .*"action":"startSchedule"/);
});

test('Admins page through it; others do not see it', async () => {
  await harness.graphql(`mutation { startSchedule(${SCHEDULE}) { __typename } }`);
  await harness.graphql(`mutation { startSchedule(${SCHEDULE}) { __typename } }`, {}, 'viewer');
  const query = `query ($cursor: String) { auditEntriesOrError(limit: 1, cursor: $cursor) {
    __typename ... on AuditEntries { cursor results { action outcome user before after timestamp } } } }`;
  type Page = { auditEntriesOrError: { __typename: string; cursor: string; results: { outcome: string }[] } };
  const page = async (cursor: string | null) =>
    (await harness.graphql<Page>(query, { cursor })).data.auditEntriesOrError;

  const first = await page(null);
  const second = await page(first.cursor);
  const last = await page(second.cursor);

  expect([first, second, last].map(({ results }) => results.map(({ outcome }) => outcome))).toEqual([
    ['REFUSED'],
    ['DONE'],
    [],
  ]);
  expect(last.cursor).toBeNull();
  const refused = await harness.graphql<Page>(query, {}, 'editor');
  expect(refused.data.auditEntriesOrError.__typename).toBe('UnauthorizedError');
});

test('Every member of a mutation’s union is known to be an error or not', () => {
  const members = Object.values(schema.getMutationType()?.getFields() ?? {}).flatMap((field) => {
    const type = getNamedType(field.type);
    return isUnionType(type) ? type.getTypes().map(({ name }) => name) : [];
  });
  const done = [...new Set(members)].filter((name) => !isError(schema, name)).sort();

  expect(done.filter((name) => !/(Success|Result)$/.test(name))).toEqual([
    'DryRunInstigationTick',
    'Sensor',
    'Workspace',
    'WorkspaceLocationEntry',
  ]);
});

test('REST pages through it too', async () => {
  await harness.graphql(`mutation { startSchedule(${SCHEDULE}) { __typename } }`);
  await harness.graphql(`mutation { startSchedule(${SCHEDULE}) { __typename } }`, {}, 'viewer');
  type Page = { entries: AuditEntry[]; cursor: number | null };
  const first = await harness.rest<Page>('GET', '/api/audit?limit=1');
  const last = await harness.rest<Page>('GET', `/api/audit?limit=1&cursor=${first.body.cursor}`);
  const refused = await harness.rest<Page>('GET', '/api/audit?outcome=REFUSED');

  expect(first.body.entries).toMatchObject([{ outcome: 'REFUSED', role: 'viewer' }]);
  expect(last.body).toMatchObject({ entries: [{ outcome: 'DONE' }], cursor: null });
  expect(refused.body).toEqual({ entries: first.body.entries, cursor: null });
  expect((await harness.rest('GET', '/api/audit', { role: 'editor' })).status).toBe(403);
});
