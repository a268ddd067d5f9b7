import { fixtureRunId } from '../../support/dashboard-fixture-data';
import { becomes, row, setUpDashboardFixture, until } from '../../support/set-up-dashboard';

/** The keyboard on every list, search over everything, and the looks that the reader chose. */
const dashboard = setUpDashboardFixture();

/** Page, name of its filter, and what Enter on a row leads to. */
const LISTS = [
  ['/runs', 'Filter runs', /\/runs\/[0-9a-f-]{36}/],
  ['/backfills', 'Filter backfills', /\/backfills\/[a-z]+/],
  ['/assets?view=flat', 'Filter assets', /\/assets\/[a-z]+/],
  ['/jobs', 'Filter jobs', /\/jobs\/orchestration\/[a-z_]+/],
  ['/schedules', 'Filter schedules', /open=/],
  ['/sensors', 'Filter sensors', /open=/],
  ['/automation', 'Filter automation', /open=/],
] as const;

test.each(
  LISTS,
)('on %s j and k move, Enter opens, / leads to “%s” and Esc away from it', async (path, filter, opened) => {
  const page = await dashboard.open(path);
  await page.locator('[data-row-id]').nth(1).waitFor();
  const focused = () => page.evaluate('document.activeElement.getAttribute("data-row-id")');

  await page.keyboard.press('j');
  await until(focused, (id) => id !== null);
  const first = await focused();
  await page.keyboard.press('j');
  await until(focused, (id) => id !== null && id !== first);
  await page.keyboard.press('k');
  await until(focused, (id) => id === first);

  await page.keyboard.press('/');
  await until(
    () => page.evaluate('document.activeElement.getAttribute("aria-label")'),
    (label) => label === filter,
  );
  await page.keyboard.press('Escape');
  await page.keyboard.press('j');
  await until(focused, (id) => id !== null);

  await page.keyboard.press('Enter');
  await page.waitForURL(opened);
});

test.each([
  ['flights', /ingest_flights/, /\/jobs\//],
  ['seismic', /mart_seismic_daily/, /\/assets\/mart_seismic_daily/],
  ['every_15', /every_15_min/, /\/schedules\?open=/],
  ['new_fi', /new_files/, /\/sensors\?open=/],
] as const)('search finds “%s”', async (text, option, opened) => {
  const page = await dashboard.open('/runs');
  await page.locator('[data-row-id]').first().waitFor();
  await page.keyboard.press('Control+k');
  await page.getByRole('combobox', { name: /^Search jobs/ }).fill(text);
  await page.getByRole('option', { name: option }).first().waitFor();
  await page.keyboard.press('Enter');
  await page.waitForURL(opened);
});

test('search finds a run by the beginning of its id', async () => {
  const page = await dashboard.open('/jobs');
  await page.locator('[data-row-id]').first().waitFor();
  const [run] = dashboard.fixture.state.runs;
  if (!run) throw new Error('the fixture has no runs');
  await page.keyboard.press('Control+k');
  await page.getByRole('combobox', { name: /^Search jobs/ }).fill(run.runId.slice(0, 8));
  await page
    .getByRole('option', { name: new RegExp(run.runId.slice(0, 8)) })
    .first()
    .waitFor();
  await page.keyboard.press('Enter');
  await page.waitForURL(new RegExp(run.runId));
});

test('typing a filter’s key offers its values, Enter makes a token of it, Backspace takes it away', async () => {
  const page = await dashboard.open('/runs');
  const field = page.getByRole('combobox', { name: 'Filter runs' });
  await field.click();
  await field.pressSequentially('status:');
  await page.getByRole('listbox', { name: 'Suggestions' }).getByRole('option').first().waitFor();
  await field.pressSequentially('failed');
  await field.press('Enter');
  await page.getByRole('button', { name: 'Remove status:failed' }).waitFor();
  await field.pressSequentially('job:ingest_flights');
  await field.press('Enter');
  await page.waitForURL(/job/);
  await until(
    async () => dashboard.fixture.state.requests.findLast(({ name }) => name === 'Runs')?.variables.filter,
    (filter) => JSON.stringify(filter).includes('"pipelineName":"ingest_flights"'),
  );
  await field.press('Backspace');
  await field.press('Backspace');
  await page.getByRole('button', { name: /Remove job:/ }).waitFor({ state: 'detached' });
  await page.getByRole('button', { name: 'Remove status:failed' }).waitFor();
});

test('the theme is the system’s until it is chosen, and the choice survives a reload', async () => {
  const page = await dashboard.open('/runs', { theme: 'light' });
  // Keys count once the page is there; its background is earlier.
  await page.locator('[data-row-id]').first().waitFor();
  const background = () => page.evaluate('getComputedStyle(document.body).backgroundColor');
  const light = await background();
  await page.emulateMedia({ colorScheme: 'dark' });
  await until(background, (color) => color !== light);
  const dark = await background();
  await page.emulateMedia({ colorScheme: 'light' });
  await until(background, (color) => color === light);

  for (const theme of ['light', 'dark']) {
    await page.keyboard.press('t');
    await page.getByRole('button', { name: `Theme: ${theme}.` }).waitFor();
  }
  await until(background, (color) => color === dark);
  await page.reload();
  await page.locator('[data-row-id]').first().waitFor();
  await becomes(background, dark);
});

test('live rows leave the reader where they scrolled to', async () => {
  const page = await dashboard.open('/runs');
  const grid = page.getByRole('grid', { name: 'Runs' });
  await page.locator('[data-row-id]').first().waitFor();
  await grid.evaluate((element) => element.scrollTo(0, 700));
  // Rows are 32 px high: this one is in view now.
  const seen = fixtureRunId(30);
  const before = await row(page, seen).boundingBox();
  const [first] = dashboard.fixture.state.runs;
  if (!first) throw new Error('the fixture has no runs');
  first.status = 'FAILURE';
  first.endTime = dashboard.fixture.state.now / 1_000;
  const asked = dashboard.fixture.state.requests.length;
  await until(
    async () => dashboard.fixture.state.requests.slice(asked).filter(({ name }) => name === 'Runs').length,
    (count) => count >= 2,
  );
  expect(await row(page, seen).boundingBox()).toEqual(before);
});

test('when the network is gone the last data stays, dated, and goes on when it is back', async () => {
  const page = await dashboard.open('/jobs');
  await page.locator('[data-row-id]').first().waitFor();
  await page.context().setOffline(true);
  await page
    .getByRole('banner')
    .getByText(/Data of/)
    .waitFor();
  expect(await page.locator('[data-row-id]').count()).toBeGreaterThan(0);
  await page.context().setOffline(false);
  await page.getByRole('banner').getByText('Live').waitFor();
});
