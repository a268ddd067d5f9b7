import { request } from 'node:http';
import type { Browser, BrowserContext, Page } from 'playwright-core';
import { type ScratchServer, startScratchServer } from '../../../bench/support/scratch-server';
import { signInLink } from '../../../lib/cli/local-server/server-token';
import { axeOn } from '../../support/axe-on';
import { buildDist } from '../../support/build-dist';
import { launchBrowser } from '../../support/dashboard-browser';
import { keptToken } from '../../support/signed-in';

/** A laptop's server and a browser that has never seen it: only the link that `headrace dev` prints lets it in. */
const PROJECT = {
  'workspace.yaml': 'code_locations:\n  - {name: shop, entry: index.ts}\n',
  'package.json': '{"type":"module","private":true}',
  'index.ts': `import { asset, define, defineAssetJob } from 'headrace';
const orders = asset({ key: 'raw/orders', run: () => {} });
export const definitions = define({ assets: [orders], jobs: [defineAssetJob({ name: 'all_orders', select: orders })] });
`,
};
const TWO_MINUTES = 120_000;
let server: ScratchServer;
let browser: Browser;
let context: BrowserContext;
let page: Page;
let token: string;
/** Addresses that the browser asked the server for. */
let requested: string[];

beforeAll(async () => {
  await buildDist();
  browser = await launchBrowser();
  server = await startScratchServer(PROJECT);
  token = keptToken(server.url)?.[1] ?? '';
}, TWO_MINUTES);
afterAll(async () => {
  await browser?.close();
  await server?.close();
});
beforeEach(async () => {
  context = await browser.newContext();
  requested = [];
  context.on('request', (each) => {
    requested.push(each.url(), JSON.stringify(each.headers()['referer'] ?? null));
  });
  page = await context.newPage();
});
afterEach(() => context.close());

const isRefused = () => page.getByRole('heading', { name: 'Open the link with its token' }).waitFor();
const seesJobs = (seen: Page) => seen.getByRole('link', { name: 'all_orders' }).first().waitFor();

test(
  'the link lets a browser in, in later tabs too, and leaves its token nowhere but there',
  async () => {
    await page.goto(signInLink(server.url, token));
    await page.goto(`${server.url}/jobs`);
    await seesJobs(page);

    const later = await context.newPage();
    await later.goto(`${server.url}/jobs`);
    await seesJobs(later);

    await page.goBack();
    await page.getByRole('heading', { level: 1, name: 'Overview' }).waitFor();
    expect(page.url()).toBe(`${server.url}/`);
    expect(requested.filter((each) => each.includes(token))).toEqual([]);
    // A cookie would go to whatever else listens on this machine.
    expect(await context.cookies()).toEqual([]);
  },
  TWO_MINUTES,
);

test(
  'without it a page says where to find it, and the link helps in the same tab',
  async () => {
    await page.goto(`${server.url}/`);
    await isRefused();
    expect((await axeOn(page).analyze()).violations).toEqual([]);

    // Only the fragment changes: no page is loaded for that.
    await page.evaluate((hash) => {
      location.hash = hash;
    }, `token=${token}`);
    await page.getByRole('heading', { level: 1, name: 'Overview' }).waitFor();
    expect(page.url()).toBe(`${server.url}/`);
  },
  TWO_MINUTES,
);

test(
  'a token of another server is refused, and said to be another one',
  async () => {
    await page.goto(signInLink(server.url, 'of another start'));
    await isRefused();
    await page.getByText('The server has another token than this browser remembers.').waitFor();
  },
  TWO_MINUTES,
);

/** What a request is answered with, sent as no browser could send it. */
const ask = (headers: Record<string, string>, path = '/graphql'): Promise<number> =>
  new Promise((resolve, reject) => {
    const { port } = new URL(server.url);
    const sent = request({ host: '127.0.0.1', port, path, method: 'POST', headers }, (answer) => {
      answer.resume();
      resolve(answer.statusCode ?? 0);
    });
    sent.once('error', reject);
    sent.end('{"query":"{ version }"}');
  });

test('other programs, pages and names are refused, whatever they send', async () => {
  const json = { 'content-type': 'application/json' };
  const right = { ...json, authorization: `Bearer ${token}` };
  const { host, port } = new URL(server.url);

  expect(await ask(right)).toBe(200);
  expect(await ask(json)).toBe(401);
  expect(await ask({ ...json, cookie: `headrace.server-token=${token}` })).toBe(401);
  expect(await ask(json, `/graphql?token=${token}`)).toBe(401);
  expect(await ask({ ...json, authorization: 'Bearer wrong' }, '/api/runs')).toBe(401);
  expect(await ask({ ...right, origin: 'http://evil.example' })).toBe(403);
  expect(await ask({ ...right, origin: 'null' })).toBe(403);
  expect(await ask({ ...right, origin: `http://127.0.0.1:${Number(port) - 1}` })).toBe(403);
  expect(await ask({ ...right, host: `rebound.example:${port}` })).toBe(403);
  expect(await ask({ ...right, host, origin: `http://${host}` })).toBe(200);
  // What a form or a script of another page can send without asking first.
  for (const type of ['text/plain', 'application/x-www-form-urlencoded', 'multipart/form-data; boundary=b'])
    expect(await ask({ ...right, 'content-type': type })).toBe(415);
});
