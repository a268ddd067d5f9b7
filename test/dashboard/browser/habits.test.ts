import { AxeBuilder } from '@axe-core/playwright';
import type { Browser, Page } from 'playwright-core';
import { buildPrograms } from '../../../bin/build-programs.mjs';
import { launchBrowser, type OpenedPage, openPage } from '../../support/dashboard-browser';
import { failedRunId, fixtureAssets, fixtureRunId, runningRunId } from '../../support/dashboard-fixture-data';
import { type DashboardFixture, startDashboardFixture } from '../../support/dashboard-fixture-server';

/** What people are used to, over a test double of the API that can be made to fail and to change. */
const TWO_MINUTES = 120_000;
let browser: Browser;
let fixture: DashboardFixture;
let opened: OpenedPage | undefined;

beforeAll(async () => {
  await buildPrograms({ root: process.cwd(), outDirectory: 'dist' });
  browser = await launchBrowser();
}, TWO_MINUTES);
afterAll(() => browser?.close());
beforeEach(async () => {
  fixture = await startDashboardFixture(process.cwd());
});
afterEach(async () => {
  await opened?.context.close();
  await fixture.close();
});

async function open(path: string, options: Parameters<typeof openPage>[2] = {}): Promise<Page> {
  opened = await openPage(browser, fixture.url + path, options);
  return opened.page;
}

const row = (page: Page, id: string) => page.locator(`[data-row-id="${id}"]`);

/** Reads until the value is as wanted; the test's own time limit ends it. */
async function until<Value>(read: () => Promise<Value>, wanted: (value: Value) => boolean): Promise<void> {
  while (!wanted(await read())) await new Promise((resolve) => setTimeout(resolve, 50));
}

const pages = [
  ['overview', '/', 'Needs attention'],
  ['runs', '/runs', 'ingest_flights'],
  ['run that failed', `/runs/${failedRunId}`, 'Show event'],
  ['live run', `/runs/${runningRunId}`, 'Cancel…'],
  ['assets', '/assets', 'mart_issue_health'],
  ['asset', '/assets/raw/earthquakes', 'Latest materialization'],
  ['checks of an asset', '/assets/raw/earthquakes?tab=checks&check=has_rows', '2 rows are twice there'],
  ['columns of an asset', '/assets/raw/earthquakes?tab=columns', 'Comes from'],
  ['lineage', '/lineage?focus=mart_issue_health', 'Upstream that is not fresh'],
  ['lineage as a list', '/lineage?view=table', 'int_pr_cycle_time'],
  ['jobs', '/jobs', 'dbt_intraday'],
  ['job', '/jobs/orchestration/ingest_earthquakes', 'All runs'],
  ['launch', '/jobs/orchestration/ingest_earthquakes?tab=launch', 'page_size'],
  ['partitions of a job', '/jobs/orchestration/ingest_flights?tab=partitions', '120 missing'],
  ['schedules', '/schedules?open=orchestration:nightly_dbt', 'Next ticks'],
  ['sensors', '/sensors?open=orchestration:new_files', 'Cursor'],
  ['deployment', '/deployment', 'DefinitionError'],
  ['states', '/states', 'Status vocabulary'],
] as const;

/** Both themes and both layouts; a page changes between them as it is, without a reload. */
const views = [
  ['light', 1_280],
  ['dark', 1_280],
  ['dark', 390],
  ['light', 390],
] as const;

test.each(pages)(
  'the page %s has no axe violation, no complaint of the browser and nothing that sticks out, in any theme or width',
  async (_name, path, text) => {
    const page = await open(path, { theme: 'light', width: 1_280 });
    for (const [theme, width] of views) {
      await page.emulateMedia({ colorScheme: theme });
      await page.setViewportSize({ width, height: 900 });
      await page.getByText(text).first().waitFor();
      const { violations } = await new AxeBuilder({ page })
        .withTags(['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa'])
        .analyze();

      expect(
        violations.map(({ id, nodes }) => `${theme} ${width} ${id}: ${nodes[0]?.html.slice(0, 160)}`),
      ).toEqual([]);
      expect(await page.evaluate('document.documentElement.scrollWidth - innerWidth')).toBe(0);
    }
    expect(opened?.complaints).toEqual([]);
  },
  TWO_MINUTES,
);

