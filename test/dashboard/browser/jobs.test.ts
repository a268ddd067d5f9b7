import { becomes, flawsOf, row, setUpDashboardFixture, until } from '../../support/set-up-dashboard';

/** The list of jobs, and what a job's page says of what it runs. */
const dashboard = setUpDashboardFixture();

test('jobs are filtered by what they are called, are made of and how they fared', async () => {
  const page = await dashboard.open('/jobs');
  const rows = page.locator('[data-row-id]');
  await rows.first().waitFor();
  const filter = page.getByRole('combobox', { name: 'Filter jobs' });

  await filter.fill('kind:asset');
  await filter.press('Enter');
  await until(
    () => rows.count(),
    (count) => count === 1,
  );
  expect(new URL(page.url()).searchParams.get('q')).toBe('kind:asset');

  await page.goto(`${dashboard.fixture.url}/jobs?q=-name:ingest_*+schedule:nightly_dbt`);
  await row(page, 'orchestration:dbt_intraday').waitFor();
  await becomes(() => rows.count(), 1);

  await page.goto(`${dashboard.fixture.url}/jobs?q=nothing_like_it`);
  await page.getByRole('button', { name: 'Clear the filter' }).click();
  await row(page, 'orchestration:mart_refresh').waitFor();
});

test('an op tells what it needs and gives, and leads to those around it and to a launch of it', async () => {
  const page = await dashboard.open('/jobs/orchestration/dbt_intraday?op=load_table');
  const panel = page.getByRole('complementary', { name: 'Details' });
  await panel.getByText('up to 3 times, after 10 s, each wait about twice as long').waitFor();
  await panel.getByText('once for each key that came before').waitFor();
  await panel.getByText('It takes none.').waitFor();
  expect(await flawsOf(page, () => panel.getByRole('heading', { name: 'load_table' }).waitFor())).toEqual([]);

  await page.setViewportSize({ width: 1_440, height: 900 });
  await panel.getByRole('link', { name: 'summarize' }).click();
  await panel.getByRole('heading', { name: 'summarize' }).waitFor();
  await page.keyboard.press('Escape');
  await page.getByRole('complementary', { name: 'About this job' }).waitFor();

  await page.goto(`${dashboard.fixture.url}/jobs/orchestration/dbt_intraday?op=load_table`);
  await panel.getByRole('link', { name: 'Launch from here…' }).click();
  await page.getByText('7 of 8').waitFor();
  await becomes(() => page.getByRole('textbox', { name: 'Ops' }).inputValue(), 'load_table*');
  expect(dashboard.complaints).toEqual([]);
});

test('a selection shows a part of a job, and nested graphs open and close', async () => {
  const page = await dashboard.open('/jobs/orchestration/dbt_intraday');
  const words = page.getByRole('list', { name: 'Graph in words' });
  const graph = page.getByRole('group', { name: /^Graph of/ });
  await page.getByRole('group', { name: /^Graph of 8 boxes/ }).waitFor();
  await words.getByText('load_table after list_tables').waitFor({ state: 'attached' });

  await page.getByRole('button', { name: 'Close graphs' }).click();
  await page.getByRole('group', { name: /^Graph of 5 boxes/ }).waitFor();
  await graph.focus();
  await page.keyboard.press('Enter');
  await page.getByRole('complementary', { name: 'Details' }).waitFor();

  const select = page.getByRole('textbox', { name: 'Select ops' });
  await select.fill('*summarize');
  await page.getByText('3 of 8').waitFor();
  await page.getByRole('link', { name: 'Launch 3 ops…' }).waitFor();
  await select.fill('sumarize');
  await page.getByText(/Did you mean 'summarize'/).waitFor();
  await page.getByRole('button', { name: 'Show all' }).click();
  await page.getByText('8 of 8').waitFor();
});

test('a job of five hundred ops opens as its graphs, each of which opens into its ops', async () => {
  const page = await dashboard.open('/jobs/orchestration/mart_refresh');
  await page.getByRole('group', { name: /^Graph of 2 boxes/ }).waitFor();

  await page.getByRole('button', { name: 'Open graphs' }).click();

  await page.getByRole('group', { name: /^Graph of 500 boxes/ }).waitFor();
  await page.getByRole('textbox', { name: 'Find in the graph' }).fill('load_404');
  await page.getByRole('textbox', { name: 'Find in the graph' }).press('Enter');
  await page.getByText('right.load_404, not run').or(page.getByText('load_404, not run')).first().waitFor({
    state: 'attached',
  });
  expect(dashboard.complaints).toEqual([]);
});

test('a job of assets shows them as they are now, and what can be done with one', async () => {
  const page = await dashboard.open('/jobs/orchestration/ingest_github_issues');
  await page.getByRole('group', { name: /^Lineage of 7 boxes/ }).waitFor();
  await page.getByText('7 of 7').waitFor();

  const filter = page.getByRole('combobox', { name: 'Select assets' });
  await filter.fill('raw/github_issues+');
  await filter.press('Enter');
  await page.getByText('2 of 7').waitFor();
  await page.goto(`${dashboard.fixture.url}/jobs/orchestration/ingest_github_issues?asset=stg_issues`);

  await page
    .getByRole('complementary', { name: 'Details' })
    .getByRole('link', { name: 'Open asset' })
    .click();
  await page.waitForURL(/\/assets\/stg_issues$/);
});

test('the partitions of a job tell how each step fared in each, and lead to it', async () => {
  const { state } = dashboard.fixture;
  const runs = state.runs.filter((each) => each.jobName === 'ingest_earthquakes').slice(0, 3);
  for (const [index, run] of runs.entries())
    run.tags.push({ key: 'dagster/partition', value: `2026-11-2${3 - index}` });
  const page = await dashboard.open('/jobs/orchestration/ingest_earthquakes?tab=partitions');
  const table = page.getByRole('region', { name: 'Steps by partition, as a table' });
  await table.getByRole('columnheader', { name: '2026-11-22' }).waitFor();
  expect(await flawsOf(page, () => table.waitFor())).toEqual([]);

  await table
    .getByRole('row', { name: /^raw\/github_repos/ })
    .getByRole('link')
    .first()
    .click();

  await page.waitForURL(/\/runs\/.*step=raw/);
});
