import type { Page } from 'playwright-core';
import { runningBackfillId } from '../../support/dashboard-fixture-backfills';
import { failedRunId, fixtureRunId } from '../../support/dashboard-fixture-data';
import { becomes, flawsOf, row, setUpDashboardFixture, until } from '../../support/set-up-dashboard';

/** Runs compared, executed again and deleted, over a test double of the API. */
const dashboard = setUpDashboardFixture();
const open = dashboard.open;

const select = async (page: Page, ...runIds: readonly string[]): Promise<void> => {
  for (const runId of runIds) await page.locator(`[data-row-id="${runId}"]`).getByRole('checkbox').click();
};
const asked = (name: string) =>
  dashboard.fixture.state.requests
    .filter((request) => request.name === name)
    .map(({ variables }) => variables);

test('a run is compared with the one before of its job, and with another that is chosen', async () => {
  const page = await open(`/runs/${failedRunId}?tab=compare`);
  const before = fixtureRunId(9);
  await page.getByRole('region', { name: 'Steps' }).getByText('whole run').waitFor();
  await becomes(() => page.getByRole('combobox', { name: 'Compare with' }).inputValue(), before);

  expect(await flawsOf(page)).toEqual([]);
  const older = fixtureRunId(14);
  await page.getByRole('combobox', { name: 'Compare with' }).selectOption(older);
  await page.waitForURL(new RegExp(`with=${older}`));
  await page.getByRole('region', { name: 'Tags' }).getByText('team').waitFor({ state: 'detached' });
  expect(dashboard.complaints).toEqual([]);
});

