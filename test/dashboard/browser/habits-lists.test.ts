import { failedRunId, fixtureRunId, runningRunId } from '../../support/dashboard-fixture-data';
import { becomes, row, setUpDashboardFixture, until } from '../../support/set-up-dashboard';

/** What people are used to of lists and of the dashboard as a whole, over a test double of the API that can be made to fail and to change. */
const dashboard = setUpDashboardFixture();

test('the address is the state: a filter survives a reload, and Back takes it away again', async () => {
  const page = await dashboard.open('/runs');
  const field = page.getByRole('combobox', { name: 'Filter runs' });
  await field.fill('status:failed');
  await field.press('Enter');
  await page.waitForURL(/q=status/);
  await row(page, failedRunId).waitFor();
  await row(page, runningRunId).waitFor({ state: 'detached' });

  await page.reload();
  await row(page, failedRunId).waitFor();
  await becomes(() => row(page, runningRunId).count(), 0);

  await page.goBack();
  await row(page, runningRunId).waitFor();
});

test('a run that changes keeps its row and its focus, and new runs wait for the reader', async () => {
  const page = await dashboard.open('/runs');
  await row(page, runningRunId).focus();
  const before = await row(page, runningRunId).elementHandle();
  const [first] = dashboard.fixture.state.runs;
  if (!first) throw new Error('the fixture has no runs');

  first.status = 'FAILURE';
  first.endTime = dashboard.fixture.state.now / 1_000;
  dashboard.fixture.state.runs.unshift({
    ...first,
    runId: fixtureRunId(900),
    creationTime: dashboard.fixture.state.now / 1_000,
  });

  await row(page, runningRunId).getByText('Failed').waitFor();
  const isSame = await row(page, runningRunId).evaluate(
    (node, other) => node === other && node === node.ownerDocument.activeElement,
    before,
  );
  expect(isSame).toBe(true);
  await becomes(() => row(page, fixtureRunId(900)).count(), 0);
  await page.getByRole('button', { name: '1 new' }).click();
  await row(page, fixtureRunId(900)).waitFor();
});

test('further runs come by keyset pages as the list is scrolled, without gap or repetition', async () => {
  const page = await dashboard.open('/runs');
  await row(page, runningRunId).waitFor();
  const grid = page.getByRole('grid', { name: 'Runs' });
  await until(
    async () => {
      await grid.evaluate((element) => element.scrollBy(0, 900));
      return row(page, fixtureRunId(130)).count();
    },
    (count) => count > 0,
  );
  const cursors = dashboard.fixture.state.requests
    .filter((request) => request.name === 'Runs' && request.variables.cursor)
    .map((request) => request.variables.cursor);
  expect(cursors).toEqual([fixtureRunId(50), fixtureRunId(100)]);
});

test('selected runs are canceled after a question that names their number', async () => {
  const page = await dashboard.open('/runs');
  await row(page, runningRunId).getByRole('checkbox').check();
  await row(page, fixtureRunId(3))
    .getByRole('checkbox')
    .click({ modifiers: ['Shift'] });
  await page.getByRole('button', { name: 'Cancel 3 runs…' }).click();
  const dialog = page.getByRole('dialog', { name: 'Cancel 3 runs?' });
  await dialog.waitFor();
  await until(
    () => page.evaluate('document.activeElement.textContent'),
    (text) => text === 'Keep them',
  );

  await dialog.getByRole('button', { name: 'Cancel 3 runs' }).click();

  await page.getByText('Canceling 3 runs').waitFor();
  expect(dashboard.fixture.state.runs.slice(0, 3).map((run) => run.status)).toEqual([
    'CANCELING',
    'CANCELING',
    'CANCELED',
  ]);
});

test('the keyboard moves over rows, selects, opens and comes back', async () => {
  const page = await dashboard.open('/runs');
  await row(page, runningRunId).waitFor();
  const focused = () => page.evaluate('document.activeElement.getAttribute("data-row-id")');

  await page.keyboard.press('j');
  await until(focused, (id) => id === runningRunId);
  await page.keyboard.press('j');
  await until(focused, (id) => id === fixtureRunId(2));
  await page.keyboard.press('x');
  await page.getByText('1 selected').waitFor();
  await page.keyboard.press('Enter');

  await page.waitForURL(new RegExp(fixtureRunId(2)));
  // Both at once: between two awaited keys a busy machine lets the sequence end.
  await Promise.all([page.keyboard.press('g'), page.keyboard.press('a')]);
  await page.waitForURL(/\/assets/);
  await page.getByRole('grid', { name: 'Assets' }).waitFor();
  await page.keyboard.press('/');
  await until(
    () => page.evaluate('document.activeElement.getAttribute("aria-label")'),
    (label) => label === 'Filter assets',
  );
  await page.keyboard.press('Escape');
  await page.keyboard.press('?');
  await page.getByRole('dialog', { name: 'Shortcuts' }).waitFor();
  await page.keyboard.press('Escape');
  await page.getByRole('dialog', { name: 'Shortcuts' }).waitFor({ state: 'detached' });
});

