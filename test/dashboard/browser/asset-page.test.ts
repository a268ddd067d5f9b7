import { becomes, flawsOf, row, setUpDashboardFixture } from '../../support/set-up-dashboard';

/** The tabs of an asset's page in a real browser, over a test double of the API. */
const dashboard = setUpDashboardFixture();
const asked = (name: string) => dashboard.fixture.state.requests.filter((each) => each.name === name);

test.each([
  ['events', 'raw/earthquakes?tab=events&event=998', 'row_count'],
  ['partitions', 'raw/earthquakes?tab=partitions&partition=2026-09-09', 'Latest materialization'],
  ['checks', 'mart_issue_health?tab=checks&check=has_rows', 'Checks has_rows.'],
  ['lineage', 'mart_issue_health?tab=lineage', 'Open in lineage'],
] as const)('the tab %s of an asset has no axe violation, no complaint of the browser and nothing that sticks out', async (_tab, address, text) => {
  const page = await dashboard.open(`/assets/${address}`);
  const shown = () => page.getByRole('main').getByText(text).first().waitFor();
  expect(await flawsOf(page, shown)).toEqual([]);
  expect(dashboard.complaints).toEqual([]);
});

test('what happened to an asset is one feed, narrowed by kind and partition; each event opens whole and has an address', async () => {
  const page = await dashboard.open('/assets/raw/earthquakes?tab=events');
  await page.getByRole('row', { name: /^Observed/ }).waitFor();
  await page.getByRole('button', { name: 'Failures' }).click();
  await row(page, '997').waitFor();
  await page.getByText('HTTP 502 after 3 tries').first().waitFor();
  await becomes(() => page.getByRole('row', { name: /^Materialized/ }).count(), 0);

  await page.getByRole('button', { name: 'All', exact: true }).click();
  await page.getByRole('combobox', { name: 'Partition' }).fill('2026-10-25');
  await page.keyboard.press('Enter');
  await row(page, '997').waitFor({ state: 'detached' });
  await row(page, '998').click();
  const panel = page.getByRole('complementary', { name: 'Details' });
  await panel.getByText('made-2').waitFor();
  await panel.getByRole('columnheader', { name: 'Column' }).first().waitFor();

  await page.reload();
  await panel.getByText('made-2').waitFor();
  expect(new URL(page.url()).searchParams.get('partition')).toBe('2026-10-25');
});

test('an event that is no longer kept says so in its panel, beside the feed', async () => {
  const page = await dashboard.open('/assets/raw/earthquakes?tab=events&event=5000');
  await page.getByText('It is no longer kept').waitFor();
  await row(page, '998').waitFor();
});

test('partitions are a list: narrowed by status, opened one by one, made by their number', async () => {
  const page = await dashboard.open('/assets/raw/earthquakes?tab=partitions');
  await page.getByText('300 of 300').waitFor();
  const filter = page.getByRole('combobox', { name: 'Filter partitions' });
  await filter.fill('status:failed');
  await filter.press('Enter');
  await page.getByText('2 of 300').waitFor();
  await row(page, '2026-09-10').click();
  const panel = page.getByRole('complementary', { name: 'Details' });
  await panel.getByRole('heading', { name: '2026-09-10' }).waitFor();
  await page.keyboard.press('Escape');

  await page.getByRole('checkbox', { name: 'Select all' }).check();
  await page.getByRole('button', { name: 'Materialize 2…' }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Launch 2 partitions' }).waitFor();
});

test('checks run without their asset, all of them or one', async () => {
  const page = await dashboard.open('/assets/mart_issue_health?tab=checks');
  await page.getByRole('button', { name: 'Run 3 checks' }).click();
  await page.getByText('Launched 3 checks').waitFor();
  await page.getByRole('button', { name: 'Run has_rows' }).click();
  await page.getByText('Launched has_rows').waitFor();

  const selectors = asked('LaunchRun').map(
    ({ variables }) =>
      (variables.executionParams as { selector: { assetSelection: unknown; assetCheckSelection: unknown } })
        .selector,
  );
  expect(selectors.map((selector) => selector.assetSelection)).toEqual([[], []]);
  expect(selectors[1]?.assetCheckSelection).toEqual([
    { assetKey: { path: ['mart_issue_health'] }, name: 'has_rows' },
  ]);
});

test('an asset stands among what it comes from, as many levels as wanted', async () => {
  const page = await dashboard.open('/assets/mart_issue_health?tab=lineage');
  await page.getByText('6 assets', { exact: true }).waitFor();
  await page.getByRole('button', { name: 'Fewer levels up' }).click();
  await page.getByText('3 assets', { exact: true }).waitFor();
  expect(new URL(page.url()).searchParams.get('up')).toBe('1');
  await page.getByRole('link', { name: 'Open in lineage' }).click();
  await page.getByText('3 of 14').waitFor();
});
