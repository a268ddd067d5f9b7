import type { Browser, Page } from 'playwright-core';
import { type ScratchServer, startScratchServer } from '../../../bench/support/scratch-server';
import { axeOn } from '../../support/axe-on';
import { type BearerProxy, startBearerProxy } from '../../support/bearer-proxy';
import { buildDist } from '../../support/build-dist';
import { launchBrowser, type OpenedPage, openPage } from '../../support/dashboard-browser';
import { OIDC_CLIENT, type OidcProvider, startOidcProvider } from '../../support/oidc-provider';

/** The dashboard as it is deployed: behind a log-in, over a real instance. */
const PROJECT = {
  'workspace.yaml': 'code_locations:\n  - {name: shop, entry: index.ts}\n',
  'package.json': '{"type":"module","private":true}',
  'index.ts': `import { asset, define, defineAssetJob } from 'headrace';
const orders = asset({ key: 'raw/orders', run: () => {} });
export const definitions = define({ assets: [orders], jobs: [defineAssetJob({ name: 'all_orders', select: orders })] });
`,
};
const PERSON = 'ada@example.com';
const TWO_MINUTES = 120_000;
let server: ScratchServer;
let browser: Browser;
let provider: OidcProvider;
let proxy: BearerProxy;
let opened: OpenedPage | undefined;
let isWelcome: boolean;

beforeAll(async () => {
  await buildDist();
  browser = await launchBrowser();
  server = await startScratchServer(PROJECT);
  const { runId } = await server.client.launchRun({ job: 'all_orders' });
  for await (const _ of server.client.followRun(runId));
}, TWO_MINUTES);
afterAll(async () => {
  await browser?.close();
  await server?.close();
});
beforeEach(async () => {
  isWelcome = true;
  provider = await startOidcProvider(PERSON);
  const settings = {
    issuer: provider.issuer,
    clientId: OIDC_CLIENT,
    audience: OIDC_CLIENT,
    groupsClaim: 'groups',
    groupPrefix: 'headrace-',
    authorizationEndpoint: null,
    tokenEndpoint: null,
    logoutEndpoint: null,
  };
  proxy = await startBearerProxy(server.url, settings, (token) => isWelcome && provider.valid.has(token));
});
afterEach(async () => {
  await opened?.context.close();
  await proxy.close();
  await provider.close();
});

async function open(path: string): Promise<Page> {
  opened = await openPage(browser, proxy.url + path, { width: 1_280 });
  return opened.page;
}

const continueAt = (page: Page) => page.getByRole('link', { name: `Continue as ${PERSON}` }).click();
/** A row, not the filter, which names the job before anything was asked for. */
const seesRuns = (page: Page) => page.getByRole('row').getByText('all_orders').first().waitFor();
const heading = (page: Page, name: string) => page.getByRole('heading', { level: 1, name }).waitFor();

test(
  'somebody logs in, lands on the page they wanted, stays through a reload and an expired token, and logs out',
  async () => {
    const page = await open('/runs?q=job%3Aall_orders');
    await continueAt(page);
    await seesRuns(page);
    expect(page.url()).toBe(`${proxy.url}/runs?q=job%3Aall_orders`);
    expect(provider.asked).toEqual(['authorize', 'log-in', 'code']);
    expect(proxy.refused.count).toBe(0);

    await page.reload();
    await seesRuns(page);
    expect(provider.asked).toEqual(['authorize', 'log-in', 'code', 'refresh']);

    const answered = page.waitForResponse((response) => response.url().endsWith('/graphql') && response.ok());
    provider.valid.clear();
    await page.waitForResponse((response) => response.url().endsWith('/token'));
    await answered;
    await page.waitForResponse((response) => response.url().endsWith('/graphql') && response.ok());
    expect(proxy.refused.count).toBeGreaterThan(0);
    expect(provider.asked.slice(4)).toEqual(['refresh']);
    expect(page.url()).toBe(`${proxy.url}/runs?q=job%3Aall_orders`);

    await page.getByRole('button', { name: `Account of ${PERSON}` }).click();
    await page.getByText(PERSON).waitFor();
    await page.setViewportSize({ width: 390, height: 900 });
    expect(await page.evaluate('document.documentElement.scrollWidth - innerWidth')).toBe(0);
    await page.getByRole('menuitem', { name: 'Log out' }).click();
    await page.getByRole('link', { name: `Continue as ${PERSON}` }).waitFor();
    expect(provider.asked.slice(5)).toEqual(['logout', 'authorize']);
  },
  TWO_MINUTES,
);

