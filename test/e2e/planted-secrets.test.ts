import { createHmac, randomBytes } from 'node:crypto';
import { cp, mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createPgDriver } from '../../lib/adapters/postgres/pg-driver';
import { schema } from '../../lib/api/schema';
import { createClient, type HeadraceClient } from '../../lib/client';

import { fullQuery } from '../support/api-full-query';
import { readSignInLink } from '../support/signed-in';
import { until } from '../support/until';
import { buildProduct, type Product } from './support/product';
import { readDatabase, readFiles, type Seen, whereSeen } from './support/secret-search';

/**
 * Secrets are planted wherever a user can put one, user code gives them away in every way that there is, and then all
 * that anybody may come to see is searched for them. Beside each stands a marker that is no secret: where it is found,
 * the secret would have been found as well.
 */
const MINUTES = 60_000;

/** Variable → places in which its marker has to be found, parts of `Seen.where`. */
const PLANTED = {
  PLANTED_RESOURCE: [
    'table',
    'compute_logs',
    'GET /api/runs/{id}/events',
    'GraphQL logsForRun',
    'GET /api/runs/{id}/logs',
    'stderr',
  ],
  PLANTED_ENV_TOKEN: ['table', 'compute_logs', 'GET /api/runs/{id}/events', 'GraphQL logsForRun'],
  PLANTED_MASKED: ['table', 'compute_logs', 'GET /api/runs/{id}/events'],
  PLANTED_UNNAMED_PASSWORD: ['table', 'compute_logs', 'GET /api/runs/{id}/events'],
  PLANTED_DATABASE_URL: ['compute_logs', 'GET /api/runs/{id}/logs'],
  PLANTED_LOAD_TOKEN: ['GraphQL workspaceOrError', 'stderr'],
  PLANTED_HOOK_SECRET: ['table', 'compute_logs', 'GET /api/runs/{id}/events', 'GraphQL ticks', 'stderr'],
  PLANTED_SENSOR_TOKEN: ['table', 'tick_logs', 'GraphQL ticks', 'GraphQL logs of ticks'],
  PLANTED_SCHEDULE_TOKEN: ['table', 'GraphQL ticks'],
  PLANTED_ALERTS: ['stderr'],
} as const;
type Variable = keyof typeof PLANTED;
const VARIABLES = Object.keys(PLANTED) as Variable[];

/** Letters and digits, so that no encoding but Base64 changes them. */
const random = (): string => randomBytes(12).toString('hex');
const cores = Object.fromEntries(VARIABLES.map((name) => [name, random()])) as Record<Variable, string>;
const markers = Object.fromEntries(VARIABLES.map((name) => [name, random()])) as Record<Variable, string>;
/** With what encodings change around them. */
const secretOf = (name: Variable): string => `/"+${cores[name]}=é\\`;

const environment: Record<string, string> = {
  ...Object.fromEntries(VARIABLES.map((name) => [name, secretOf(name)])),
  ...Object.fromEntries(VARIABLES.map((name) => [`${name}_MARKER`, markers[name]])),
  PLANTED_DATABASE_URL: `postgres://user:${encodeURIComponent(secretOf('PLANTED_DATABASE_URL'))}@db.example/${markers.PLANTED_DATABASE_URL}`,
  // Nobody listens there: the alert fails, and says so.
  HEADRACE_ALERTS_WEBHOOK: `http://${markers.PLANTED_ALERTS}.localhost:9/hooks/${cores.PLANTED_ALERTS}`,
};

let product: Product;
let seen: readonly Seen[];
let client: HeadraceClient;
/** The server's own secrets. */
let own: Record<string, string>;

