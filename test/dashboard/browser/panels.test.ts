import type { Page } from 'playwright-core';
import { failedRunId } from '../../support/dashboard-fixture-data';
import { becomes, setUpDashboardFixture } from '../../support/set-up-dashboard';

/** Each panel while it loads, when its part of the API fails, and when that works again. */
const dashboard = setUpDashboardFixture();

/** Page, operation that its panel asks for, what the panel says when that fails, a text that it has else. */
const PANELS = [
  ['/', 'Timeline', 'The overview could not be loaded', 'Needs attention'],
  ['/', 'Late', 'Freshness could not be loaded', 'Freshness'],
  ['/runs', 'Runs', 'Runs could not be loaded', 'ingest_flights'],
  ['/runs?view=grouped', 'RunsFeed', 'Runs could not be loaded', 'ingest_flights'],
  ['/runs?tab=scheduled', 'ScheduledTicks', 'What is scheduled could not be loaded', 'Every 15 minutes'],
  [`/runs/${failedRunId}`, 'RunStatus', 'This run could not be loaded', 'Re-execute from failure'],
  [`/runs/${failedRunId}`, 'RunEvents', 'Events could not be loaded', 'Started execution of run'],
  [`/runs/${failedRunId}`, 'RunPlan', 'The plan could not be loaded', 'mart_issue_health'],
  [`/runs/${failedRunId}`, 'CapturedLogs', 'The output could not be read', 'page 30'],
  [
    `/runs/${failedRunId}?tab=config`,
    'RunPlan',
    'The configuration could not be loaded',
    'Download configuration',
  ],
  [`/runs/${failedRunId}?tab=compare`, 'EarlierRuns', 'Earlier runs could not be loaded', 'whole run'],
  ['/jobs', 'Jobs', 'Jobs could not be loaded', 'dbt_intraday'],
  ['/jobs/orchestration/ingest_earthquakes', 'JobDetail', 'This job could not be loaded', 'All runs'],
  ['/jobs/orchestration/dbt_intraday', 'JobGraph', 'What this job runs could not be loaded', 'Resources'],
  [
    '/jobs/orchestration/ingest_github_issues',
    'AssetCatalog',
    'The job’s assets could not be loaded',
    '7 of 7',
  ],
  [
    '/jobs/orchestration/ingest_flights?tab=partitions',
    'JobStepRuns',
    'Steps of the partitions could not be loaded',
    'No partition has run lately',
  ],
  [
    '/jobs/orchestration/ingest_earthquakes?tab=launch',
    'Launchpad',
    'The launchpad could not be loaded',
    'Launches 1 run',
  ],
  [
    '/jobs/orchestration/ingest_flights?tab=partitions',
    'JobPartitions',
    'Partitions could not be loaded',
    '120 missing',
  ],
  ['/schedules', 'Schedules', 'Schedules could not be loaded', 'nightly_dbt'],
  ['/schedules?open=orchestration:nightly_dbt', 'InstigatorTicks', 'Ticks could not be loaded', 'Missed.'],
  ['/sensors', 'Sensors', 'Sensors could not be loaded', 'new_files'],
  [
    '/sensors?open=orchestration:new_files',
    'InstigatorTicks',
    'Ticks could not be loaded',
    'Open-Meteo is in maintenance until 21:30',
  ],
] as const;

const title = (page: Page, text: string) => page.getByRole('alert').filter({ hasText: text });

test.each(
  PANELS,
)('on %s the panel of %s keeps its error to itself, with a way to try again', async (path, operation, words, text) => {
  dashboard.fixture.state.failing.add(operation);
  const page = await dashboard.open(path);
  await title(page, words).getByText('The other panels are not affected.').waitFor();
  await becomes(() => page.getByRole('alert').count(), 1);
  await becomes(() => page.getByRole('heading', { level: 1 }).count(), 1);

  dashboard.fixture.state.failing.clear();
  await title(page, words).getByRole('button', { name: 'Try again' }).click();

  await page.getByRole('main').getByText(text).first().waitFor();
  await title(page, words).waitFor({ state: 'detached' });
});

test.each(
  PANELS.filter(([, operation]) => operation !== 'RunPlan' && operation !== 'Late'),
)('on %s the panel of %s shows that it loads, and then what it has', async (path, operation, _words, text) => {
  let answer = () => {};
  const held = new Promise<void>((resolve) => {
    answer = resolve;
  });
  const page = await dashboard.open('/states');
  await page.route('**/graphql', async (route) => {
    const { operationName } = route.request().postDataJSON() as { operationName: string };
    if (operationName === operation) await held;
    await route.continue();
  });
  await page.goto(dashboard.fixture.url + path);
  await page.getByRole('main').getByRole('status', { name: 'Loading' }).first().waitFor();
  await becomes(() => page.getByRole('main').getByText(text).count(), 0);

  answer();
  await page.getByRole('main').getByText(text).first().waitFor();
});

test.each([
  ['/jobs', 'Jobs', 'dbt_intraday'],
  ['/schedules', 'Schedules', 'nightly_dbt'],
  ['/sensors', 'Sensors', 'new_files'],
  ['/schedules?open=orchestration:nightly_dbt', 'InstigatorTicks', 'Missed.'],
] as const)('on %s the panel of %s keeps what it had when the API fails, and dates it', async (path, operation, text) => {
  const page = await dashboard.open(path);
  await page.getByRole('main').getByText(text).first().waitFor();

  dashboard.fixture.state.failing.add(operation);

  await page
    .getByRole('main')
    .getByText(/Trying again every 5 s/)
    .waitFor();
  await page
    .getByRole('main')
    .getByText(/Data of/)
    .waitFor();
  expect(await page.getByRole('main').getByText(text).count()).toBeGreaterThan(0);
});
