import { isDeepStrictEqual } from 'node:util';
import type { Browser, Locator, Page } from 'playwright-core';
import { axeOn } from './axe-on';
import { buildDist } from './build-dist';
import { launchBrowser, type OpenedPage, openPage, PATIENCE_MS } from './dashboard-browser';
import { type DashboardFixture, startDashboardFixture } from './dashboard-fixture-server';

export interface Dashboard {
  /** Opens a path in a context of its own, 1,280 px wide unless asked otherwise; closed after the test. */
  open(path: string, options?: Parameters<typeof openPage>[2]): Promise<Page>;
  /** What the browser complained about since. */
  readonly complaints: readonly string[];
}

/** Builds the dashboard and starts a browser for the tests of a file. */
export function setUpDashboard(urlOf: () => string): Dashboard {
  let browser: Browser;
  let opened: OpenedPage | undefined;
  beforeAll(async () => {
    await buildDist();
    browser = await launchBrowser();
  });
  afterAll(() => browser?.close());
  afterEach(async () => {
    await opened?.context.close();
    opened = undefined;
  });
  return {
    async open(path, options = {}) {
      await opened?.context.close();
      opened = await openPage(browser, urlOf() + path, { width: 1_280, ...options });
      return opened.page;
    },
    get complaints() {
      return opened?.complaints ?? [];
    },
  };
}

/** The dashboard over a test double of the API that can be made to fail and to change; a new one for each test. */
export function setUpDashboardFixture(): Dashboard & { readonly fixture: DashboardFixture } {
  let fixture: DashboardFixture;
  beforeEach(async () => {
    fixture = await startDashboardFixture(process.cwd());
  });
  const dashboard = setUpDashboard(() => fixture.url);
  afterEach(() => fixture.close());
  return {
    open: dashboard.open,
    get complaints() {
      return dashboard.complaints;
    },
    get fixture() {
      return fixture;
    },
  };
}

/** A row of a list by its id. */
export const row = (page: Page, id: string): Locator => page.locator(`[data-row-id="${id}"]`);

/** Reads until the value is as wanted; the test's own time limit ends it. */
export async function until<Value>(
  read: () => Promise<Value>,
  wanted: (value: Value) => boolean,
): Promise<void> {
  while (!wanted(await read())) await new Promise((resolve) => setTimeout(resolve, 50));
}

/**
 * Reads until the value is as expected, for as long as a page is waited for: what an answer changes is drawn a moment
 * after it. Shows the last value when it never was.
 */
export async function becomes<Value>(read: () => Promise<Value>, expected: Value): Promise<void> {
  const end = performance.now() + PATIENCE_MS;
  let value = await read();
  while (!isDeepStrictEqual(value, expected) && performance.now() < end) {
    await new Promise((resolve) => setTimeout(resolve, 50));
    value = await read();
  }
  expect(value).toEqual(expected);
}

/** What axe finds on a page as it is, in words. */
export async function violationsOf(page: Page): Promise<string[]> {
  const { violations } = await axeOn(page).withTags(['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa']).analyze();
  return violations.map(({ id, nodes }) => `${id}: ${nodes[0]?.html.slice(0, 160)}`);
}

/** Pixels by which a page is wider than its window. */
export const overflowOf = (page: Page): Promise<unknown> =>
  page.evaluate('document.documentElement.scrollWidth - innerWidth');

/** Both themes and both layouts; a page changes between them as it is, without a reload. */
const VIEWS = [
  ['light', 1_280],
  ['dark', 1_280],
  ['dark', 390],
  ['light', 390],
] as const;

/**
 * What is wrong with a page in any theme and width: what axe finds, and what makes it wider than its window.
 *
 * @param shown waits in each of them for what the page is about
 */
export async function flawsOf(page: Page, shown?: () => Promise<void>): Promise<string[]> {
  const flaws: string[] = [];
  for (const [theme, width] of VIEWS) {
    await page.emulateMedia({ colorScheme: theme });
    await page.setViewportSize({ width, height: 900 });
    await shown?.();
    flaws.push(...(await violationsOf(page)).map((violation) => `${theme} ${width} ${violation}`));
    const overflow = await overflowOf(page);
    if (overflow !== 0) flaws.push(`${theme} ${width} ${overflow} px wider than its window`);
  }
  return flaws;
}