beforeAll(async () => {
  product = await buildProduct();
  const project = join(product.home, 'project');
  const home = join(product.home, 'kept');
  await mkdir(home);
  await cp(join(process.cwd(), 'test', 'fixtures', 'planted-project'), project, { recursive: true });
  await writeFile(
    join(project, 'workspace.yaml'),
    'code_locations: [{name: vault, entry: vault/index.ts}, {name: broken, entry: broken/index.ts}]',
  );
  const running = product.start(['-C', project, 'dev', '--port', '0'], {
    environment: { ...environment, HEADRACE_HOME: home },
  });
  const [, link = ''] = await running.until(/Headrace is up at (\S+)/);
  const { url, token } = readSignInLink(link);
  client = createClient({ url, token, pollMs: 50 });
  await use(url);

  const shown = await readAnswers(url, token);
  const data = join(home, 'postgres_data');
  const [, , , port] = (await readFile(join(data, 'postmaster.pid'), 'utf8')).split('\n');
  const password = (await readFile(join(data, 'headrace_password'), 'utf8')).trim();
  const worker = (await readFile(join(home, 'worker_password'), 'utf8')).trim();
  const database = createPgDriver({
    url: `postgresql://headrace:${password}@127.0.0.1:${port}/headrace`,
    maxConnections: 2,
    applicationName: 'search',
  });
  const rows = await readDatabase(database);
  await database.close();
  running.child.kill('SIGINT');
  const { stdout, stderr } = await running.ended;
  own = { token, password, worker, ...own };
  seen = [
    ...shown,
    ...rows,
    // What holds the server's own secrets, for its user alone; the database's files are in its rows.
    ...(await readFiles(home, (path) =>
      /^(postgres_data\/|server_token$|server\.json$|worker_password$)/.test(path),
    )),
    { where: 'stdout', text: stdout.replaceAll(link, '') },
    { where: 'stderr', text: stderr },
  ];
}, 4 * MINUTES);

afterAll(() => product?.dispose());

/** Runs everything that gives secrets away. */
async function use(url: string): Promise<void> {
  await client.graphql(
    'mutation ($schedule: ScheduleSelector!) { startSchedule(scheduleSelector: $schedule) { __typename } }',
    {
      schedule: { ...VAULT, scheduleName: 'telling' },
    },
  );
  for (const id of ['skips', 'fails']) await deliver(url, id);
  await deliver(url, 'forged', 'wrong');
  const runs = await Promise.all(['leak', 'fail', 'die'].map((job) => client.launchRun({ job })));
  for (const { runId } of runs) for await (const _ of client.followRun(runId));
  own = { apiToken: (await client.createToken({ name: 'planted', role: 'viewer' })).token };
  // A tick may also fail for what the machine does to it, and is then evaluated again.
  await until('what the schedule and both events gave away is in their ticks', async () => {
    const ticks = JSON.stringify(
      await client.graphql(ticksOf('skipReason error { message }'), { vault: VAULT }),
    );
    return IN_TICKS.every((name) => ticks.includes(markers[name]));
  });
}

const VAULT = { repositoryLocationName: 'vault', repositoryName: '__repository__' };
/** The schedule's error, the skip reason of one event, and the error of the other. */
const IN_TICKS = ['PLANTED_SCHEDULE_TOKEN', 'PLANTED_SENSOR_TOKEN', 'PLANTED_HOOK_SECRET'] as const;
const ticksOf = (fields: string): string => `query ($vault: RepositorySelector!) {
  schedulesOrError(repositorySelector: $vault) { ... on Schedules { results { name scheduleState { ticks { ${fields} } } } } }
  sensorsOrError(repositorySelector: $vault) { ... on Sensors { results { name sensorState { ticks { ${fields} } } } } } }`;

async function deliver(url: string, id: string, secret = secretOf('PLANTED_HOOK_SECRET')): Promise<void> {
  const body = '{"order": 1}';
  const time = String(Math.floor(Date.now() / 1000));
  const signature = createHmac('sha256', secret).update(`${id}.${time}.${body}`).digest('base64');
  const { status } = await fetch(`${url}/api/webhooks/vault/hook`, {
    method: 'POST',
    body,
    headers: { 'webhook-id': id, 'webhook-timestamp': time, 'webhook-signature': `v1,${signature}` },
  });
  expect([id, status]).toEqual([id, id === 'forged' ? 401 : 202]);
}