test(
  'a token is refreshed before it ends, so that the API refuses nothing',
  async () => {
    provider.lifetime = 3;
    const page = await open('/runs');
    await continueAt(page);
    await seesRuns(page);

    await page.waitForResponse((response) => response.url().endsWith('/token'));
    await page.waitForResponse((response) => response.url().endsWith('/graphql') && response.ok());

    expect(provider.asked.slice(0, 4)).toEqual(['authorize', 'log-in', 'code', 'refresh']);
    expect(proxy.refused.count).toBe(0);
    expect(opened?.complaints).toEqual([]);
  },
  TWO_MINUTES,
);

test(
  'somebody whose session has ended logs in again and comes back to the page they were on',
  async () => {
    const page = await open('/runs');
    await continueAt(page);
    await seesRuns(page);
    await page.getByRole('link', { name: 'Jobs' }).click();
    await page.waitForURL(/\/jobs$/);

    provider.forgetRefreshTokens();
    provider.valid.clear();
    await page.waitForResponse((response) => response.url().endsWith('/token') && response.ok());

    await page.waitForURL(`${proxy.url}/jobs`);
    await page.getByRole('main').getByText('all_orders').first().waitFor();
    expect(provider.asked.slice(3)).toEqual(['refresh', 'authorize', 'code']);
  },
  TWO_MINUTES,
);

test(
  'a refused log-in is a page that says so, clean in both themes and widths, from which another try succeeds',
  async () => {
    provider.refuses = 'access_denied';
    const page = await open('/runs');
    await heading(page, 'The log-in was refused');
    await page.getByText(`${provider.issuer} says access_denied: The account is locked.`).waitFor();
    expect(page.url()).toBe(`${proxy.url}/runs`);
    for (const [colorScheme, width] of [
      ['light', 1_280],
      ['dark', 390],
    ] as const) {
      await page.emulateMedia({ colorScheme });
      await page.setViewportSize({ width, height: 900 });
      const { violations } = await axeOn(page)
        .withTags(['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'best-practice'])
        .analyze();
      expect(violations.map(({ id, nodes }) => `${id}: ${nodes[0]?.html.slice(0, 160)}`)).toEqual([]);
      expect(await page.evaluate('document.documentElement.scrollWidth - innerWidth')).toBe(0);
    }
    expect(provider.asked).toEqual(['authorize']);
    expect(opened?.complaints).toEqual([]);

    provider.refuses = undefined;
    await page.getByRole('button', { name: 'Log in again' }).click();
    await continueAt(page);
    await seesRuns(page);
  },
  TWO_MINUTES,
);

test(
  'an answer that nobody here asked for logs nobody in and repeats nothing of it',
  async () => {
    const page = await open('/?error=x&error_description=Call+this+number&state=made-up');

    await heading(page, 'This log-in was not begun here');

    expect(await page.getByText('Call this number').count()).toBe(0);
    expect(page.url()).toBe(`${proxy.url}/`);
    expect(provider.asked).toEqual([]);
  },
  TWO_MINUTES,
);

test(
  'somebody whom the API does not let in reads so instead of going round in circles, and may log in as another',
  async () => {
    isWelcome = false;
    const page = await open('/runs');
    await continueAt(page);

    await heading(page, 'You are logged in, but may not enter');
    await page.getByText(PERSON).waitFor();
    expect(provider.asked).toEqual(['authorize', 'log-in', 'code', 'refresh']);

    await page.getByRole('button', { name: 'Log in as somebody else' }).click();
    isWelcome = true;
    await continueAt(page);
    await page.getByText('Needs attention').waitFor();
  },
  TWO_MINUTES,
);

test(
  'logging out in one tab logs out the others',
  async () => {
    const page = await open('/runs');
    await continueAt(page);
    await seesRuns(page);
    const other = await opened?.context.newPage();
    if (!other) throw new Error('no other tab');
    await other.goto(`${proxy.url}/jobs`);
    await other.getByRole('main').getByText('all_orders').first().waitFor();

    await other.getByRole('button', { name: `Account of ${PERSON}` }).click();
    await other.getByRole('menuitem', { name: 'Log out' }).click();

    await heading(page, 'You are logged out');
    expect(await page.evaluate('sessionStorage.length')).toBe(0);
    await other.getByRole('link', { name: `Continue as ${PERSON}` }).waitFor();
    await page.getByRole('button', { name: 'Log in' }).click();
    await continueAt(page);
    await seesRuns(page);
  },
  TWO_MINUTES,
);