test(
  'the address is the state: a filter survives a reload, and Back takes it away again',
  async () => {
    const page = await open('/runs');
    const field = page.getByRole('combobox', { name: 'Filter runs' });
    await field.fill('status:failed');
    await field.press('Enter');
    await page.waitForURL(/q=status/);
    await row(page, failedRunId).waitFor();
    await row(page, runningRunId).waitFor({ state: 'detached' });

    await page.reload();
    await row(page, failedRunId).waitFor();
    expect(await row(page, runningRunId).count()).toBe(0);

    await page.goBack();
    await row(page, runningRunId).waitFor();
  },
  TWO_MINUTES,
);

test(
  'a run that changes keeps its row and its focus, and new runs wait for the reader',
  async () => {
    const page = await open('/runs');
    await row(page, runningRunId).focus();
    const before = await row(page, runningRunId).elementHandle();
    const [first] = fixture.state.runs;
    if (!first) throw new Error('the fixture has no runs');

    first.status = 'FAILURE';
    first.endTime = fixture.state.now / 1_000;
    fixture.state.runs.unshift({
      ...first,
      runId: fixtureRunId(900),
      creationTime: fixture.state.now / 1_000,
    });

    await row(page, runningRunId).getByText('Failed').waitFor();
    const isSame = await row(page, runningRunId).evaluate(
      (node, other) => node === other && node === node.ownerDocument.activeElement,
      before,
    );
    expect(isSame).toBe(true);
    expect(await row(page, fixtureRunId(900)).count()).toBe(0);
    await page.getByRole('button', { name: '1 new' }).click();
    await row(page, fixtureRunId(900)).waitFor();
  },
  TWO_MINUTES,
);

test(
  'further runs come by keyset pages as the list is scrolled, without gap or repetition',
  async () => {
    const page = await open('/runs');
    await row(page, runningRunId).waitFor();
    await page.getByRole('grid', { name: 'Runs' }).hover();
    for (let turn = 0; turn < 60 && (await row(page, fixtureRunId(130)).count()) === 0; turn += 1) {
      await page.mouse.wheel(0, 900);
      await page.waitForTimeout(60);
    }

    await row(page, fixtureRunId(130)).waitFor();
    const cursors = fixture.state.requests
      .filter((request) => request.name === 'Runs' && request.variables.cursor)
      .map((request) => request.variables.cursor);
    expect(cursors).toEqual([fixtureRunId(50), fixtureRunId(100)]);
  },
  TWO_MINUTES,
);

test(
  'selected runs are canceled after a question that names their number',
  async () => {
    const page = await open('/runs');
    await row(page, runningRunId).getByRole('checkbox').check();
    await row(page, fixtureRunId(3))
      .getByRole('checkbox')
      .click({ modifiers: ['Shift'] });
    await page.getByRole('button', { name: 'Cancel 3 runs…' }).click();
    const dialog = page.getByRole('dialog', { name: 'Cancel 3 runs?' });
    await dialog.waitFor();
    expect(await page.evaluate('document.activeElement.textContent')).toBe('Keep them');

    await dialog.getByRole('button', { name: 'Cancel 3 runs' }).click();

    await page.getByText('Canceling 3 runs').waitFor();
    expect(fixture.state.runs.slice(0, 3).map((run) => run.status)).toEqual([
      'CANCELING',
      'CANCELING',
      'CANCELED',
    ]);
  },
  TWO_MINUTES,
);

test(
  'the keyboard moves over rows, selects, opens and comes back',
  async () => {
    const page = await open('/runs');
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
    await page.keyboard.press('g');
    await page.keyboard.press('a');
    await page.waitForURL(/\/assets/);
    await page.getByRole('grid', { name: 'Assets' }).waitFor();
    await page.keyboard.press('/');
    expect(await page.evaluate('document.activeElement.getAttribute("aria-label")')).toBe('Filter assets');
    await page.keyboard.press('Escape');
    await page.keyboard.press('?');
    await page.getByRole('dialog', { name: 'Shortcuts' }).waitFor();
    await page.keyboard.press('Escape');
    await page.getByRole('dialog', { name: 'Shortcuts' }).waitFor({ state: 'detached' });
  },
  TWO_MINUTES,
);