/** All that the API answers to whoever may read, and the dashboard's own files of settings. */
async function readAnswers(url: string, token: string): Promise<readonly Seen[]> {
  const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json' };
  const ask = async (where: string, path: string, body?: string): Promise<Seen> => {
    const response = await fetch(
      url + path,
      body === undefined ? { headers } : { method: 'POST', headers, body },
    );
    const text = await response.text();
    if (response.status >= 500) throw new Error(`${where}: ${text}`);
    return { where, text };
  };
  const runs = await client.listRuns({ limit: 100 });
  const logs = runs.flatMap(({ runId }) =>
    ['stdout', 'stderr'].flatMap((stream) =>
      ['vault__leaky', 'failing', 'dying', '__run__'].flatMap((step) =>
        [1, 2].map((number) => `/api/runs/${runId}/logs?step=${step}&try=${number}&stream=${stream}`),
      ),
    ),
  );
  const seen = [
    ...logs.map((path) => ask('GET /api/runs/{id}/logs', path)),
    ...runs.flatMap(({ runId }) => [
      ask('GET /api/runs/{id}', `/api/runs/${runId}`),
      ask('GET /api/runs/{id}/events', `/api/runs/${runId}/events?limit=1000`),
      ask('GET /api/runs/{id}/debug', `/api/runs/${runId}/debug`),
      ...['logsForRun', 'runOrError'].map((field) => askField(field, `runId: "${runId}"`)),
    ]),
    ...[
      '/api/runs',
      '/api/backfills',
      '/api/tokens',
      '/api/audit',
      '/api/code-locations',
      '/api/instance',
    ].map((path) => ask(`GET ${path}`, path)),
    ask('GET /api/sensors', '/api/sensors/vault/hook/events'),
    ask('config.json', '/config.json'),
    ask('GET /api/openapi.json', '/api/openapi.json'),
    ...Object.values(schema.getQueryType()?.getFields() ?? {})
      .filter((field) => field.args.every(({ type }) => !String(type).endsWith('!')))
      .map(({ name }) => askField(name, '')),
    ...[
      ['GraphQL ticks', 'status skipReason error { message stack causes { message } }'],
      ['GraphQL logs of ticks', 'logEvents { events { message } }'],
    ].map(([where = '', fields = '']) =>
      ask(where, '/graphql', JSON.stringify({ query: ticksOf(fields), variables: { vault: VAULT } })),
    ),
  ];
  return Promise.all(seen);

  /** Everything below a field, as far as one request may ask for it. */
  async function askField(field: string, args: string): Promise<Seen> {
    const without = new Set<string>();
    for (let depth = 3; depth > 0; ) {
      const query = fullQuery(schema, 'query', field, args, depth, without);
      const answer = await ask(`GraphQL ${field}`, '/graphql', JSON.stringify({ query }));
      // Members of a union that give one name different types cannot be asked for both at once.
      const conflicts = [...answer.text.matchAll(/Fields \\?"(\w+)\\?"/g)].map(([, name = '']) => name);
      for (const name of conflicts) without.add(name);
      if (/"data":/.test(answer.text)) return answer;
      if (conflicts.length === 0) depth -= 1;
    }
    throw new Error(`${field} is not answered at all.`);
  }
}

test.each(VARIABLES)('%s is seen nowhere, and what stands beside it is', (name) => {
  expect(whereSeen(cores[name], seen)).toEqual([]);
  const found = whereSeen(markers[name], seen);
  for (const place of PLANTED[name]) expect(found).toContainEqual(expect.stringContaining(place));
});

test('the server’s own token and passwords, and a token that was made, are seen nowhere', () => {
  expect(Object.keys(own).sort()).toEqual(['apiToken', 'password', 'token', 'worker']);
  for (const [name, value] of Object.entries(own)) {
    const places = seen.filter(({ text }) => text.includes(value)).map(({ where }) => where);
    expect([name, value.length >= 32, places]).toEqual([name, true, []]);
  }
});

test('the search finds a secret in each form that it may take', () => {
  const secret = random();
  const around = `é"${secret}\\`;
  const forms = [
    around,
    encodeURIComponent(around),
    JSON.stringify(JSON.stringify(around)),
    ...['', 'a', 'ab'].map((before) => Buffer.from(before + around).toString('base64')),
    around.slice(0, around.length / 2 + 3),
    around.slice(around.length / 2 - 3),
  ];
  expect(
    whereSeen(
      secret,
      forms.map((text, index) => ({ where: String(index), text })),
    ),
  ).toEqual(forms.map((_, index) => String(index)));
  expect(
    whereSeen(
      random(),
      forms.map((text) => ({ where: 'nowhere', text })),
    ),
  ).toEqual([]);
});
