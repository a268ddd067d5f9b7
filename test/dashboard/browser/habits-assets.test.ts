import { fixtureAssets } from '../../support/dashboard-fixture-data';
import { becomes, flawsOf, setUpDashboardFixture } from '../../support/set-up-dashboard';

/** What people are used to of assets and their lineage. */
const dashboard = setUpDashboardFixture();

test('an asset is wiped, whole or some partitions of it, only after its key was typed', async () => {
  const page = await dashboard.open('/assets/raw/earthquakes');
  const map = page.getByRole('group', { name: /^Partitions, arrow keys/ });
  await map.focus();
  await page.keyboard.press('Shift+ArrowLeft');
  await page.keyboard.press('Shift+ArrowLeft');
  await page.getByRole('button', { name: 'Wipe 3…' }).click();
  const dialog = page.getByRole('dialog', { name: 'Wipe 3 partitions of raw/earthquakes?' });
  const wipe = dialog.getByRole('button', { name: 'Wipe 3 partitions' });
  await becomes(() => wipe.isDisabled(), true);

  await dialog.getByRole('textbox').fill('raw/earthquakes');
  await wipe.click();

  await page.getByText('Wiped 3 partitions of raw/earthquakes').waitFor();
  const wiped = dashboard.fixture.state.requests.find((request) => request.name === 'WipeAssets');
  expect(wiped?.variables.ranges).toEqual([
    {
      assetKey: { path: ['raw', 'earthquakes'] },
      partitions: { ranges: [{ start: '2026-09-08', end: '2026-09-10' }] },
    },
  ]);
  expect(dashboard.complaints).toEqual([]);
});

test('assets are found by the selection language, and a selection that cannot be read is red and hides nothing', async () => {
  const page = await dashboard.open('/assets?view=flat');
  const field = page.getByRole('combobox', { name: 'Filter assets' });
  await field.fill('select:"1+mart_issue_health and not int_pr_cycle_time"');
  await field.press('Enter');
  await page.getByText(`2 of ${fixtureAssets.length} assets`).waitFor();
  await page.getByRole('row', { name: /int_issue_activity/ }).waitFor();

  await page.goto(`${dashboard.fixture.url}/assets?view=flat&q=${encodeURIComponent('select:"and and"')}`);

  await page.getByText(`${fixtureAssets.length} of ${fixtureAssets.length} assets`).waitFor();
});

test('what is stale or missing is materialized at once, by its number', async () => {
  const page = await dashboard.open('/assets?q=group%3Amarts');
  const button = page.getByRole('button', { name: /^Materialize \d+ stale or missing…$/ });
  const count = /\d+/.exec(await button.innerText())?.[0];
  await button.click();

  await page.getByRole('dialog', { name: new RegExp(`^Materialize ${count} assets?\\?$`) }).waitFor();
});

test('the lineage is walked and opened by keyboard', async () => {
  const page = await dashboard.open('/lineage?q=2%2Bmart_issue_health');
  const graph = page.getByRole('group', { name: /^Lineage of/ });
  await graph.focus();
  await page.keyboard.press('ArrowRight');
  await page.keyboard.press('Enter');

  await page.waitForURL(/asset=/);
  await page.getByRole('complementary', { name: 'Details' }).waitFor();
  await page.keyboard.press('Escape');
  await page.getByRole('complementary', { name: 'Details' }).waitFor({ state: 'detached' });
});

test('several assets are wiped, or reported, after their number was said', async () => {
  const page = await dashboard.open('/assets?view=keys&q=group%3Araw_github');
  await page.getByRole('button', { name: /^raw/ }).waitFor();
  await page.getByRole('checkbox', { name: 'Select all' }).check();
  await page.getByRole('button', { name: 'Report 3…' }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Report 3 materializations' }).click();
  await page.getByText('Reported 3 materializations of 3 assets').waitFor();

  await page.getByRole('checkbox', { name: 'Select all' }).check();
  await page.getByRole('button', { name: 'Wipe 3…' }).click();
  const dialog = page.getByRole('dialog', { name: 'Wipe 3 assets?' });
  await dialog.getByRole('textbox').fill('3 assets');
  await dialog.getByRole('button', { name: 'Wipe everything' }).click();
  await page.getByText('Wiped everything of 3 assets').waitFor();

  const named = (name: string) => dashboard.fixture.state.requests.filter((request) => request.name === name);
  expect(named('ReportEvent')).toHaveLength(3);
  expect(named('WipeAssets').map(({ variables }) => variables.ranges)).toEqual([
    ['comments', 'issues', 'pull_requests'].map((name) => ({
      assetKey: { path: ['raw', `github_${name}`] },
    })),
  ]);
});

test('keys are a tree that counts and folds, by a heading or all of it, and comes back as it was', async () => {
  const page = await dashboard.open('/assets?view=keys');
  const tree = page.getByRole('treegrid', { name: 'Assets' });
  const heading = tree.getByRole('row', { name: /^raw \d+ assets/ });
  const inRaw = fixtureAssets.filter(({ key }) => key.startsWith('raw/')).length;
  await heading.getByText(`${inRaw} assets`).waitFor();
  await becomes(() => tree.getByRole('row', { name: 'raw/weather' }).getAttribute('aria-level'), '2');
  await becomes(() => tree.getByRole('link', { name: 'weather', exact: true }).count(), 1);
  await heading.getByRole('button', { name: 'raw' }).click();
  await page.waitForURL(/closed=raw/);
  await tree.getByRole('row', { name: 'raw/weather' }).waitFor({ state: 'detached' });

  await page.reload();

  await heading.getByRole('button', { name: 'raw', expanded: false }).waitFor();
  await tree.getByRole('row', { name: 'stg_issues' }).waitFor();
  expect(await flawsOf(page)).toEqual([]);
  expect(dashboard.complaints).toEqual([]);
});

test('groups fold all at once, and unfold', async () => {
  const page = await dashboard.open('/assets');
  await page.getByRole('row', { name: 'stg_issues' }).waitFor();
  await page.getByRole('button', { name: 'Fold all' }).click();
  await page.getByRole('row', { name: 'stg_issues' }).waitFor({ state: 'detached' });
  await page.getByRole('button', { name: 'Unfold all' }).click();
  await page.getByRole('row', { name: 'stg_issues' }).waitFor();
});

test('the assets of a graph are a list beside it: one is shown, several are made, and the graph turns', async () => {
  const page = await dashboard.open('/lineage?tree=shown');
  const list = page.getByRole('grid', { name: 'Assets of the graph' });
  await list.getByRole('row', { name: 'stg_issues' }).click();
  await page
    .getByRole('complementary', { name: 'Details' })
    .getByRole('heading', { name: 'stg_issues' })
    .waitFor();
  await page.getByRole('checkbox', { name: 'Select raw/weather' }).check();
  await page.getByRole('checkbox', { name: 'Select stg_issues' }).check();
  await page.getByRole('button', { name: 'Materialize 2…' }).click();
  await page.getByRole('dialog', { name: 'Materialize 2 assets?' }).waitFor();
  await page.keyboard.press('Escape');
  await page.getByRole('button', { name: 'Clear selection' }).click();

  await page.getByRole('button', { name: 'Draw from top to bottom' }).click();
  await page.waitForURL(/flow=down/);
  await page.getByRole('group', { name: /^Lineage of/ }).focus();
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('Enter');
  await page.waitForURL(/asset=(?!stg_issues)/);

  expect(await flawsOf(page)).toEqual([]);
  expect(dashboard.complaints).toEqual([]);
});
