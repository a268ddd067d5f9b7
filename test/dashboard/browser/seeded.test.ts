import type { Browser, Page } from 'playwright-core';
import { type SeededInstance, startSeededInstance } from '../../../bench/support/seeded-instance';
import { formatCount, formatRunCount } from '../../../dashboard/src/components/format/number';
import { buildDist } from '../../support/build-dist';
import { launchBrowser } from '../../support/dashboard-browser';
import { type MeasuredPage, openMeasured, type PageCost } from '../../support/page-cost';
import { neighboursOf, sizeOfGroup, withUpstream } from '../../support/seeded-assets';
import { SEEDED_PAGES, seededAddress } from '../../support/seeded-pages';
import { ask, countOf, idsOf } from '../../support/seeded-runs';
import { overflowOf, violationsOf } from '../../support/set-up-dashboard';

/**
 * The dashboard in a real browser over a real instance with much in it. `npm run verify:full -- dashboard` asks for
 * a million runs and 10,000 assets by these variables, and prints what each page costs.
 */
const RUNS = Number(process.env['HEADRACE_SEEDED_RUNS'] ?? 20_000);
const ASSETS = Number(process.env['HEADRACE_SEEDED_ASSETS'] ?? 1_000);
const isLarge = RUNS > 100_000;
const SCALE = { runs: RUNS, assets: ASSETS, jobs: isLarge ? 200 : 60, days: isLarge ? 365 : 14 };
const MINUTES = 60_000;
/** Against hanging only: a busy machine may take long. */
const LIMIT = 10 * MINUTES;
const LAYOUT_SHIFT = 0.05;
/** Whatever there is, so many rows are in the page at once: lists are virtual, tables have a limit. */
const ROWS = 250;
const ELEMENTS = 4_000;
const FIRST_PAGE_REQUESTS = 10;
/** CPU of the page's process until the lineage is there, layout in its worker included. */
const LINEAGE_MILLISECONDS = 2_000;

let instance: SeededInstance;
let browser: Browser;
let opened: MeasuredPage;
const costs: Record<string, PageCost> = {};

beforeAll(
  async () => {
    await buildDist();
    [browser, instance] = await Promise.all([launchBrowser(), startSeededInstance(SCALE)]);
  },
  isLarge ? 60 * MINUTES : LIMIT,
);
afterAll(async () => {
  await browser?.close();
  await instance?.close();
  if (!isLarge) return;
  for (const [name, cost] of Object.entries(costs)) {
    process.stdout.write(`${JSON.stringify({ name, at: new Date().toISOString(), ...SCALE, ...cost })}\n`);
  }
});
afterEach(async () => {
  await opened?.context.close();
});

async function open(
  path: string,
  options: Parameters<typeof openMeasured>[2] = { width: 1_280 },
): Promise<Page> {
  opened = await openMeasured(browser, instance.url + path, options);
  return opened.page;
}

/** Rows of the runs list that are in the page, in their order. */
const shownRuns = (page: Page) =>
  page
    .getByRole('grid', { name: 'Runs' })
    .locator('[data-row-id]')
    .evaluateAll((rows) =>
      rows
        .map(
          (row) => [Number(row.getAttribute('aria-rowindex')) - 2, row.getAttribute('data-row-id')] as const,
        )
        .sort((a, b) => a[0] - b[0]),
    );

test.each(SEEDED_PAGES)(
  'the page %s stays calm, small and accessible at this scale, in both themes and widths',
  async (name, path, text) => {
    const page = await open(await seededAddress(path, instance));
    await page.getByRole('main').getByText(text).filter({ visible: true }).first().waitFor();
    const cost = await opened.cost();
    costs[name] = cost;

    expect(await violationsOf(page)).toEqual([]);
    expect(await overflowOf(page)).toBe(0);
    await page.emulateMedia({ colorScheme: 'dark' });
    expect(await violationsOf(page)).toEqual([]);
    const { layoutShift } = await opened.cost();
    await page.setViewportSize({ width: 390, height: 844 });
    // Drawn for its new width: not every text has a place in it.
    await page.evaluate('new Promise((drawn) => requestAnimationFrame(() => requestAnimationFrame(drawn)))');
    expect(await overflowOf(page)).toBe(0);

    expect(layoutShift).toBeLessThanOrEqual(LAYOUT_SHIFT);
    expect(cost.rows).toBeLessThanOrEqual(ROWS);
    expect(cost.elements).toBeLessThanOrEqual(ELEMENTS);
    if (path === '/') expect(cost.requests).toBeLessThanOrEqual(FIRST_PAGE_REQUESTS);
    expect(opened.complaints).toEqual([]);
  },
  LIMIT,
);

