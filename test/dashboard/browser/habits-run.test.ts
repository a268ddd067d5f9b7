import type { Page } from 'playwright-core';
import { failedRunId, runningRunId } from '../../support/dashboard-fixture-data';
import { becomes, setUpDashboardFixture, until } from '../../support/set-up-dashboard';

/** What people are used to of a run’s page: its log, its output and its chart. */
const dashboard = setUpDashboardFixture();

/** Two frames on: whatever the mouse did is drawn. */
const painted = (page: Page) =>
  page.evaluate('new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve)))');

test('the log follows its end, pauses when scrolled up and counts what came since', async () => {
  const page = await dashboard.open(`/runs/${runningRunId}`);
  const log = page.getByRole('region', { name: 'Event lines' });
  const append = (count: number, text: string) => {
    const events = dashboard.fixture.state.events.get(runningRunId) ?? [];
    for (let index = 0; index < count; index += 1) {
      events.push({
        __typename: 'LogMessageEvent',
        message: `${text} ${index}`,
        timestamp: String(dashboard.fixture.state.now),
        level: 'INFO',
        stepKey: null,
        eventType: null,
      });
    }
  };
  await log.getByText('page=12').first().waitFor();

  append(40, 'followed');
  await log.getByText('followed 39').waitFor();

  await log.hover();
  await page.mouse.wheel(0, -600);
  append(12, 'unseen');
  const badge = page.getByRole('button', { name: '12 new events' });
  await badge.waitFor();
  await becomes(() => log.getByText('unseen 11').count(), 0);
  await badge.click();
  await log.getByText('unseen 11').waitFor();
});

test('the cause of a failure leads to its event, whose address opens it again', async () => {
  const page = await dashboard.open(`/runs/${failedRunId}`);
  await page.getByRole('link', { name: /HTTP 502 Bad Gateway/ }).click();
  await page.waitForURL(/event=\d+/);
  await page.getByText('RestClient.fetch').waitFor();

  await page.reload();

  await page.getByText('RestClient.fetch').waitFor();
});

test('a step chosen in the chart filters the log and shows its output', async () => {
  const page = await dashboard.open(`/runs/${failedRunId}`);
  await page.getByRole('button', { name: /^success raw\/github_repos/ }).click();

  await page.waitForURL(/step=/);
  await page.getByText('page 30: 100 records of raw/github_repos.1').waitFor();
  const lines = page.getByRole('region', { name: 'Event lines' });
  await lines.getByText('STEP_START').first().waitFor();
  await lines.getByText('STEP_FAILURE').waitFor({ state: 'detached' });
});

test('a run’s step, zoom, level and search are in its address, and come back on reload', async () => {
  const page = await dashboard.open(`/runs/${failedRunId}`);
  await page.getByRole('button', { name: /^success raw\/github_repos/ }).click();
  await page.getByRole('button', { name: 'Zoom in' }).click();
  await page.getByRole('group', { name: 'Level' }).getByRole('button', { name: 'Info' }).click();
  await page.getByRole('textbox', { name: 'Search events' }).fill('page=3');
  await page.waitForURL((url) =>
    ['step', 'zoom', 'level', 'find'].every((name) => url.searchParams.has(name)),
  );

  await page.reload();

  await page.getByText('step:').waitFor();
  await page.getByRole('button', { name: /^success raw\/github_repos/, pressed: true }).waitFor();
  await becomes(() => page.getByRole('button', { name: 'Show all', exact: true }).isDisabled(), false);
  await page.getByRole('button', { name: 'Info', pressed: true }).waitFor();
  await becomes(() => page.getByRole('textbox', { name: 'Search events' }).inputValue(), 'page=3');
});

test('the log’s search counts its matches and goes to the next and the previous one, by button and by key', async () => {
  const page = await dashboard.open(`/runs/${failedRunId}`);
  const log = page.getByRole('region', { name: 'Events', exact: true });
  await log.getByText('page=12').first().waitFor();
  const field = log.getByRole('textbox', { name: 'Search events' });
  const place = log.getByRole('status');
  const current = log.locator('mark[data-current]');
  await field.fill('page=7');
  await place.getByText('1 of 3').waitFor();

  await log.getByRole('button', { name: 'Next match' }).click();
  await place.getByText('2 of 3').waitFor();
  await current.waitFor();
  await field.press('Enter');
  await place.getByText('3 of 3').waitFor();
  await field.press('Enter');
  await place.getByText('1 of 3').waitFor();
  await log.getByRole('button', { name: 'Previous match' }).click();
  await place.getByText('3 of 3').waitFor();
  await page.getByRole('heading', { level: 1 }).click();
  await page.keyboard.press('n');
  await place.getByText('1 of 3').waitFor();
  await page.keyboard.press('p');
  await place.getByText('3 of 3').waitFor();

  await field.fill('there is no such thing');
  await place.getByText('no match').waitFor();
});

