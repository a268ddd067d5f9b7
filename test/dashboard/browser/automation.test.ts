import type { Page } from 'playwright-core';
import { becomes, flawsOf, setUpDashboardFixture } from '../../support/set-up-dashboard';

/** Schedules and sensors turned on and off together, and their histories page by page. */
const dashboard = setUpDashboardFixture();

async function expectNothingWrong(page: Page): Promise<void> {
  expect(await flawsOf(page)).toEqual([]);
  expect(dashboard.complaints).toEqual([]);
  await page.setViewportSize({ width: 1_280, height: 900 });
}

test('all of a list are selected at once, turned off after a question that names each, and reset to their code', async () => {
  const page = await dashboard.open('/automation');
  const { schedules, sensors, overridden } = dashboard.fixture.state;
  const isOn = () => [...schedules.values(), ...sensors.values()];
  await page.getByRole('checkbox', { name: 'Select all loaded rows' }).click();
  const bar = page.getByRole('region', { name: 'Selection' });
  // Three conditions are in the list, too; they have no switch.
  await bar.getByText('6 selected').waitFor();
  await bar.getByRole('button', { name: 'Turn off 4…' }).click();
  const dialog = page.getByRole('dialog', { name: 'Turn off 4 schedules and sensors?' });
  await dialog.getByText('every_15_min').waitFor();
  await expectNothingWrong(page);
  await dialog.getByRole('button', { name: 'Turn off 4 schedules and sensors' }).click();

  await page.getByText('Turned off 4').waitFor();
  expect(isOn()).not.toContain(true);

  await page.getByRole('checkbox', { name: 'Select all loaded rows' }).click();
  // Of those that the list has been told of since.
  await bar.getByRole('button', { name: `Reset ${overridden.size}…` }).click();
  await page
    .getByRole('dialog')
    .getByRole('button', { name: /^Reset \d/ })
    .click();
  await page.getByText(/^Reset \d$/).waitFor();
  expect(overridden.size).toBe(0);
});

test('one that somebody turned off says so with what its code says, and goes back to that', async () => {
  const page = await dashboard.open('/schedules?open=orchestration:segments_rebuild');
  const panel = page.getByRole('complementary', { name: 'Details' });
  await panel.getByText('Turned off by hand; its code says on.').waitFor();
  await panel.getByRole('button', { name: 'Reset to its code' }).click();

  await page.getByText('segments_rebuild follows its code again').waitFor();
  await panel.getByText('by hand').waitFor({ state: 'detached' });
  expect(dashboard.fixture.state.schedules.get('segments_rebuild')).toBe(true);
});

test('a refused reset says why and changes nothing', async () => {
  dashboard.fixture.state.refused.set('resetSchedule', 'The role viewer may not.');
  const page = await dashboard.open('/schedules?open=orchestration:segments_rebuild');
  await page.getByRole('button', { name: 'Reset to its code' }).click();
  await page.getByText('The role viewer may not.').waitFor();
  await page.getByRole('button', { name: 'Reset to its code' }).waitFor();
});

test('a history is narrowed to a status and read page by page, and its place is in the address', async () => {
  const page = await dashboard.open('/schedules?open=orchestration:every_15_min');
  const ticks = page.getByRole('list', { name: 'Ticks' });
  const count = () => ticks.getByRole('listitem').count();
  await ticks.getByText('Missed.').waitFor();
  await becomes(count, 41);

  await page.getByRole('link', { name: 'Older ticks' }).click();
  await page.getByText(/^Before /).waitFor();
  await ticks.getByText('Missed.').waitFor({ state: 'detached' });
  await becomes(count, 40);
  await page.getByRole('link', { name: 'Older ticks' }).click();
  await page.getByRole('img', { name: /^20 ticks:/ }).waitFor();
  await becomes(() => page.getByRole('link', { name: 'Older ticks' }).count(), 0);
  await page.goBack();
  await page.getByRole('img', { name: /^40 ticks:/ }).waitFor();
  await page.reload();
  await page.getByRole('img', { name: /^40 ticks:/ }).waitFor();
  await page.getByRole('link', { name: 'Newest' }).click();
  await ticks.getByText('Missed.').waitFor();

  await page.getByRole('button', { name: 'Skipped', exact: true }).click();
  await page.getByRole('img', { name: '11 ticks: 11 skipped' }).waitFor();
  expect(new URL(page.url()).searchParams.get('ticks')).toBe('skipped');
  await page.getByRole('button', { name: 'Missed', exact: true }).click();
  await page.getByRole('img', { name: '1 tick: 1 missed' }).waitFor();
});

test('a schedule’s panel leads to its job, its assets and its runs', async () => {
  const page = await dashboard.open('/schedules?open=orchestration:every_15_min');
  const panel = page.getByRole('complementary', { name: 'Details' });
  await panel.getByRole('link', { name: 'stg_issues' }).waitFor();
  await panel.getByRole('link', { name: '3 more' }).waitFor();
  expect(await panel.getByRole('list', { name: 'Runs of every_15_min' }).getByRole('listitem').count()).toBe(
    6,
  );
  await expectNothingWrong(page);
  await panel.getByRole('link', { name: 'All 40 runs' }).click();
  await page.getByRole('button', { name: 'Remove schedule:every_15_min' }).waitFor();
});