test(
  'the runs list is scrolled far through keyset pages: every run once, in its order, and few rows at a time',
  async () => {
    const far = 400;
    const wanted = await idsOf(instance.database, 'true', far);
    const page = await open('/runs');
    const grid = page.getByRole('grid', { name: 'Runs' });
    const seen = new Map<number, string | null>();
    let most = 0;
    for (let at = 0; at < far; ) {
      await grid.locator(`[aria-rowindex="${at + 2}"]`).waitFor();
      const rows = await shownRuns(page);
      most = Math.max(most, rows.length);
      for (const [index, id] of rows) seen.set(index, id);
      at = (rows.at(-1)?.[0] ?? 0) + 1;
      await grid.evaluate((element, index) => {
        element.scrollTop = (index - 2) * 32;
      }, at);
    }

    expect(wanted.map((_, index) => seen.get(index))).toEqual(wanted);
    expect(most).toBeLessThanOrEqual(80);
    expect(opened.complaints).toEqual([]);
  },
  LIMIT,
);

const DAY =
  "(extract(epoch from date_trunc('day', now() at time zone 'Europe/Berlin' - interval '3 days') at time zone 'Europe/Berlin') * 1000)";

test(
  'each token finds what the database finds, with its count',
  async () => {
    const day = await ask<string>(
      instance.database,
      `to_char(now() at time zone 'Europe/Berlin' - interval '3 days', 'YYYY-MM-DD')`,
    );
    const [sample = ''] = await idsOf(instance.database, 'seq = 4321', 1);
    const filters = [
      ['job:job_3', "job_name = 'job_3'", 10_000],
      ['status:failed', "status = 'FAILURE'", 10_000],
      ['tag:customer=customer-1', "tags ->> 'customer' = 'customer-1'", 10_000],
      [`id:${sample.slice(0, 6)}`, `run_id::text like '${sample.slice(0, 6)}%'`, 10_000],
      [`before:${day}`, `created_at < ${DAY}`, 10_000],
      [`after:${day}`, `created_at >= ${DAY}`, 10_000],
      ['job:job_3 status:canceled', "job_name = 'job_3' and status = 'CANCELED'", 1_000],
    ] as const;
    const page = await open('/runs');
    for (const [text, where, cap] of filters) {
      const [ids, count] = await Promise.all([
        idsOf(instance.database, where, 10),
        countOf(instance.database, where),
      ]);
      expect(count).toBeGreaterThan(0);
      const field = page.getByRole('combobox', { name: 'Filter runs' });
      for (const token of text.split(' ')) {
        await field.fill(token);
        await field.press('Enter');
      }

      const words = `${formatRunCount(Math.min(count, cap))} ${count === 1 ? 'run' : 'runs'}`;
      await page.getByRole('main').getByText(words, { exact: true }).waitFor();
      await page.locator(`[data-row-id="${ids[0]}"]`).waitFor();
      expect((await shownRuns(page)).slice(0, 10).map(([, id]) => id)).toEqual(ids);
      for (const _ of text.split(' ')) {
        await field.press('Backspace');
        await field.press('Backspace');
      }
    }
    expect(opened.complaints).toEqual([]);
  },
  LIMIT,
);

