import type { Browser, Page } from 'playwright-core';
import { buildDist } from '../../support/build-dist';
import { launchBrowser, type OpenedPage, openPage } from '../../support/dashboard-browser';
import { automationSensorName } from '../../support/dashboard-fixture-automation';
import { failedBackfillId, runningBackfillId } from '../../support/dashboard-fixture-backfills';
import { type DashboardFixture, startDashboardFixture } from '../../support/dashboard-fixture-server';
import { becomes, flawsOf, violationsOf } from '../../support/set-up-dashboard';

/** Backfills and automation in a real browser, over a test double of the API. */
const TWO_MINUTES = 120_000;
let browser: Browser;
let fixture: DashboardFixture;
let opened: OpenedPage | undefined;

beforeAll(async () => {
  await buildDist();
  browser = await launchBrowser();
}, TWO_MINUTES);
afterAll(() => browser?.close());
beforeEach(async () => {
  fixture = await startDashboardFixture(process.cwd());
});
afterEach(async () => {
  await opened?.context.close();
  await fixture.close();
});

async function open(path: string, options: Parameters<typeof openPage>[2] = { width: 1_280 }): Promise<Page> {
  opened = await openPage(browser, fixture.url + path, options);
  return opened.page;
}

const main = (page: Page) => page.getByRole('main');
const asked = (name: string) => fixture.state.requests.filter((each) => each.name === name);
const backfill = (id: string) => fixture.state.backfills.find((each) => each.id === id);

const pages = [
  ['backfills', '/backfills', 'raw/weather'],
  ['backfill', `/backfills/${runningBackfillId}`, 'By asset'],
  ['backfill that partly failed', `/backfills/${failedBackfillId}`, 'Retry 8 not made…'],
  ['canceled backfill', '/backfills/ndmwoqxb', 'Canceled by jo@example.com'],
  ['runs of a backfill', `/backfills/${runningBackfillId}?tab=runs`, 'No run here'],
  ['events of a backfill', `/backfills/${runningBackfillId}?tab=events`, 'Waits for 8 runs'],
  ['backfill that is not there', '/backfills/nonesuch', 'There is no backfill'],
  ['automation', '/automation', 'mart_contributors'],
  [
    'automation with a condition',
    '/automation?open=condition:orchestration:asset:mart_seismic_daily',
    'Held back',
  ],
  ['automation of an asset', '/assets/mart_seismic_daily?tab=automation', 'Held back'],
] as const;

test.each(pages)(
  'the page %s has no axe violation, no complaint of the browser and nothing that sticks out, in any theme or width',
  async (_name, path, text) => {
    const page = await open(path);
    expect(await flawsOf(page, () => main(page).getByText(text).first().waitFor())).toEqual([]);
    expect(opened?.complaints).toEqual([]);
  },
  TWO_MINUTES,
);

test(
  'a backfill that partly failed says why, in its own page and in the list of its runs, and leads to the run',
  async () => {
    const failed = fixture.state.runs.find(({ status }) => status === 'FAILURE');
    failed?.tags.push(
      { key: 'dagster/backfill', value: failedBackfillId },
      { key: 'dagster/partition', value: '2026-03-01' },
    );
    Object.assign(failed ?? {}, { detail: { cause: 'Step "load" failed: Error: The file has 0 bytes.' } });
    const page = await open(`/backfills/${failedBackfillId}`);
    await page.getByText('2026-03-01 The file has 0 bytes. Show run').waitFor();
    expect(await violationsOf(page)).toEqual([]);
    await page.getByRole('link', { name: 'Runs', exact: true }).last().click();
    await page.getByRole('gridcell', { name: 'The file has 0 bytes.' }).waitFor();
    await page.getByRole('link', { name: 'Show run' }).click();
    await page.waitForURL(`**/runs/${failed?.runId}`);
  },
  TWO_MINUTES,
);

test(
  '`g` and then `b` goes to the backfills, a filter keeps those that match, and Enter opens one',
  async () => {
    const page = await open('/');
    await page.getByText('Needs attention').waitFor();
    // Both at once: between two awaited keys a busy machine lets the sequence end.
    await Promise.all([page.keyboard.press('g'), page.keyboard.press('b')]);
    await page.waitForURL(/\/backfills$/);
    const filter = page.getByRole('combobox', { name: 'Filter backfills' });
    await filter.fill('status:partly-failed');
    await filter.press('Enter');
    await page.locator(`[data-row-id="${runningBackfillId}"]`).waitFor({ state: 'detached' });

    await page.locator(`[data-row-id="${failedBackfillId}"]`).focus();
    await page.keyboard.press('Enter');

    await page.waitForURL(new RegExp(`/backfills/${failedBackfillId}`));
  },
  TWO_MINUTES,
);

