import type { Page } from 'playwright-core';
import { earlierBundle } from '../../support/dashboard-fixture-deployment';
import { becomes, flawsOf, setUpDashboardFixture } from '../../support/set-up-dashboard';

/** The page Deployment, over a test double of the API. */
const dashboard = setUpDashboardFixture();
const open = dashboard.open;

async function assessLooks(page: Page, ready: string): Promise<void> {
  const shown = () => page.getByText(ready).filter({ visible: true }).first().waitFor();
  expect(await flawsOf(page, shown)).toEqual([]);
  expect(dashboard.complaints).toEqual([]);
}

test.each([
  ['', 'Recent changes'],
  ['?tab=locations', 'in force'],
  ['?tab=definitions', 'mart_issue_health'],
  ['?tab=daemons', 'Scheduler'],
  ['?tab=concurrency', 'github_api'],
  ['?tab=configuration', 'maxConcurrentRuns'],
  ['?tab=tokens', 'dbt-docs'],
  ['?tab=audit&open=499', 'STOPPED'],
])('deployment%s has no axe violation, no complaint of the browser and nothing that sticks out, in any theme or width', async (search, ready) => {
  await assessLooks(await open(`/deployment${search}`), ready);
});

test('an overdue daemon is counted beside the heading and named in its row', async () => {
  const page = await open('/deployment?tab=daemons');
  const daemons = page.getByRole('region', { name: 'Daemons' }).first();

  await daemons.getByText('1 of 6 overdue').waitFor();

  expect(await daemons.getByRole('row', { name: /Automation conditions/ }).textContent()).toContain(
    'Overdue',
  );
  await becomes(() => daemons.getByText('nothing is overdue').count(), 0);
});

test.each([
  ['tokens', 'Tokens are for admins'],
  ['audit', 'The audit log is for admins'],
])('whoever is no admin learns from %s why nothing is there', async (tab, title) => {
  dashboard.fixture.state.deployment.isAdmin = false;
  const page = await open(`/deployment?tab=${tab}`);
  await page.getByRole('heading', { name: title }).waitFor();
  await page.getByText('needs').waitFor();
  await assessLooks(page, title);
});

test('a token is made with its role, locations and term, is shown once, and is revoked', async () => {
  const page = await open('/deployment?tab=tokens');
  await page.getByRole('button', { name: 'New token…' }).click();
  const form = page.getByRole('dialog', { name: 'New token' });
  await becomes(() => form.getByRole('button', { name: 'Create 1 token' }).isDisabled(), true);
  await form.getByRole('textbox', { name: 'Name' }).fill('nightly');
  await form.getByRole('combobox', { name: 'Role' }).selectOption('viewer');
  await form.getByRole('spinbutton', { name: 'Expires in days' }).fill('7');
  await form.getByRole('checkbox', { name: 'orchestration' }).check();
  await form.getByRole('button', { name: 'Create 1 token' }).click();

  const shown = page.getByRole('dialog', { name: 'Token nightly' });
  const token = (await shown.locator('code').nth(1).textContent()) ?? '';
  expect(token).toMatch(/^headrace_c0ffee0123456789_/);
  await page.keyboard.press('Escape');
  await becomes(() => shown.isVisible(), true);
  await shown.getByRole('button', { name: 'I have stored it' }).click();

  await page.getByRole('table').getByText('nightly').waitFor();
  await becomes(() => page.getByText(token).count(), 0);
  expect(dashboard.fixture.state.deployment.tokens.at(-1)).toMatchObject({
    name: 'nightly',
    role: 'viewer',
    locations: ['orchestration'],
    expiresAt: dashboard.fixture.state.now + 7 * 86_400_000,
  });

  await page.getByRole('button', { name: 'Revoke nightly' }).click();
  await page.getByRole('button', { name: 'Revoke 1 token' }).click();
  await page.getByRole('table').getByText('nightly').waitFor({ state: 'detached' });
  expect(dashboard.fixture.state.deployment.tokens.map(({ name }) => name)).not.toContain('nightly');
});