test(
  'the overview of a day counts and draws all runs that ended in it, and says the right numbers',
  async () => {
    const page = await open('/?hours=24');
    await page.getByText('Needs attention').waitFor();
    const ended = (status: string) =>
      countOf(
        instance.database,
        `status = '${status}' and ended_at >= (extract(epoch from date_trunc('minute', now())) - 86400) * 1000`,
      );
    const cell = (label: string, value: number) =>
      page.getByRole('list', { name: 'Now' }).getByRole('link', {
        name: new RegExp(`${label}\\s*${formatCount(value)}(?![\\d,])`),
      });
    // The window moves with the minute, for the page and for the database each at its time.
    const isRight = async () => {
      const [failed, succeeded] = await Promise.all([ended('FAILURE'), ended('SUCCESS')]);
      expect(failed).toBeGreaterThan(20);
      const seen = [cell('Failed runs', failed).count(), cell('Succeeded', succeeded).count()];
      return (await Promise.all(seen)).every((count) => count === 1);
    };
    while (!(await isRight())) await page.waitForTimeout(500);

    const rows = page.getByText(/^24 of \d+ jobs$/);
    await rows.waitFor();
    await page.getByRole('button', { name: /^Show (all )?\d+ jobs$/ }).click();
    await page.waitForURL(/rows=all/);
    await rows.waitFor({ state: 'detached' });
    expect(opened.complaints).toEqual([]);
  },
  LIMIT,
);

test(
  'the catalog filters by group and by the selection language, and keeps few rows in the page',
  async () => {
    const page = await open('/assets?view=flat');
    const total = `${ASSETS + 1}`.replace(/(\d)(?=(\d{3})+$)/g, '$1,');
    const field = page.getByRole('combobox', { name: 'Filter assets' });
    const shows = async (filter: string, count: number) => {
      await field.fill(filter);
      await field.press('Enter');
      await page.getByText(`${count} of ${total} assets`).waitFor();
      expect(await page.getByRole('grid', { name: 'Assets' }).getByRole('row').count()).toBeLessThanOrEqual(
        60,
      );
      await field.press('Backspace');
      await field.press('Backspace');
    };
    await page.getByText(`${total} of ${total} assets`).waitFor();
    await shows('group:marts_3', sizeOfGroup(3, 3, ASSETS));
    await shows(`select:"+key:generated/a${ASSETS - 1}"`, withUpstream(ASSETS - 1).size);
    expect(opened.complaints).toEqual([]);
  },
  LIMIT,
);

test(
  'the lineage opens with its groups closed, opens them all, and shows one asset with its neighbours, for little CPU',
  async () => {
    const page = await open('/lineage', { width: 1_280 });
    const boxes = (count: number) =>
      page
        .getByRole('group', { name: new RegExp(`^Lineage of ${count.toLocaleString('en')} boxes`) })
        .waitFor();
    // Five layers of eight groups, and one of partitions whose only asset stands for itself.
    await boxes(41);
    costs['lineage, groups closed'] = await opened.cost();
    await page.getByRole('button', { name: 'Open groups' }).click();
    await boxes(ASSETS + 1);
    const cost = await opened.cost();
    costs['lineage, all groups open'] = cost;
    expect(cost.processMilliseconds).toBeLessThanOrEqual(LINEAGE_MILLISECONDS);

    const focus = 7;
    await page.goto(`${instance.url}/lineage?focus=generated/a${focus}`);
    await boxes(neighboursOf(focus, ASSETS).size);
    await page.getByRole('complementary', { name: 'Details' }).waitFor();
    expect(opened.complaints).toEqual([]);
  },
  LIMIT,
);

test.each([
  ['/', 'Needs attention'],
  ['/runs', 'job_'],
  ['/assets', 'generated/a0'],
])(
  'the page %s asks for nothing while it is hidden, and at once when it is seen again',
  async (path, text) => {
    const page = await open(path, { width: 1_280, isClockManual: true });
    await page.getByRole('main').getByText(text).first().waitFor();
    const show = (state: 'hidden' | 'visible') =>
      page.evaluate(`
        Object.defineProperty(document, 'visibilityState', { value: '${state}', configurable: true });
        Object.defineProperty(document, 'hidden', { value: ${state === 'hidden'}, configurable: true });
        document.dispatchEvent(new Event('visibilitychange', { bubbles: true }));
      `);
    const askedWithin = async (ms: number) => {
      await opened.cost();
      const before = opened.operations.length;
      await page.clock.runFor(ms);
      await opened.cost();
      return opened.operations.length - before;
    };

    expect(await askedWithin(60_000)).toBeGreaterThan(0);
    await show('hidden');
    expect(await askedWithin(10 * 60_000)).toBe(0);
    const before = opened.operations.length;
    await show('visible');
    while (opened.operations.length === before) await page.clock.runFor(20);
  },
  LIMIT,
);