test(
  'search finds an asset by a part of its name and opens it with Enter',
  async () => {
    const page = await open('/runs');
    await row(page, runningRunId).waitFor();
    await page.keyboard.press('Control+k');
    await page.getByRole('combobox', { name: /^Search jobs/ }).fill('seismic');
    await page.getByRole('option', { name: /mart_seismic_daily/ }).waitFor();

    await page.keyboard.press('Enter');

    await page.waitForURL(/\/assets\/mart_seismic_daily/);
  },
  TWO_MINUTES,
);

test(
  'a refused switch goes back and says why',
  async () => {
    fixture.state.refused.set('stopRunningSchedule', 'Your role may not turn schedules off.');
    const page = await open('/schedules');
    const toggle = page.getByRole('switch', { name: 'every_15_min is on' });
    expect(await toggle.isChecked()).toBe(true);

    await toggle.click();

    await page.getByText('every_15_min is still on').waitFor();
    await page.getByText('Your role may not turn schedules off.').waitFor();
    expect(await toggle.isChecked()).toBe(true);
    expect(fixture.state.schedules.get('every_15_min')).toBe(true);
  },
  TWO_MINUTES,
);

test(
  'an allowed switch shows the new state at once and keeps it',
  async () => {
    const page = await open('/schedules');
    const toggle = page.getByRole('switch', { name: 'segments_rebuild is on' });
    await toggle.click();

    await until(
      () => toggle.getAttribute('aria-busy'),
      (busy) => busy === null,
    );
    expect(await toggle.isChecked()).toBe(true);
    expect(fixture.state.schedules.get('segments_rebuild')).toBe(true);
  },
  TWO_MINUTES,
);

test(
  'an error stays in its panel and goes away by trying again',
  async () => {
    fixture.state.failing.add('Workspace');
    const page = await open('/deployment');
    await page.getByText('Code locations could not be loaded').waitFor();
    await page.getByText('Scheduler').waitFor();

    fixture.state.failing.clear();
    await page.getByRole('button', { name: 'Try again' }).click();

    await page.getByRole('cell', { name: 'growth-science', exact: true }).waitFor();
  },
  TWO_MINUTES,
);

test(
  'when the API stops answering the last data stays and is dated',
  async () => {
    const page = await open('/runs');
    await row(page, runningRunId).waitFor();

    for (const name of ['Runs', 'RunCounts', 'ShellCounts']) fixture.state.failing.add(name);

    await page.getByText(/Trying again every 5 s/).waitFor();
    await page
      .getByRole('banner')
      .getByText(/Data of/)
      .waitFor();
    expect(await row(page, runningRunId).count()).toBe(1);
  },
  TWO_MINUTES,
);