test('runs are executed again, failed ones from their failure and others whole', async () => {
  const page = await open('/runs');
  await select(page, failedRunId, fixtureRunId(5), fixtureRunId(1));
  await page.getByRole('button', { name: 'Retry 2 runs…' }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Launch 2 runs' }).click();

  await page.getByText('Launched 2 runs').waitFor();
  const executed = new Set(asked('ReexecuteRun').map(({ reexecutionParams }) => reexecutionParams));
  // Both were sent at once.
  expect(executed).toEqual(
    new Set([
      { parentRunId: failedRunId, strategy: 'FROM_FAILURE' },
      { parentRunId: fixtureRunId(5), strategy: 'ALL_STEPS' },
    ]),
  );
});

test('finished runs are deleted after a question; those in progress are left out', async () => {
  const page = await open('/runs');
  const [finished, running] = [fixtureRunId(5), fixtureRunId(1)];
  await select(page, finished, running);
  await page.getByRole('button', { name: 'Delete 1 run…' }).click();
  expect(asked('DeleteRun')).toEqual([]);
  await page.getByRole('dialog').getByRole('button', { name: 'Delete 1 run' }).click();

  await page.locator(`[data-row-id="${finished}"]`).waitFor({ state: 'detached' });
  expect(asked('DeleteRun')).toEqual([{ runId: finished }]);
  // The list may be drawn anew at this moment.
  await page.locator(`[data-row-id="${running}"]`).waitFor();
});

test('runs are filtered by a date of the reader’s zone', async () => {
  const page = await open('/runs?q=before:2020-01-01');
  await page.getByText('No run matches').waitFor();
  const [filter] = asked('Runs').map(({ filter: each }) => each);
  expect(filter).toEqual({ createdBefore: Date.parse('2019-12-31T23:00:00Z') / 1_000 });
});

test('a backfill stands for its runs, opens to its newest ones, and leads to its page', async () => {
  const { state } = dashboard.fixture;
  const inside = state.runs.slice(40, 60);
  for (const run of inside) run.tags = [{ key: 'dagster/backfill', value: runningBackfillId }];
  const page = await open('/runs?view=grouped');
  const list = page.getByRole('grid', { name: 'Runs and backfills' });
  const backfill = row(page, runningBackfillId);
  await backfill.getByText('142 of 330 · 2 failed').waitFor();
  await becomes(() => row(page, inside[0]?.runId ?? '').count(), 0);

  await backfill.getByRole('button', { name: `Runs of backfill ${runningBackfillId}` }).click();
  await row(page, inside[0]?.runId ?? '').waitFor();
  await list.getByText('the newest 10 of 20 runs; open the backfill for all').waitFor();
  expect(await flawsOf(page, () => backfill.waitFor())).toEqual([]);

  await page.setViewportSize({ width: 1_280, height: 900 });
  await row(page, `${runningBackfillId}:more`).click();
  await page.waitForURL(new RegExp(`/backfills/${runningBackfillId}\\?tab=runs`));
  expect(dashboard.complaints).toEqual([]);
});

test('what schedules will launch has a tab of its own, which job: and schedule: narrow', async () => {
  const page = await open('/runs?tab=scheduled');
  const list = page.getByRole('grid', { name: 'Scheduled' });
  await page.getByRole('link', { name: 'Scheduled 8' }).waitFor();
  await list.getByText('Every 15 minutes').first().waitFor();
  await becomes(() => list.locator('[data-row-id]').count(), 8);
  expect(await flawsOf(page, () => list.locator('[data-row-id]').first().waitFor())).toEqual([]);

  const narrowed = await open('/runs?tab=scheduled&q=schedule:nightly_dbt');
  await narrowed.getByText('4 ticks within 24 h').waitFor();
  expect(dashboard.complaints).toEqual([]);
});

test('the filter offers keys and values of tags, and of what launched runs, as they are typed', async () => {
  const page = await open('/runs');
  const field = page.getByRole('combobox', { name: 'Filter runs' });
  const options = page.getByRole('listbox', { name: 'Suggestions' });
  await field.fill('tag:te');
  await options.getByRole('option', { name: 'tag:team=' }).click();
  await options.getByRole('option', { name: 'tag:team=platform' }).click();
  await page.waitForURL((url) => url.searchParams.get('q') === 'tag:team=platform');

  await field.fill('user:ma');
  await options.getByRole('option', { name: 'user:mara@example.com' }).click();
  await page.waitForURL((url) => url.searchParams.get('q') === 'tag:team=platform user:mara@example.com');
  await until(
    async () => asked('Runs').at(-1)?.filter,
    (filter) => JSON.stringify(filter)?.includes('mara') ?? false,
  );
  expect(asked('Runs').at(-1)?.filter).toEqual({
    tags: [
      { key: 'team', value: 'platform' },
      { key: 'user', value: 'mara@example.com' },
    ],
  });
});

test('a run’s own menu asks before it does something, and says why it cannot', async () => {
  const page = await open('/runs');
  const running = fixtureRunId(1);
  await page.getByRole('button', { name: `Actions of run ${running.slice(0, 8)}` }).click();
  await page.getByRole('menuitem', { name: /Delete….*the run is not finished/ }).waitFor();
  await page.getByRole('menuitem', { name: 'Cancel…' }).click();
  expect(asked('TerminateRuns')).toEqual([]);
  await page.getByRole('dialog').getByRole('button', { name: 'Cancel 1 run' }).click();

  await row(page, running).getByText('Canceling').waitFor();
  expect(asked('TerminateRuns')).toEqual([{ runIds: [running] }]);
});

test('a queued run says in the list what it waits for, and the tab how much of the queue is in use', async () => {
  const queued = dashboard.fixture.state.runs.find(({ status }) => status === 'QUEUED');
  if (queued) queued.detail = { waitingFor: 'waiting for pool snowflake: 8 of 8 in use' };
  const page = await open('/runs?tab=queued');
  await row(page, queued?.runId ?? '')
    .getByText('pool snowflake: 8 of 8 in use', { exact: true })
    .waitFor();
  await page.getByText('2 of 25 run slots are in use.').waitFor();
});
