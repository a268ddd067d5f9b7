import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import type { Browser } from 'playwright-core';
import { buildDist } from '../../support/build-dist';
import { launchBrowser, openPage } from '../../support/dashboard-browser';
import { type DashboardFixture, startDashboardFixture } from '../../support/dashboard-fixture-server';

/** What the dashboard costs before it shows anything: bytes and requests, never seconds. */
const TWO_MINUTES = 120_000;
const INITIAL_KB = 150;
const CHUNK_KB = 130;
const REQUESTS = 10;
const folder = join(process.cwd(), 'dist', 'dashboard');
let browser: Browser;
let fixture: DashboardFixture;

beforeAll(async () => {
  await buildDist();
  browser = await launchBrowser();
  fixture = await startDashboardFixture(process.cwd());
}, TWO_MINUTES);
afterAll(async () => {
  await browser?.close();
  await fixture?.close();
});

async function gzipKilobytes(file: string): Promise<number> {
  return gzipSync(await readFile(join(folder, file)), { level: 9 }).length / 1024;
}

test('the scripts that every page needs are within 150 KB, every other one within 130 KB', async () => {
  const html = await readFile(join(folder, 'index.html'), 'utf8');
  const scripts = (await readdir(join(folder, 'assets'))).filter((file) => file.endsWith('.js'));
  const initial = scripts.filter((file) => html.includes(`/assets/${file}`));
  const lazy = scripts.filter((file) => !initial.includes(file));
  expect(initial.length).toBeGreaterThan(0);
  expect(lazy.length).toBeGreaterThan(10);

  const sizes = new Map<string, number>();
  for (const file of scripts) sizes.set(file, await gzipKilobytes(`assets/${file}`));

  const total = initial.reduce((sum, file) => sum + (sizes.get(file) ?? 0), 0);
  expect(total).toBeLessThanOrEqual(INITIAL_KB);
  expect(lazy.filter((file) => (sizes.get(file) ?? 0) > CHUNK_KB)).toEqual([]);
});

test(
  'the first page takes 10 requests at most',
  async () => {
    const { page, context } = await openPage(browser, 'about:blank', { width: 1_280 });
    const requests: string[] = [];
    const seen = (url: string) => requests.push(new URL(url).pathname);
    page.on('request', (request) => seen(request.url()));
    await page.goto(fixture.url);
    await page.getByText('Needs attention').waitFor();
    await page.evaluate('document.fonts.ready');
    // What it asks for a little later is asked for all the same.
    await page.waitForLoadState('networkidle');
    const first = [...requests];
    await context.close();

    expect(first).toContain('/graphql');
    expect(first).toContain('/config.json');
    expect(first.filter((path) => path.startsWith('/assets/')).length).toBeGreaterThan(3);
    expect(first.length).toBeLessThanOrEqual(REQUESTS);
  },
  TWO_MINUTES,
);