test(
  'the log follows its end, pauses when scrolled up and counts what came since',
  async () => {
    const page = await open(`/runs/${runningRunId}`);
    const log = page.getByRole('region', { name: 'Event lines' });
    const append = (count: number, text: string) => {
      const events = fixture.state.events.get(runningRunId) ?? [];
      for (let index = 0; index < count; index += 1) {
        events.push({
          __typename: 'LogMessageEvent',
          message: `${text} ${index}`,
          timestamp: String(fixture.state.now),
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
    expect(await log.getByText('unseen 11').count()).toBe(0);
    await badge.click();
    await log.getByText('unseen 11').waitFor();
  },
  TWO_MINUTES,
);

test(
  'the cause of a failure leads to its event, whose address opens it again',
  async () => {
    const page = await open(`/runs/${failedRunId}`);
    await page.getByRole('link', { name: /HTTP 502 Bad Gateway/ }).click();
    await page.waitForURL(/event=\d+/);
    await page.getByText('RestClient.fetch').waitFor();

    await page.reload();

    await page.getByText('RestClient.fetch').waitFor();
  },
  TWO_MINUTES,
);

test(
  'a step chosen in the chart filters the log and shows its output',
  async () => {
    const page = await open(`/runs/${failedRunId}`);
    await page.getByRole('button', { name: /^success raw\/github_repos/ }).click();

    await page.waitForURL(/step=/);
    await page.getByText('page 30: 100 records of raw/github_repos.1').waitFor();
    expect(await page.getByRole('region', { name: 'Event lines' }).getByText('STEP_FAILURE').count()).toBe(0);
  },
  TWO_MINUTES,
);

test(
  'a job is launched with its partition, tags and configuration',
  async () => {
    const page = await open('/jobs/orchestration/ingest_earthquakes?tab=launch');
    await page.getByRole('textbox', { name: 'page_size' }).waitFor();
    await page.getByRole('textbox', { name: 'Tags' }).fill('reason=replay');
    await page.getByText('Launches 1 run of ingest_earthquakes').waitFor();
    await page.getByText(/pool snowflake 8 of 8: would wait/).waitFor();

    await page.getByRole('button', { name: 'Launch 1 run' }).click();

    await page.waitForURL(/\/runs\//);
    const launch = fixture.state.requests.find((request) => request.name === 'LaunchRun');
    expect(launch?.variables.executionParams).toMatchObject({
      selector: { jobName: 'ingest_earthquakes', repositoryLocationName: 'orchestration' },
      runConfigData: { ops: { 'raw/github_issues': { config: { page_size: 100 } } } },
      executionMetadata: {
        tags: [
          { key: 'reason', value: 'replay' },
          { key: 'dagster/partition', value: '2026-11-23' },
        ],
      },
    });
  },
  TWO_MINUTES,
);

test(
  'form and YAML are one configuration: errors stand at both, and proposals repair them',
  async () => {
    const page = await open('/jobs/orchestration/ingest_earthquakes?tab=launch');
    const size = page.getByRole('textbox', { name: 'page_size' });
    const editor = page.getByRole('textbox', { name: 'Run configuration' });
    await editor.getByText('100').waitFor();

    await size.fill('500');
    await editor.getByText('500').waitFor();
    await page.getByText('At most 100.').waitFor();
    await page.getByText('1 error', { exact: true }).first().waitFor();
    expect(await page.getByRole('button', { name: 'Launch 1 run' }).isDisabled()).toBe(true);

    await page.getByRole('button', { name: 'Use 100' }).click();
    await editor.getByText('100').waitFor();
    await editor.press('Control+End');
    await editor.pressSequentially('      mode: fu', { delay: 20 });
    await page.getByRole('listbox', { name: 'Completions' }).getByRole('option', { name: 'full' }).click();

    await until(
      () => page.getByRole('combobox', { name: 'mode' }).inputValue(),
      (value) => value === 'full',
    );
    expect(await page.getByRole('button', { name: 'Launch 1 run' }).isDisabled()).toBe(false);
    expect(opened?.complaints).toEqual([]);
  },
  TWO_MINUTES,
);

test(
  'what only the API finds wrong stands at its field, too',
  async () => {
    const page = await open('/jobs/orchestration/ingest_earthquakes?tab=launch');
    await page.getByRole('textbox', { name: 'since' }).fill('1999-01-01');

    await page.getByText('The API has nothing before 2008.').waitFor();

    expect(await page.getByRole('button', { name: 'Launch 1 run' }).isDisabled()).toBe(true);
  },
  TWO_MINUTES,
);

test(
  'several partitions are launched as one backfill, and missing ones from the job’s map',
  async () => {
    const page = await open('/jobs/orchestration/ingest_earthquakes?tab=partitions');
    await page.getByRole('button', { name: 'Backfill 60…' }).click();
    await page.getByRole('button', { name: 'Launch 60 partitions' }).waitFor();
    await page
      .getByRole('textbox', { name: 'Partition' })
      .or(page.getByRole('combobox', { name: 'Partition' }))
      .first()
      .fill('2026-11-20..2026-11-22');

    await page.getByRole('button', { name: 'Launch 3 partitions' }).click();

    await page.getByText('Launched backfill newlymad').waitFor();
    const launched = fixture.state.requests.find((request) => request.name === 'LaunchBackfill');
    expect(launched?.variables.backfillParams).toMatchObject({
      selector: { partitionSetName: 'ingest_earthquakes_partition_set' },
      partitionNames: ['2026-11-20', '2026-11-21', '2026-11-22'],
    });
  },
  TWO_MINUTES,
);

test(
  'a run’s configuration and tags are taken over into the launchpad',
  async () => {
    const page = await open('/jobs/orchestration/ingest_earthquakes?tab=runs');
    await page.getByRole('link', { name: 'Re-use' }).first().click();

    await until(
      () => page.getByRole('combobox', { name: 'Start from' }).inputValue(),
      (value) => value !== '',
    );
    expect(fixture.state.requests.some((request) => request.name === 'RunToReuse')).toBe(true);
  },
  TWO_MINUTES,
);

test(
  'an asset is wiped, whole or some partitions of it, only after its key was typed',
  async () => {
    const page = await open('/assets/raw/earthquakes');
    const map = page.getByRole('group', { name: /^Partitions, arrow keys/ });
    await map.focus();
    await page.keyboard.press('Shift+ArrowLeft');
    await page.keyboard.press('Shift+ArrowLeft');
    await page.getByRole('button', { name: 'Wipe 3…' }).click();
    const dialog = page.getByRole('dialog', { name: 'Wipe 3 partitions of raw/earthquakes?' });
    const wipe = dialog.getByRole('button', { name: 'Wipe 3 partitions' });
    expect(await wipe.isDisabled()).toBe(true);

    await dialog.getByRole('textbox').fill('raw/earthquakes');
    await wipe.click();

    await page.getByText('Wiped 3 partitions of raw/earthquakes').waitFor();
    const wiped = fixture.state.requests.find((request) => request.name === 'WipeAssets');
    expect(wiped?.variables.ranges).toEqual([
      {
        assetKey: { path: ['raw', 'earthquakes'] },
        partitions: { ranges: [{ start: '2026-09-08', end: '2026-09-10' }] },
      },
    ]);
    expect(opened?.complaints).toEqual([]);
  },
  TWO_MINUTES,
);

test(
  'assets are found by the selection language, and a selection that cannot be read is red and hides nothing',
  async () => {
    const page = await open('/assets?view=flat');
    const field = page.getByRole('combobox', { name: 'Filter assets' });
    await field.fill('select:"1+mart_issue_health and not int_pr_cycle_time"');
    await field.press('Enter');
    await page.getByText(`2 of ${fixtureAssets.length} assets`).waitFor();
    await page.getByRole('row', { name: /int_issue_activity/ }).waitFor();

    await page.goto(`${fixture.url}/assets?view=flat&q=${encodeURIComponent('select:"and and"')}`);

    await page.getByText(`${fixtureAssets.length} of ${fixtureAssets.length} assets`).waitFor();
  },
  TWO_MINUTES,
);

test(
  'what is stale or missing is materialized at once, by its number',
  async () => {
    const page = await open('/assets?q=group%3Amarts');
    const button = page.getByRole('button', { name: /^Materialize \d+ stale or missing…$/ });
    const count = /\d+/.exec(await button.innerText())?.[0];
    await button.click();

    await page.getByRole('dialog', { name: new RegExp(`^Materialize ${count} assets?\\?$`) }).waitFor();
  },
  TWO_MINUTES,
);

test(
  'the lineage is walked and opened by keyboard',
  async () => {
    const page = await open('/lineage?q=2%2Bmart_issue_health');
    const graph = page.getByRole('group', { name: /^Lineage of/ });
    await graph.focus();
    await page.keyboard.press('ArrowRight');
    await page.keyboard.press('Enter');

    await page.waitForURL(/asset=/);
    await page.getByRole('complementary', { name: 'Details' }).waitFor();
    await page.keyboard.press('Escape');
    await page.getByRole('complementary', { name: 'Details' }).waitFor({ state: 'detached' });
  },
  TWO_MINUTES,
);

test(
  'times show date, zone and UTC on focus, and the zone can be switched',
  async () => {
    const page = await open('/assets/raw/earthquakes');
    const time = page.getByRole('note').first();
    await time.waitFor();
    expect(await time.getAttribute('aria-label')).toMatch(/Europe\/Berlin \(UTC\+[12]\) · .* UTC$/);

    await page.keyboard.press('z');

    await page.getByRole('button', { name: 'UTC' }).waitFor();
    await until(
      () => time.getAttribute('aria-label'),
      (label) => !label?.includes('Berlin'),
    );
  },
  TWO_MINUTES,
);