test('the audit log is filtered by outcome, read beyond its first page, and a row opens what was asked for', async () => {
  const page = await open('/deployment?tab=audit');
  const grid = page.getByRole('grid', { name: 'Audit log' });
  await grid.getByText('setConcurrencyLimit').first().waitFor();
  await grid.evaluate((element) => element.scrollTo(0, element.scrollHeight));
  const pages = () =>
    dashboard.fixture.state.requests.filter(({ variables }) => variables.cursor === '451').length;
  while (pages() === 0) await page.waitForTimeout(50);

  const field = page.getByRole('combobox', { name: 'Filter the audit log' });
  await field.fill('outcome:refused');
  await field.press('Enter');
  await grid.getByText('setConcurrencyLimit').first().waitFor({ state: 'detached' });
  await grid
    .getByRole('row', { name: /^wipeAssets by tomas/ })
    .first()
    .click();

  const panel = page.getByRole('complementary', { name: 'Details' });
  await panel.getByText('has the role viewer; this needs editor.').waitFor();
  await panel.getByText('"assetPartitionRanges"').waitFor();
  expect(new URL(page.url()).searchParams.get('q')).toBe('outcome:refused');
});

test('definitions are found by kind and word, and open', async () => {
  const page = await open('/deployment?tab=definitions&q=kind:schedule');
  await page.getByText(/^3 of \d+/).waitFor();
  await page.getByRole('row', { name: /^schedule nightly_dbt/ }).click();
  await page.waitForURL(/\/schedules\?open=orchestration/);
  await page.getByRole('heading', { name: 'nightly_dbt' }).waitFor();
});

test('a pool is added, and its limit removed; those who may not are told why', async () => {
  const page = await open('/deployment?tab=concurrency');
  await page.getByRole('button', { name: 'New pool…' }).click();
  const form = page.getByRole('dialog', { name: 'New pool' });
  await form.getByRole('textbox', { name: 'Name' }).fill('hubspot');
  await form.getByRole('spinbutton', { name: 'Slots' }).fill('2');
  await form.getByRole('button', { name: 'Add 1 pool' }).click();
  await page.getByRole('spinbutton', { name: 'Limit of hubspot' }).waitFor();
  const hubspot = () =>
    dashboard.fixture.state.deployment.pools.find((pool) => pool.concurrencyKey === 'hubspot');
  expect(hubspot()?.limit).toBe(2);

  await page.getByRole('button', { name: 'Actions for the pool hubspot' }).click();
  await page.getByRole('menuitem', { name: 'Remove the limit…' }).click();
  await page.getByText('take the default of 8 slots').waitFor();
  await page.getByRole('button', { name: 'Remove 1 limit' }).click();
  await page.getByText('hubspot has no limit of its own any more').waitFor();
  expect(hubspot()?.limit).toBeNull();

  dashboard.fixture.state.deployment.isAdmin = false;
  await page.reload();
  const add = page.getByRole('button', { name: 'New pool…' });
  await page.locator('button[title="needs the role admin"]').first().waitFor();
  await becomes(() => add.isDisabled(), true);
});

test('a slot is freed after a question that names its step and run', async () => {
  const page = await open('/deployment?tab=concurrency');
  await page.getByRole('button', { name: 'Actions for the pool snowflake' }).click();
  await page.getByRole('menuitem', { name: 'Free slots…' }).click();
  const dialog = page.getByRole('dialog', { name: 'Free slots of snowflake?' });
  await becomes(() => dialog.getByRole('button', { name: 'Free 0 slots' }).isDisabled(), true);
  await dialog
    .getByRole('checkbox', { name: /^load_snowflake of run/ })
    .first()
    .check();
  await assessLooks(page, 'Slots come back by themselves');
  await dialog.getByRole('button', { name: 'Free 1 slot' }).click();
  await page.getByText('Freed 1 slot of snowflake').waitFor();
  expect(dashboard.fixture.state.deployment.freedSlots).toEqual([
    `${dashboard.fixture.state.deployment.pools[0]?.activeRunIds[0]} load_snowflake`,
  ]);
});

test('all code locations are reloaded at once, and those that do not load are named', async () => {
  const page = await open('/deployment?tab=locations');
  await page.getByRole('button', { name: 'Reload all' }).click();
  await page.getByText('Reloaded 1 code location').waitFor();
  const messages = page.getByRole('region', { name: 'Messages' });
  await messages.getByText('1 code location did not load').waitFor();
  await messages.getByText('growth-science').waitFor();
});