test(
  'without backfills the page teaches how to launch one, and a failure says so and gets over it',
  async () => {
    fixture.state.backfills.length = 0;
    fixture.state.failing.add('Backfills');
    const page = await open('/backfills');
    await page.getByText('Backfills could not be loaded').waitFor();
    fixture.state.failing.delete('Backfills');

    await page.getByRole('button', { name: 'Try again' }).click();

    await page.getByText('npx headrace backfill launch').waitFor();
  },
  TWO_MINUTES,
);

test(
  'data that can no longer be refreshed stays and is dated',
  async () => {
    const page = await open('/backfills');
    await page.getByText('After the outage of the feed').waitFor();

    fixture.state.failing.add('Backfills');

    await main(page)
      .getByText(/^Data of/)
      .waitFor();
    await becomes(() => page.getByText('After the outage of the feed').count(), 1);
  },
  TWO_MINUTES,
);

test(
  'a backfill is paused and resumed at once, and given another priority',
  async () => {
    const page = await open(`/backfills/${runningBackfillId}`);
    await page.getByRole('button', { name: 'Pause' }).click();
    await page.getByRole('button', { name: 'Resume' }).click();
    await page.getByRole('button', { name: 'Pause' }).waitFor();
    expect(backfill(runningBackfillId)?.isPaused).toBe(false);
    expect([asked('PauseBackfill').length, asked('ResumeBackfill').length]).toEqual([1, 1]);

    await page.getByRole('button', { name: 'More actions' }).click();
    await page.getByRole('menuitem', { name: 'Priority…' }).click();
    await page.getByRole('textbox', { name: /^Priority/ }).fill('7');
    await page.getByRole('button', { name: 'Set priority 7' }).click();

    await page.getByRole('dialog').waitFor({ state: 'detached' });
    expect(asked('PrioritizeBackfill')[0]?.variables).toEqual({ backfillId: runningBackfillId, priority: 7 });
  },
  TWO_MINUTES,
);

test(
  'a cancellation names its runs and partitions before it happens; a refused one says why and changes nothing',
  async () => {
    fixture.state.refused.set('cancelPartitionBackfill', 'Only its owner may.');
    const page = await open(`/backfills/${runningBackfillId}`);
    await page.getByRole('button', { name: 'Cancel…' }).click();
    const dialog = page.getByRole('dialog', { name: 'Cancel this backfill?' });
    await dialog.getByText('12 runs will be canceled, and 186 partitions will not be made.').waitFor();
    expect(await violationsOf(page)).toEqual([]);
    await dialog.getByRole('button', { name: 'Cancel the backfill and 12 runs' }).click();
    await dialog.getByText('Only its owner may. Nothing was changed.').waitFor();
    expect(backfill(runningBackfillId)?.status).toBe('REQUESTED');

    fixture.state.refused.clear();
    await dialog.getByRole('button', { name: 'Cancel the backfill and 12 runs' }).click();

    await main(page).getByText('Canceling', { exact: true }).first().waitFor();
  },
  TWO_MINUTES,
);

test(
  'what a backfill did not make is retried as a new one, which opens',
  async () => {
    const page = await open(`/backfills/${failedBackfillId}`);
    await page.getByRole('button', { name: 'Retry 8 not made…' }).click();
    const dialog = page.getByRole('dialog', { name: 'Retry 8 partitions?' });
    await dialog.getByText('4 failed, 4 never made').waitFor();

    await dialog.getByRole('button', { name: 'Retry 8 partitions' }).click();

    await page.waitForURL(/\/backfills\/newlymad/);
    expect(asked('ReexecuteBackfill')[0]?.variables).toEqual({
      reexecutionParams: { parentRunId: failedBackfillId, strategy: 'FROM_FAILURE' },
    });
  },
  TWO_MINUTES,
);

test(
  'arrows move over the map, whose line says the partition and how it stands',
  async () => {
    const page = await open(`/backfills/${runningBackfillId}`);
    const map = page.getByRole('group', { name: /^Partitions of the backfill/ });
    await map.focus();
    await main(page).getByText('2026-03-06', { exact: true }).waitFor();

    await map.press('ArrowDown');
    await map.press('ArrowRight');

    await main(page).getByText('2026-03-07', { exact: true }).waitFor();
    await main(page).getByText('To come').last().waitFor();
  },
  TWO_MINUTES,
);

