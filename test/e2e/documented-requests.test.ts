import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { asset, define, env, runRequest, sensor, webhook } from 'headrace';
import { matchRoute, shownPath } from '../../lib/api/rest/match-route';
import { ROUTES } from '../../lib/api/rest/routes';
import { startHttpServer } from '../../lib/cli/local-server/http-server';
import { bundleObject, CODE_LOCATION_NAMESPACE } from '../../lib/model/pushed-code-location';
import { type ApiHarness, createApiHarness } from '../support/api-harness';
import { loadedLocation } from '../support/api-workspace';
import { readSignInLink } from '../support/signed-in';
import { countRequests, requestsOf, type SentRequests, sendRequests } from './support/documented-requests';
import { buildOwnProduct, PROGRAM, type Product, ROOT } from './support/product';

const MINUTES = 60_000;

const pages = ['README.md', ...readdirSync(join(ROOT, 'docs')).map((name) => `docs/${name}`)]
  .filter((page) => page.endsWith('.md'))
  .map((page) => ({ page, script: requestsOf(page, 'sh') }))
  .filter(({ script }) => script !== '');

/** Routes that were asked and answered as they should, as in `ROUTES`. */
const answered = new Set<string>();

let product: Product;

beforeAll(async () => {
  product = await buildOwnProduct();
}, 10 * MINUTES);

afterAll(() => product.dispose());

function expectAnswered(page: string, script: string, { code, sent, stderr, stdout }: SentRequests): void {
  expect({ page, stderr, refused: sent.filter(({ status }) => status < 200 || status > 202) }).toEqual({
    page,
    stderr: '',
    refused: [],
  });
  expect(code).toBe(0);
  expect(sent.length).toBeGreaterThanOrEqual(countRequests(script));
  // GraphQL says in the body what is wrong with a query.
  expect(stdout).not.toContain('"errors":[');
  for (const { method, path } of sent) {
    const match = matchRoute(ROUTES, method, path);
    if (match.kind === 'found') answered.add(`${match.route.method} ${shownPath(match.route.path)}`);
  }
}

test(
  'Every request that the pages show is answered as they say, by this project served on a laptop',
  async () => {
    expect(pages.map(({ page }) => page)).toContain('docs/api.md');
    const server = product.start(['dev', '--port', '0']);
    try {
      const [, link = ''] = await server.until(/Headrace is up at (\S+)/);
      const { url } = readSignInLink(link);
      for (const { page, script } of pages) {
        const headrace = `'${process.execPath}' '${PROGRAM}'`;
        const environment = { HEADRACE_HOME: product.home };
        expectAnswered(page, script, await sendRequests(script, { url, headrace, environment }));
      }
    } finally {
      server.child.kill('SIGTERM');
      await server.ended;
    }
  },
  3 * MINUTES,
);

const SECRET = 'known to whoever sends orders';
const [NEWER, OLDER] = ['b'.repeat(32), 'a'.repeat(32)];

/** The location of the pages, as their text describes it: it has the sensor `ordered`, and its code was pushed twice. */
async function setUpOrders(harness: ApiHarness): Promise<void> {
  const orders = define({
    assets: [asset({ key: 'shop/orders', run: () => 1 })],
    sensors: [
      sensor({
        name: 'ordered',
        select: 'shop/orders',
        defaultStatus: 'RUNNING',
        on: webhook({ secret: env('ORDERS_WEBHOOK_SECRET') }),
        evaluate: () => runRequest(),
      }),
    ],
  });
  harness.codeLocations.set(loadedLocation('orchestration', orders));
  harness.codeLocationClient.add('orchestration', orders);
  const manifest = Buffer.from(JSON.stringify(orders.manifest('orchestration')));
  for (const version of [NEWER, OLDER]) {
    await harness.objectStore.put(bundleObject.archive(version), Buffer.from('archive'));
    await harness.objectStore.put(bundleObject.manifest(version), manifest);
  }
  await harness.storage.putValue(CODE_LOCATION_NAMESPACE, 'orchestration', {
    bundleHash: NEWER,
    error: null,
    updatedAt: 2,
    versions: [
      { bundleHash: NEWER, pushedAt: 2, by: 'ann' },
      { bundleHash: OLDER, pushedAt: 1, by: 'ann' },
    ],
  });
}

test(
  'Those that need a webhook, pushed code or a run that hangs are answered where these are',
  async () => {
    const harness = await createApiHarness({ secrets: { ORDERS_WEBHOOK_SECRET: SECRET } });
    await setUpOrders(harness);
    const onError = (error: unknown) => harness.errors.push(error);
    const handler = (request: Request) => harness.api.handle(request);
    const server = await startHttpServer({ host: '127.0.0.1', port: 0, handler, onError });
    try {
      const names = /^(API|AUTH|JSON)=.*$/gm;
      const variables = requestsOf('docs/api.md', 'sh').match(names) ?? [];
      const script = [...variables, requestsOf('docs/api.md', 'bash')].join('\n');
      const environment = { ORDERS_WEBHOOK_SECRET: SECRET };

      const sent = await sendRequests(script, { url: server.url, headrace: 'echo', environment });

      expectAnswered('docs/api.md', script, sent);
      expect(harness.errors).toEqual([]);
    } finally {
      await server.close();
      await harness.close();
    }
  },
  MINUTES,
);

test('no route is without a request that was answered here, and a place in the table', () => {
  const table = readFileSync(join(ROOT, 'docs/api.md'), 'utf8').matchAll(/`((?:GET|POST) \/[^` ?]*)`/g);
  const named = new Set([...table].map(([, route = '']) => route));
  const routes = ROUTES.map(({ method, path }) => `${method} ${shownPath(path)}`);

  expect(routes.filter((route) => !answered.has(route))).toEqual([]);
  expect(routes.filter((route) => !named.has(route))).toEqual([]);
  expect([...named].filter((route) => !routes.includes(route) && route !== 'POST /graphql')).toEqual([]);
});
