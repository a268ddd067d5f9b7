import type { Page } from 'playwright-core';
import { failedRunId, fixtureRunId, runningRunId } from '../../support/dashboard-fixture-data';
import { becomes, flawsOf, setUpDashboardFixture, until } from '../../support/set-up-dashboard';

/** What a run’s page says and offers beside its log and chart, over a test double of the API. */
const dashboard = setUpDashboardFixture();
const asked = (name: string) =>
  dashboard.fixture.state.requests.filter((each) => each.name === name).map(({ variables }) => variables);
const setDetail = (runId: string, detail: Record<string, unknown>): void => {
  const run = dashboard.fixture.state.runs.find((each) => each.runId === runId);
  if (run) run.detail = detail;
};
const facts = (page: Page) => page.getByRole('list', { name: 'Facts' });
const steps = (page: Page) => page.getByRole('region', { name: 'Steps over time' });

test('the browser’s tab tells how the run stands, and is plain again elsewhere', async () => {
  const page = await dashboard.open(`/runs/${failedRunId}`);
  const icon = () => page.evaluate('document.querySelector("link[rel=icon]").getAttribute("href")');
  await until(icon, (href) => /tab-failed/.test(String(href)));
  await page.getByRole('link', { name: 'Runs', exact: true }).first().click();
  await until(icon, (href) => /favicon/.test(String(href)));
  await page.goto(`${dashboard.fixture.url}/runs/${runningRunId}`);
  await until(icon, (href) => /tab-running/.test(String(href)));
  expect(dashboard.complaints).toEqual([]);
});

test('an unknown tab in the address leads to the first one', async () => {
  const page = await dashboard.open(`/runs/${failedRunId}?tab=nonsense`);
  await page.waitForURL((url) => !url.searchParams.has('tab'));
  await page
    .getByRole('link', { name: 'Timeline and logs', exact: true })
    .and(page.locator('[aria-current=page]'))
    .waitFor();
});

test('a tab of results that there are none of is left once all is told', async () => {
  const page = await dashboard.open(`/runs/${failedRunId}?tab=dbt`);
  await page.waitForURL((url) => !url.searchParams.has('tab'));
  await steps(page).waitFor();
});

test('the runs of a group lead to each other, and say what each executed', async () => {
  const page = await dashboard.open(`/runs/${failedRunId}`);
  const again = facts(page).getByRole('link', { name: 'Run 2 of 2: Running, all steps' });
  await again.waitFor();
  await page.getByRole('link', { name: 'Run group 2' }).click();
  const table = page.getByRole('region', { name: 'Run group' });
  await table.getByRole('row', { name: /first run/ }).waitFor();
  expect(await flawsOf(page, () => page.getByText('first run').first().waitFor())).toEqual([]);

  await page.setViewportSize({ width: 1_280, height: 900 });
  await again.click();
  await page.waitForURL(`**/runs/${fixtureRunId(2)}`);
  await facts(page).getByRole('link', { name: 'Run 1 of 2: Failed, first run' }).waitFor();
  expect(dashboard.complaints).toEqual([]);
});

test('a queued run says its place in the queue and what it waits for', async () => {
  setDetail(fixtureRunId(3), {
    waitingFor: 'waiting for pool snowflake: 8 of 8 in use',
    queuePlace: { place: 3, of: 1_200 },
  });
  const page = await dashboard.open(`/runs/${fixtureRunId(3)}`);
  await page.getByText('Place 3 of 1,200 in the queue.').waitFor();
  await page.getByText('Waiting for pool snowflake: 8 of 8 in use.').waitFor();
  expect(await page.getByRole('link', { name: 'See what holds slots' }).getAttribute('href')).toBe(
    '/deployment?tab=concurrency',
  );
});

test('a run whose worker does not stop can be marked as canceled', async () => {
  const page = await dashboard.open(`/runs/${runningRunId}`);
  await page.getByRole('button', { name: 'Cancel…' }).click();
  const dialog = page.getByRole('dialog', { name: 'Cancel this run?' });
  await dialog.getByRole('checkbox', { name: /^Mark it as canceled now/ }).check();
  await dialog.getByRole('button', { name: 'Mark 1 run as canceled' }).click();

  await page.getByText('is marked as canceled').waitFor();
  expect(asked('TerminateRuns')).toEqual([
    { runIds: [runningRunId], policy: 'MARK_AS_CANCELED_IMMEDIATELY' },
  ]);
  // The test double says that it is being canceled: now only that way is offered.
  await page.getByRole('button', { name: 'Cancel…' }).click();
  await page.getByRole('dialog', { name: 'Stop waiting for this run’s worker?' }).waitFor();
});

