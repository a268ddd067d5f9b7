import { becomes, flawsOf, setUpDashboardFixture, until } from '../../support/set-up-dashboard';

/** What is around every page: settings, search, and what is said when a part of it is not there. */
const dashboard = setUpDashboardFixture();

test('clock and time zone are chosen in the settings, and kept', async () => {
  const page = await dashboard.open('/schedules?open=orchestration:every_15_min');
  await page.getByRole('list', { name: 'Ticks' }).waitFor();
  await page.getByRole('button', { name: 'Settings' }).click();
  const dialog = page.getByRole('dialog', { name: 'Settings' });
  await dialog.getByRole('button', { name: '12 h' }).click();
  await dialog.getByRole('combobox', { name: 'Time zone' }).selectOption('Asia/Tokyo');
  await dialog.getByText(/now \d+:\d\d:\d\d [AP]M/).waitFor();
  expect(await flawsOf(page)).toEqual([]);
  await page.setViewportSize({ width: 1_280, height: 900 });
  await dialog.getByRole('button', { name: 'Close' }).click();

  const first = page.getByRole('list', { name: 'Ticks' }).locator('time').first();
  const shown = async () => {
    const at = new Date((await first.getAttribute('datetime')) ?? '');
    const wanted = at.toLocaleTimeString('en-US', { timeZone: 'Asia/Tokyo', timeStyle: 'medium' });
    return ((await first.textContent()) ?? '').endsWith(wanted.replace('\u202f', ' '));
  };
  await until(shown, Boolean);
  await page.reload();
  await page.getByRole('list', { name: 'Ticks' }).waitFor();
  await until(shown, Boolean);
  expect(dashboard.complaints).toEqual([]);
});

test('letters are no shortcuts when the reader turned them off; arrows and Enter go on', async () => {
  const page = await dashboard.open('/schedules');
  const rows = page.locator('[data-row-id]');
  await rows.first().waitFor();
  await page.getByRole('button', { name: 'Settings' }).click();
  await page.getByRole('switch', { name: 'Single letters are shortcuts' }).click();
  await page.getByRole('button', { name: 'Close', exact: true }).click();
  await page.getByRole('dialog').waitFor({ state: 'detached' });

  await page.keyboard.press('?');
  await page.keyboard.press('g');
  await page.keyboard.press('r');
  await rows.first().focus();
  await page.keyboard.press('x');
  await page.keyboard.press('ArrowDown');
  await until(() => rows.nth(1).evaluate((row) => row === row.ownerDocument.activeElement), Boolean);
  await becomes(() => page.getByRole('dialog').count(), 0);
  await becomes(() => page.getByRole('region', { name: 'Selection' }).count(), 0);
  await page.keyboard.press('Enter');
  await page.waitForURL(/\/schedules\?open=/);

  await page.getByRole('button', { name: 'Shortcuts' }).click();
  await page.getByText('Shortcuts of one letter are off.').waitFor();
  await page.getByRole('button', { name: 'Turn them on' }).click();
  await page.getByText('Shortcuts of one letter are off.').waitFor({ state: 'detached' });
});

test('search without a text offers what was opened last, and with one what can be done', async () => {
  const page = await dashboard.open('/jobs/orchestration/mart_refresh');
  await page.getByRole('heading', { name: 'mart_refresh' }).first().waitFor();
  await page.goto(`${dashboard.fixture.url}/sensors?open=orchestration:new_files`);
  await page.getByRole('heading', { name: 'new_files' }).waitFor();
  await page.keyboard.press('Control+k');
  const options = page.getByRole('option');
  await options.first().getByText('new_files').waitFor();
  await options.nth(1).getByText('mart_refresh').waitFor();
  expect(await flawsOf(page)).toEqual([]);
  await page.setViewportSize({ width: 1_280, height: 900 });

  await page.getByRole('combobox', { name: /^Search jobs/ }).fill('launch flights');
  await page.getByRole('option', { name: /Launch ingest_flights…/ }).waitFor();
  await page.keyboard.press('Enter');
  await page.waitForURL(/\/jobs\/orchestration\/ingest_flights\?tab=launch/);

  await page.keyboard.press('Control+k');
  await page.getByRole('combobox', { name: /^Search jobs/ }).fill('materialize mart_seismic');
  await page.getByRole('option', { name: /Materialize mart_seismic_daily…/ }).waitFor();
  await page.keyboard.press('Enter');
  await page.getByRole('dialog', { name: /Materialize/ }).waitFor();
  await page.keyboard.press('Escape');
  await page.waitForURL(/\/assets\/mart_seismic_daily$/);

  await page.keyboard.press('Control+k');
  await page.getByRole('combobox', { name: /^Search jobs/ }).fill('settings');
  await page.keyboard.press('Enter');
  await page.getByRole('dialog', { name: 'Settings' }).waitFor();
});

test('a part of the dashboard that a deployment replaced is said to be gone, with a way to the new version', async () => {
  const page = await dashboard.open('/runs', {
    prepare: async (opened) => {
      await opened.route(/(search-palette|sensors-page).*js$/, (route) => route.abort());
    },
  });
  await page.locator('[data-row-id]').first().waitFor();
  await page.keyboard.press('Control+k');
  const message = page.getByRole('region', { name: 'Messages' });
  await message.getByText('There is a new version of the dashboard').waitFor();
  await message.getByRole('button', { name: 'Reload' }).waitFor();
  expect(await page.locator('[data-row-id]').count()).toBeGreaterThan(0);

  await page.getByRole('link', { name: 'Sensors' }).click();
  await page.getByRole('main').getByRole('heading', { name: 'There is a new version' }).waitFor();
  await page.unrouteAll();
  await page.getByRole('main').getByRole('button', { name: 'Reload' }).click();
  await page.getByText('new_files').waitFor();
});

test('an instance of which nothing answers says so in one place, and is there once it answers', async () => {
  const page = await dashboard.open('/runs', {
    prepare: async (opened) => {
      await opened.route('**/graphql', (route) => route.abort());
    },
  });
  await page.getByRole('heading', { name: 'This instance cannot be reached' }).waitFor();
  await becomes(() => page.getByRole('alert').count(), 0);
  await page.unrouteAll();
  await page.getByRole('button', { name: 'Try now' }).click();
  await page.locator('[data-row-id]').first().waitFor();
  await becomes(() => page.getByText('This instance cannot be reached').count(), 0);
});
