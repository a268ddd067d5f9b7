import { AxeBuilder } from '@axe-core/playwright';
import type { Page } from 'playwright-core';
import { failedRunId, fixtureRunId } from '../../support/dashboard-fixture-data';
import { setUpDashboardFixture } from '../../support/set-up-dashboard';

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
  expect(await page.getByRole('combobox', { name: 'Compare with' }).inputValue()).toBe(before);

  for (const [theme, width] of [
    ['light', 1_280],
    ['dark', 390],
  ] as const) {
    await page.emulateMedia({ colorScheme: theme });
    await page.setViewportSize({ width, height: 900 });
    const { violations } = await new AxeBuilder({ page })
      .withTags(['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa'])
      .analyze();
    expect(violations.map(({ id, nodes }) => `${id}: ${nodes[0]?.html.slice(0, 160)}`)).toEqual([]);
    expect(await page.evaluate('document.documentElement.scrollWidth - innerWidth')).toBe(0);
  }
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
  expect(asked('ReexecuteRun').map(({ reexecutionParams }) => reexecutionParams)).toEqual([
    { parentRunId: failedRunId, strategy: 'FROM_FAILURE' },
    { parentRunId: fixtureRunId(5), strategy: 'ALL_STEPS' },
  ]);
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
  expect(await page.locator(`[data-row-id="${running}"]`).count()).toBe(1);
});

test('runs are filtered by a date of the reader’s zone', async () => {
  const page = await open('/runs?q=before:2020-01-01');
  await page.getByText('No run matches').waitFor();
  const [filter] = asked('Runs').map(({ filter: each }) => each);
  expect(filter).toEqual({ createdBefore: Date.parse('2019-12-31T23:00:00Z') / 1_000 });
});