test('the log is filtered by level and by steps', async () => {
  const page = await dashboard.open(`/runs/${failedRunId}`);
  const lines = page.getByRole('region', { name: 'Event lines' });
  await lines.getByText('RUN_START', { exact: true }).waitFor();
  await page.getByRole('group', { name: 'Level' }).getByRole('button', { name: 'Error' }).click();
  await lines.getByText('STEP_FAILURE').waitFor();
  await lines.getByText('RUN_START', { exact: true }).waitFor({ state: 'detached' });
  await becomes(() => lines.locator('[data-level]:not([data-level="error"])').count(), 0);

  await page.getByRole('group', { name: 'Level' }).getByRole('button', { name: 'All' }).click();
  await page.getByRole('textbox', { name: 'Select steps' }).fill('github_repos');
  await page.getByText('step:').waitFor();
  await lines.getByText('RUN_FAILURE').waitFor({ state: 'detached' });
  await page.getByRole('button', { name: 'Show all steps' }).click();
  await lines.getByText('RUN_START', { exact: true }).waitFor();
});

test('each try of a step has its own bar, the waits between them too, and the chart zooms and comes back', async () => {
  const page = await dashboard.open(`/runs/${failedRunId}`);
  await page.getByText('2 tries').first().waitFor();
  const chart = page.getByRole('region', { name: 'Steps over time' });
  const line = chart.getByRole('button', { name: /2 tries/ });
  const canvas = await chart.locator('canvas').boundingBox();
  const box = await line.boundingBox();
  if (!canvas || !box) throw new Error('the chart is not drawn');
  const told = new Set<string>();
  for (let x = canvas.x + 4; x < canvas.x + canvas.width; x += 8) {
    await page.mouse.move(x, box.y + box.height / 2);
    await painted(page);
    for (const text of ['Try 1 of 2, failed', 'Waited before try 2', 'Try 2 of 2'])
      if ((await chart.getByText(text, { exact: true }).count()) > 0) told.add(text);
  }
  expect([...told]).toEqual(['Try 1 of 2, failed', 'Waited before try 2', 'Try 2 of 2']);

  const zoomOut = chart.getByRole('button', { name: 'Zoom out' });
  await becomes(() => zoomOut.isDisabled(), true);
  await page.keyboard.down('Control');
  await page.mouse.wheel(0, -300);
  await page.keyboard.up('Control');
  await page.waitForURL(/zoom=/);
  await until(
    () => zoomOut.isEnabled(),
    (enabled) => enabled,
  );
  await chart.getByRole('button', { name: 'Show all', exact: true }).click();
  await page.waitForURL((url) => !url.searchParams.has('zoom'));
});

test('the id of a run is copied whole by the button beside it', async () => {
  const page = await dashboard.open(`/runs/${failedRunId}`);
  await page.context().grantPermissions(['clipboard-read', 'clipboard-write']);
  await page.getByRole('button', { name: `Copy ${failedRunId.slice(0, 8)}` }).click();

  await page.getByRole('button', { name: 'Copied' }).waitFor();
  expect(await page.evaluate('navigator.clipboard.readText()')).toBe(failedRunId);
});

test('a failed run is compared, executed again, and its steps are chosen, by what the page offers', async () => {
  const page = await dashboard.open(`/runs/${failedRunId}`);
  await page.getByRole('button', { name: 'More ways to re-execute' }).click();
  const menu = page.getByRole('menu');
  await menu.getByRole('menuitem', { name: /Re-execute chosen steps.*click a step first/ }).waitFor();
  await page.keyboard.press('Escape');
  await page.getByRole('button', { name: /^success raw\/github_repos/ }).click();
  await page.getByRole('button', { name: 'More ways to re-execute' }).click();
  await menu.getByRole('menuitem', { name: /Re-execute chosen steps/ }).click();
  const dialog = page.getByRole('dialog', { name: 'Re-execute chosen steps?' });
  await dialog.getByRole('list', { name: 'Chosen steps' }).getByText('raw/github_repos').waitFor();
  await dialog.getByRole('button', { name: 'Launch 1 run' }).click();

  await page.waitForURL((url) => !url.pathname.endsWith(failedRunId));
  const asked = dashboard.fixture.state.requests.find(({ name }) => name === 'ReexecuteSteps');
  expect(asked?.variables.executionParams).toMatchObject({
    executionMetadata: { parentRunId: failedRunId },
    stepKeys: ['raw/github_repos'],
  });
});