test(
  'the runs of a backfill are a list or lie over time, where each leads to its page',
  async () => {
    const tagged = fixture.state.runs.filter((run) => run.startTime !== null).slice(0, 3);
    for (const run of tagged) run.tags.push({ key: 'dagster/backfill', value: failedBackfillId });
    const page = await open(`/backfills/${failedBackfillId}?tab=runs`);
    await page.getByRole('button', { name: 'Timeline' }).click();
    const runs = page.getByRole('list', { name: 'Runs over time' });
    await main(page)
      .getByText(/^3 of 3 runs, \d side by side at most/)
      .waitFor();
    expect(await flawsOf(page, () => runs.waitFor())).toEqual([]);
    await page.reload();

    await runs.getByRole('link').first().click();

    await page.waitForURL(/\/runs\//);
  },
  TWO_MINUTES,
);

test(
  'a backfill of what is missing of an asset says what it makes, and is launched',
  async () => {
    const page = await open('/assets/raw/earthquakes');
    await page.getByRole('button', { name: 'Backfill…', exact: true }).click();
    const dialog = page.getByRole('dialog', { name: 'Backfill 1 asset?' });
    await dialog.getByText('7 partitions by 7 runs').waitFor();
    await dialog.getByLabel('Last').fill('2025-01-01');
    await dialog.getByText('No partition “2025-01-01”').waitFor();
    expect(await violationsOf(page)).toEqual([]);
    await dialog.getByRole('radio', { name: 'The latest: 2026-10-27' }).check();
    await dialog.getByText('1 partition by 1 run').waitFor();
    await dialog.getByRole('radio', { name: /^What failed/ }).check();
    await dialog.getByText('2 partitions by 2 runs').waitFor();
    await dialog.getByText('Description and tags').click();
    await dialog.getByRole('textbox', { name: 'Description' }).fill('The feed was down');
    await dialog.getByRole('textbox', { name: /^Tags of its runs/ }).fill('team');
    await dialog.getByText('“team” is no tag: write key=value').first().waitFor();
    await dialog.getByRole('textbox', { name: /^Tags of its runs/ }).fill('team=seismic');

    await dialog.getByRole('button', { name: 'Launch 2 partitions' }).click();

    await page.waitForURL(/\/backfills\/newlymad/);
    expect(asked('LaunchBackfill')[0]?.variables).toEqual({
      backfillParams: {
        assetSelection: [{ path: ['raw', 'earthquakes'] }],
        partitionNames: ['2026-09-09', '2026-09-10'],
        description: 'The feed was down',
        tags: [{ key: 'team', value: 'seismic' }],
      },
    });
  },
  TWO_MINUTES,
);

test(
  'a job’s failed partitions are launched from its page',
  async () => {
    const page = await open('/jobs/orchestration/ingest_earthquakes');
    await page.getByRole('button', { name: 'Backfill…', exact: true }).click();
    const dialog = page.getByRole('dialog', { name: 'Backfill ingest_earthquakes?' });
    await dialog.getByRole('radio', { name: /^From failure/ }).check();

    await dialog.getByRole('button', { name: 'Launch what failed' }).click();

    await page.waitForURL(/\/backfills\/newlymad/);
    expect(asked('LaunchBackfill')[0]?.variables.backfillParams).toMatchObject({
      selector: { partitionSetName: 'ingest_earthquakes_partition_set' },
      fromFailure: true,
    });
  },
  TWO_MINUTES,
);

test(
  'automation of every kind stands in one list, whose tabs narrow it down and whose switches turn it on and off',
  async () => {
    const page = await open('/automation');
    const row = (id: string) => page.locator(`[data-row-id="${id}"]`);
    await row('schedule:orchestration:nightly_dbt').waitFor();
    await row('condition:orchestration:asset:raw/earthquakes').waitFor();

    await row(`sensor:orchestration:${automationSensorName}`).getByRole('switch').click();
    await row('condition:orchestration:asset:raw/earthquakes')
      .getByText('off', { exact: true })
      .first()
      .waitFor();
    expect(fixture.state.sensors.get(automationSensorName)).toBe(false);

    await page.getByRole('link', { name: /^Conditions/ }).click();
    await row('schedule:orchestration:nightly_dbt').waitFor({ state: 'detached' });
    await becomes(() => page.getByRole('switch').count(), 0);
  },
  TWO_MINUTES,
);

test(
  'an evaluation says why, an earlier one is a click away, and partitions open where there are any',
  async () => {
    const page = await open('/assets/mart_seismic_daily?tab=automation');
    await page.getByText('Held back: any deps missing is true.').waitFor();
    await page
      .getByRole('button', { name: /(?<!not )requested$/ })
      .first()
      .click();
    await page.getByRole('heading', { name: 'Why it was requested' }).waitFor();

    await page.goto(`${fixture.url}/assets/raw/earthquakes?tab=automation`);
    await page.getByText('Requested 3 partitions in').waitFor();
    await page.getByRole('button', { name: '3 of 327 partitions of on cron' }).click();

    await page.getByText('2026-11-20, 2026-11-21, 2026-11-22').waitFor();
  },
  TWO_MINUTES,
);