test(
  'all runs that a filter finds are canceled after a question that names their number and the filter',
  async () => {
    const where = "status = 'QUEUED' and tags ->> 'env' = 'production'";
    const whereNot = "status = 'QUEUED' and tags ->> 'env' <> 'production'";
    const [before, others] = [
      await countOf(instance.database, where),
      await countOf(instance.database, whereNot),
    ];
    expect([before > 50, others > 0]).toEqual([true, true]);
    const filter = 'status:queued tag:env=production';
    const page = await open(`/runs?q=${encodeURIComponent(filter)}`);
    await page.getByRole('checkbox', { name: 'Select all loaded rows' }).click();
    await page.getByRole('button', { name: `Select all ${before} that match` }).click();
    await page.getByRole('button', { name: `Cancel ${before} runs…` }).click();
    const dialog = page.getByRole('dialog', { name: `Cancel ${before} runs?` });
    await dialog.getByText(filter).waitFor();
    await dialog.getByRole('button', { name: `Cancel ${before} runs` }).click();

    await page.getByText(`Canceling ${before} runs`).waitFor();
    expect(await countOf(instance.database, where)).toBe(0);
    expect(await countOf(instance.database, whereNot)).toBe(others);
    expect(opened.complaints).toEqual([]);
  },
  LIMIT,
);

test(
  'finished runs are executed again and deleted from the list, on a phone too',
  async () => {
    const ids = await idsOf(instance.database, "status = 'SUCCESS' and job_name = 'job_1'", 2);
    const page = await open(`/runs?q=${encodeURIComponent('status:success job:job_1')}`, {
      width: 390,
      height: 844,
    });
    const select = async () => {
      for (const id of ids) await page.locator(`[data-row-id="${id}"]`).getByRole('checkbox').check();
    };
    await select();
    const bar = page.getByRole('region', { name: 'Selection' });
    expect(
      await bar.evaluate(
        (element) =>
          element.getBoundingClientRect().right <= 390 && element.scrollWidth <= element.clientWidth,
      ),
    ).toBe(true);
    await bar.getByRole('button', { name: 'Retry 2 runs…' }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Launch 2 runs' }).click();
    await page.getByText('Launched 2 runs').waitFor();
    expect(
      await countOf(instance.database, `tags ->> 'dagster/parent_run_id' in ('${ids.join("','")}')`),
    ).toBe(2);

    await select();
    await bar.getByRole('button', { name: 'Delete 2 runs…' }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Delete 2 runs' }).click();
    await page.locator(`[data-row-id="${ids[0]}"]`).waitFor({ state: 'detached' });
    expect(await countOf(instance.database, `run_id in ('${ids.join("','")}')`)).toBe(0);
  },
  LIMIT,
);

test(
  'search finds an asset and a job among all, and any run by the start of its id',
  async () => {
    const [old = ''] = await idsOf(instance.database, 'seq = 777', 1);
    const page = await open('/runs');
    await page.getByRole('grid', { name: 'Runs' }).waitFor();
    const finds = async (text: string, option: string) => {
      await page.keyboard.press('Control+k');
      await page.getByRole('combobox', { name: /^Search jobs/ }).fill(text);
      await page.getByRole('option', { name: option }).first().waitFor();
      expect(await page.getByRole('option').count()).toBeLessThanOrEqual(60);
      await page.keyboard.press('Escape');
    };

    await finds(`a${ASSETS - 1}`, `generated/a${ASSETS - 1}`);
    await finds('job_17', 'job_17');
    await finds(old.slice(0, 8), old);
    expect(opened.complaints).toEqual([]);
  },
  LIMIT,
);