test('search finds an asset by a part of its name and opens it with Enter', async () => {
  const page = await dashboard.open('/runs');
  await row(page, runningRunId).waitFor();
  await page.keyboard.press('Control+k');
  await page.getByRole('combobox', { name: /^Search jobs/ }).fill('seismic');
  await page.getByRole('option', { name: /^mart_seismic_daily/ }).waitFor();

  await page.keyboard.press('Enter');

  await page.waitForURL(/\/assets\/mart_seismic_daily/);
});

test('a refused switch goes back and says why', async () => {
  dashboard.fixture.state.refused.set('stopRunningSchedule', 'Your role may not turn schedules off.');
  const page = await dashboard.open('/schedules');
  const toggle = page.getByRole('switch', { name: 'every_15_min is on' });
  await becomes(() => toggle.isChecked(), true);

  await toggle.click();

  await page.getByText('every_15_min is still on').waitFor();
  await page.getByText('Your role may not turn schedules off.').waitFor();
  await until(
    () => toggle.isChecked(),
    (on) => on,
  );
  expect(dashboard.fixture.state.schedules.get('every_15_min')).toBe(true);
});

test('an allowed switch shows the new state at once and keeps it', async () => {
  const page = await dashboard.open('/schedules');
  const toggle = page.getByRole('switch', { name: 'segments_rebuild is on' });
  await toggle.click();

  await until(
    () => toggle.getAttribute('aria-busy'),
    (busy) => busy === null,
  );
  await becomes(() => toggle.isChecked(), true);
  expect(dashboard.fixture.state.schedules.get('segments_rebuild')).toBe(true);
});

test('an error stays in its panel and goes away by trying again', async () => {
  dashboard.fixture.state.failing.add('Workspace');
  const page = await dashboard.open('/deployment');
  await page.getByText('Code locations could not be loaded').waitFor();
  await page.getByText('Scheduler').waitFor();

  dashboard.fixture.state.failing.clear();
  await page.getByRole('button', { name: 'Try again' }).click();

  await page.getByRole('cell', { name: 'growth-science', exact: true }).waitFor();
});

test('when the API stops answering the last data stays and is dated', async () => {
  const page = await dashboard.open('/runs');
  await row(page, runningRunId).waitFor();

  for (const name of ['Runs', 'RunCounts', 'ShellCounts']) dashboard.fixture.state.failing.add(name);

  await page.getByText(/Trying again every 5 s/).waitFor();
  await page
    .getByRole('banner')
    .getByText(/Data of/)
    .waitFor();
  await becomes(() => row(page, runningRunId).count(), 1);
});

test('times show date, zone and UTC on focus, and the zone can be switched', async () => {
  const page = await dashboard.open('/assets/raw/earthquakes');
  const time = page.getByRole('note').first();
  await time.waitFor();
  expect(await time.getAttribute('aria-label')).toMatch(/Europe\/Berlin \(UTC\+[12]\) · .* UTC$/);

  await page.keyboard.press('z');

  await page.getByRole('button', { name: 'UTC' }).waitFor();
  await until(
    () => time.getAttribute('aria-label'),
    (label) => !label?.includes('Berlin'),
  );
});

test.each([
  ['/runs', 'Runs', 'Failed'],
  ['/jobs', 'Jobs', 'Failed'],
  ['/assets', 'Assets', 'Materializing'],
  ['/schedules', 'Schedules', 'Error'],
  ['/sensors', 'Sensors', 'Success'],
])('on a phone too, %s tells a status by a word and not by its icon alone', async (path, list, word) => {
  const page = await dashboard.open(path, { width: 390 });

  await page.getByRole('grid', { name: list }).getByText(word).first().waitFor();
});

test.each([
  '/schedules',
  '/sensors',
  '/automation',
])('%s calls an evaluation whose time has passed due rather than past', async (path) => {
  const page = await dashboard.open(path);
  await page.getByRole('grid').waitFor();

  // An hour on, by the clock of the browser: what was expected next lies behind.
  await page.clock.setFixedTime(dashboard.fixture.state.now + 3_600_000);
  await page.reload();

  await page.getByRole('gridcell').getByText('due', { exact: true }).first().waitFor();
});
