import type { Page } from 'playwright-core';
import { LOCATION_TAG } from '../../support/dashboard-fixture-timeline';
import { becomes, flawsOf, setUpDashboardFixture } from '../../support/set-up-dashboard';

/** The overview's timeline: its window, its filter, its groups, and where its marks lead. */
const dashboard = setUpDashboardFixture();

const inWords = (page: Page, row: string) =>
  page.getByRole('table', { name: 'Timeline in words' }).getByRole('row', { name: new RegExp(`^${row}`) });
const chart = (page: Page) => page.getByRole('group', { name: /^Timeline/ });
const asked = () =>
  dashboard.fixture.state.requests.filter(({ name }) => name === 'Timeline').at(-1)?.variables;

/** Makes the runs of one job those of another code location. */
function inTwoLocations(): void {
  for (const run of dashboard.fixture.state.runs)
    if (run.jobName === 'mart_refresh') run.tags.push({ key: LOCATION_TAG, value: 'analytics' });
}

test('jobs stand under their code locations, which close, and stay closed after a reload', async () => {
  inTwoLocations();
  const page = await dashboard.open('/');
  const names = page.getByRole('link', { name: 'mart_refresh', exact: true });
  await names.first().waitFor();
  const before = await names.count();

  await page.getByRole('button', { name: 'analytics', expanded: true }).click();
  await page.waitForURL(/closed=analytics/);
  await page.getByRole('button', { name: 'analytics', expanded: false }).waitFor();
  await becomes(() => names.count(), before - 1);
  await page.reload();
  await page.getByRole('button', { name: 'analytics', expanded: false }).waitFor();
  // The closed one still says what failed, and its marks lead to its runs.
  await page.getByText('all of analytics').waitFor({ state: 'detached' });
  await chart(page).focus();
  await page.keyboard.press('ArrowRight');
  await page.getByRole('status').filter({ hasText: 'all of analytics' }).waitFor();
  expect(await flawsOf(page)).toEqual([]);
  expect(dashboard.complaints).toEqual([]);
});

test('the filter is in the address, narrows figures, rows and runs, and can be cleared where nothing is left', async () => {
  const page = await dashboard.open('/?q=job:ingest_flights');
  await inWords(page, 'ingest_flights').waitFor({ state: 'attached' });
  await becomes(() => inWords(page, 'mart_refresh').count(), 0);
  expect(asked()).toMatchObject({ filter: { names: ['ingest_flights'] } });

  const field = page.getByRole('combobox', { name: 'Filter jobs' });
  await field.fill('status:');
  await page.getByRole('option', { name: 'status:canceling' }).click();
  await page.waitForURL(/status/);
  await page.getByText('Nothing in this window matches the filter').waitFor();
  await page.getByRole('button', { name: 'Clear the filter' }).click();
  await inWords(page, 'mart_refresh').waitFor({ state: 'attached' });
  expect(new URL(page.url()).search).toBe('');
});

test('the table holds the latest runs of the window, and says of how many', async () => {
  const page = await dashboard.open('/?view=table&hours=168');
  const runs = page.getByLabel('Runs of this window');
  await page.getByText(/^The latest 100 of (1\d\d|[2-9]\d\d|\d,\d{3}) runs\. All runs$/).waitFor();
  await becomes(() => runs.getByRole('row').count(), 101);
  expect(await flawsOf(page)).toEqual([]);

  await page.goto(new URL('/?view=table&hours=168&q=job:ingest_flights', page.url()).href);
  await runs.waitFor();
  await becomes(() => page.getByText(/^The latest/).count(), 0);
});

test('the window goes back, ahead to what is expected, and to now', async () => {
  const page = await dashboard.open('/?hours=6');
  await inWords(page, 'mart_refresh').waitFor({ state: 'attached' });
  const live = asked() as { from: number; to: number };

  await page.getByRole('button', { name: 'Earlier' }).click();
  await page.waitForURL(/until=/);
  await becomes(async () => Math.abs(live.to - 6 * 3_600 - Number(asked()?.['to'])) <= 120, true);
  await page.getByRole('button', { name: 'Now' }).click();
  await page.waitForURL((url) => !url.search.includes('until'));
  await page.getByRole('button', { name: 'Later' }).click();
  await page.waitForURL(/until=/);
  await becomes(() => page.getByRole('button', { name: 'Later' }).isDisabled(), true);
});

test('a mark of several runs says how many, and leads to the list of them; a single one leads to its run', async () => {
  const { runs, now } = dashboard.fixture.state;
  const [first] = runs.filter(({ jobName, status }) => jobName === 'mart_refresh' && status === 'SUCCESS');
  if (!first) throw new Error('no run of mart_refresh');
  const at = now / 1_000 - 2 * 3_600;
  runs.splice(
    0,
    runs.length,
    ...Array.from({ length: 40 }, (_, i) => ({
      ...first,
      runId: `${first.runId.slice(0, -2)}${10 + i}`,
      creationTime: at + i,
      startTime: at + i,
      endTime: at + i + 5,
    })),
  );
  const page = await dashboard.open('/?q=job:mart_refresh');
  await inWords(page, 'mart_refresh').getByText('40 runs: 40 Success').waitFor({ state: 'attached' });
  await chart(page).focus();
  await page.keyboard.press('ArrowRight');
  const card = page.getByRole('status').filter({ hasText: '40 runs' });
  await card.getByText('40 Success').waitFor();
  await page.keyboard.press('Enter');
  await page.waitForURL(/\/runs\?q=job/);
  const filter = new URL(page.url()).searchParams.get('q') ?? '';
  expect(filter).toMatch(
    /^job:mart_refresh after:"\d{4}-\d\d-\d\d \d\d:\d\d" before:"\d{4}-\d\d-\d\d \d\d:\d\d"$/,
  );
  await page.getByText('40 runs', { exact: true }).waitFor();

  runs.splice(1);
  await page.goto(`${dashboard.fixture.url}/?q=job:mart_refresh`);
  await inWords(page, 'mart_refresh').getByText('1 run: 1 Success').waitFor({ state: 'attached' });
  await chart(page).focus();
  await page.keyboard.press('ArrowRight');
  await page.keyboard.press('Enter');
  await page.waitForURL(`**/runs/${runs[0]?.runId}`);
});

test('groups of assets lead to the catalog, group by group and status by status', async () => {
  const page = await dashboard.open('/');
  const groups = page.getByRole('region', { name: 'Asset groups' });
  await groups.getByRole('link', { name: '1 of 3 in raw_github: Failed' }).click();
  await page.waitForURL(/\/assets\?q=/);
  expect(new URL(page.url()).searchParams.get('q')).toBe('group:raw_github status:failed');
});