test('the menu leads to the schedule and the launchpad, and deletes after a question', async () => {
  let page = await dashboard.open(`/runs/${failedRunId}`);
  const openMenu = () => page.getByRole('button', { name: 'More actions' }).click();
  await openMenu();
  expect(await flawsOf(page, () => page.getByRole('menu').waitFor())).toEqual([]);
  await page.getByRole('menuitem', { name: 'Go to the schedule' }).click();
  await page.waitForURL(/\/schedules\?open=orchestration/);

  page = await dashboard.open(`/runs/${failedRunId}`);
  await openMenu();
  await page.getByRole('menuitem', { name: 'Open in launchpad' }).click();
  await page.waitForURL(/\/jobs\/orchestration\/mart_refresh/);

  page = await dashboard.open(`/runs/${failedRunId}`);
  await openMenu();
  await page.getByRole('menuitem', { name: 'Delete…' }).click();
  expect(asked('DeleteRun')).toEqual([]);
  await page.getByRole('dialog').getByRole('button', { name: 'Delete 1 run' }).click();
  await page.waitForURL('**/runs');
  expect(asked('DeleteRun')).toEqual([{ runId: failedRunId }]);
});

test('steps are chosen by their state, hidden or pale, and laid out without time', async () => {
  const page = await dashboard.open(`/runs/${failedRunId}`);
  await facts(page).getByRole('link', { name: '1 failed' }).click();
  await page.waitForURL((url) => url.searchParams.get('steps') === 'status:failed');
  await steps(page).getByText('1 step', { exact: true }).waitFor();

  await steps(page).getByRole('button', { name: 'Hide others', pressed: true }).click();
  await steps(page).getByText('6 steps', { exact: true }).waitFor();
  await steps(page).getByRole('button', { name: 'Flat' }).click();
  await steps(page).getByText('widths say nothing').waitFor();
  expect(await flawsOf(page, () => steps(page).locator('canvas').waitFor())).toEqual([]);

  await page.setViewportSize({ width: 1_280, height: 900 });
  await steps(page).getByRole('textbox', { name: 'Select steps' }).fill('nope');
  await steps(page).getByText('no step “nope”').waitFor();
});

test('the log shows one type of events, and what there is of each', async () => {
  const page = await dashboard.open(`/runs/${failedRunId}`);
  const type = page.getByRole('combobox', { name: 'Type of events' });
  const lines = page.getByRole('region', { name: 'Event lines' });
  await lines.getByText('RUN_START', { exact: true }).waitFor();
  await type.selectOption({ label: 'STEP_UP_FOR_RETRY (1)' });
  await lines.getByText('RUN_START', { exact: true }).waitFor({ state: 'detached' });
  await becomes(() => lines.getByRole('button').count(), 1);
  await page.waitForURL(/type=STEP_UP_FOR_RETRY/);
});

test('a step of the plan leads to its line in the chart', async () => {
  const page = await dashboard.open(`/runs/${failedRunId}?tab=plan`);
  const plan = page.getByRole('region', { name: 'Plan' });
  await plan.getByRole('row', { name: /stg_issues.*raw\/github_issues/ }).waitFor();
  expect(await flawsOf(page, () => page.getByText('stg_issues').first().waitFor())).toEqual([]);
  await page.setViewportSize({ width: 1_280, height: 900 });
  await plan.getByRole('link', { name: 'stg_issues' }).click();
  await steps(page)
    .getByRole('button', { name: /stg_issues/, pressed: true })
    .waitFor();
});

test('5,000 steps and 20,000 events stay few in the page, are searched, and end where they end', async () => {
  const runId = fixtureRunId(1);
  const { state } = dashboard.fixture;
  const keys = Array.from({ length: 5_000 }, (_, index) => `load_${index}`);
  const start = (state.runs[0]?.startTime ?? 0) + 1;
  setDetail(runId, {
    executionPlan: { steps: keys.map((key) => ({ key, kind: 'COMPUTE', inputs: [] })) },
    stepStats: keys.slice(0, 4_000).map((stepKey, index) => ({
      stepKey,
      status: index === 3_999 ? 'FAILURE' : 'SUCCESS',
      startTime: start + index / 100,
      endTime: start + index / 100 + 1,
      attempts: [{ startTime: start + index / 100, endTime: start + index / 100 + 1 }],
    })),
  });
  state.events.set(
    runId,
    Array.from({ length: 20_000 }, (_, index) => ({
      __typename: 'LogMessageEvent',
      message: `row ${index}`,
      timestamp: String(Math.round(start * 1_000) + index),
      level: 'INFO',
      stepKey: keys[index % 4_000] ?? null,
      eventType: null,
    })),
  );
  const page = await dashboard.open(`/runs/${runId}`);
  const log = page.getByRole('region', { name: 'Event lines' });
  await log.getByText(/row 19999$/).waitFor();
  expect(Number(await page.evaluate('document.querySelectorAll("main *").length'))).toBeLessThan(2_000);

  await facts(page).getByRole('link', { name: '1 failed' }).click();
  await steps(page)
    .getByRole('button', { name: /load_3999/ })
    .waitFor();
  await log.getByText(/row 3999$/).waitFor();
  await steps(page).getByRole('textbox', { name: 'Select steps' }).fill('');
  await steps(page).getByText('5,000 steps').waitFor();
  const find = page.getByRole('textbox', { name: 'Search events' });
  await find.fill('row 15555');
  await page.getByRole('status').getByText('1 of 1').waitFor();
  await find.press('Enter');
  await log.getByText('row 15555').waitFor();
  await until(
    () => log.locator('mark[data-current]').count(),
    (count) => count === 1,
  );
});