test('whoever may not reload code or try schedules out sees why beside the disabled buttons', async () => {
  dashboard.fixture.state.deployment.isAdmin = false;
  const page = await open('/deployment?tab=locations');
  const button = (name: string | RegExp) => page.getByRole('button', { name });
  await page.locator('button[title="needs the role editor"]').first().waitFor();
  for (const name of ['Reload all', 'Reload orchestration', 'Load it again']) {
    await becomes(() => button(name).isDisabled(), true);
    await becomes(() => button(name).getAttribute('title'), 'needs the role editor');
  }
  await page.goto(`${dashboard.fixture.url}/schedules?open=orchestration:every_15_min`);
  await page.locator('button[title="needs the role launcher"]').first().waitFor();
  await becomes(() => button('Preview a tick…').isDisabled(), true);
  await becomes(() => button(/missed…/).isDisabled(), true);
});

test('a code location has a page with what it defines, its versions, and why it does not load', async () => {
  const page = await open('/deployment?tab=locations');
  await page.getByRole('link', { name: 'orchestration', exact: true }).click();
  await page.getByRole('heading', { name: 'orchestration', level: 1 }).waitFor();
  await page.getByText(/^70 of 70$/).waitFor();
  const here = page.getByRole('navigation', { name: 'Main' }).locator('[aria-current=page]');
  expect(await here.textContent()).toContain('Deployment');
  await assessLooks(page, 'mart_issue_health');
  await page.setViewportSize({ width: 1_280, height: 900 });
  await page.getByRole('link', { name: /^Versions/ }).click();
  await page.getByText('in force').waitFor();

  await page.goto(`${dashboard.fixture.url}/locations/growth-science`);
  await page.getByText('The last build did not load').waitFor();
  await page.goto(`${dashboard.fixture.url}/locations/nowhere`);
  await page.getByText('No code location is called nowhere').waitFor();
});

test('an op says which jobs have it, what it needs and what it can be told', async () => {
  const page = await open('/deployment?tab=definitions&q=kind:op,graph');
  await page.getByText(/^2 of \d+/).waitFor();
  await page.getByRole('row', { name: /^graph prepare/ }).waitFor();
  await page.getByRole('row', { name: /^op clean_rows/ }).click();
  const panel = page.getByRole('complementary', { name: 'Details' });
  await panel.getByText('one of strict, loose').waitFor();
  await panel.getByText('as prepare.clean_rows').waitFor();
  await panel.getByText('warehouse').waitFor();
  await assessLooks(page, 'Drops rows without a key.');
  expect(await panel.getByRole('link', { name: 'mart_refresh' }).getAttribute('href')).toBe(
    '/jobs/orchestration/mart_refresh?op=prepare.clean_rows',
  );
});

test.each([
  ['', 'Code locations', 2],
  ['?tab=tokens', 'Tokens', 3],
  ['?tab=daemons', 'Daemons', 6],
  ['?tab=concurrency', 'Pools', 2],
] as const)('on a phone deployment%s is a list of two-line rows: %s', async (search, label, count) => {
  const page = await open(`/deployment${search}`, { width: 390 });
  const list = page.getByRole('list', { name: label, exact: true });
  await list.getByRole('listitem').first().waitFor();
  await becomes(() => list.locator(':scope > li').count(), count);
  await becomes(() => page.getByRole('table', { includeHidden: true }).count(), 0);
});

test('a version is rolled back to after the difference was shown', async () => {
  const page = await open('/deployment?tab=locations');
  const name = earlierBundle.slice(0, 8);
  await page.getByRole('button', { name: `Roll back to ${name}` }).click();
  const dialog = page.getByRole('dialog', { name: 'Roll orchestration back?' });
  await dialog.getByText('raw/github_reviews').waitFor();
  await dialog.getByRole('button', { name: `Roll back to ${name}` }).click();

  await page.getByText(`orchestration ${name} is in force again`).waitFor();
  expect(dashboard.fixture.state.deployment.locations[0]?.bundleHash).toBe(earlierBundle);
});
