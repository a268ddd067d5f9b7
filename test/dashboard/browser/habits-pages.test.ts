import type { Page } from 'playwright-core';
import { failedRunId, runningRunId } from '../../support/dashboard-fixture-data';
import { flawsOf, setUpDashboardFixture } from '../../support/set-up-dashboard';

/** Every page as it stands, in both themes and widths, over a test double of the API. */
const dashboard = setUpDashboardFixture();

const pages = [
  ['overview', '/', 'Needs attention'],
  ['runs', '/runs', 'ingest_flights'],
  ['run that failed', `/runs/${failedRunId}`, 'Show event'],
  ['live run', `/runs/${runningRunId}`, 'Cancel…'],
  ['assets', '/assets', 'mart_issue_health'],
  ['asset', '/assets/raw/earthquakes', 'Latest materialization'],
  ['checks of an asset', '/assets/raw/earthquakes?tab=checks&check=has_rows', '2 rows are twice there'],
  ['columns of an asset', '/assets/raw/earthquakes?tab=columns', 'Moment magnitude.'],
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

test.each(
  pages,
)('the page %s has no axe violation, no complaint of the browser and nothing that sticks out, in any theme or width', async (_name, path, text) => {
  const page = await dashboard.open(path, { theme: 'light', width: 1_280 });
  expect(await flawsOf(page, () => page.getByText(text).first().waitFor())).toEqual([]);
  expect(dashboard.complaints).toEqual([]);
});

/** Buttons that leave a finger less than 40 px of height; lines over the whole width of a list are not among them. */
const hardToHit = (page: Page): Promise<readonly string[]> =>
  page.evaluate(() => {
    const reach = 19;
    return [...document.querySelectorAll('main button, main select, header button')].flatMap((element) => {
      element.scrollIntoView({ block: 'center' });
      const { left, top, width, height } = element.getBoundingClientRect();
      const [x, y] = [left + width / 2, top + height / 2];
      const isHit = (at: number) => element.contains(document.elementFromPoint(x, at));
      if (width === 0 || width > innerWidth * 0.8 || !isHit(y)) return [];
      return isHit(y - reach) && isHit(y + reach) ? [] : [element.ariaLabel ?? element.textContent ?? ''];
    });
  });

test.each([
  ['/', 'Needs attention'],
  [`/runs/${failedRunId}`, 'Show event'],
  ['/assets?view=keys', 'mart_issue_health'],
  ['/assets/raw/earthquakes', 'Latest materialization'],
  ['/schedules', 'nightly_dbt'],
  ['/deployment?tab=concurrency', 'snowflake'],
])('on a phone a finger hits each button of %s', async (path, text) => {
  const page = await dashboard.open(path, { width: 390, height: 844, touch: true });
  await page.getByText(text).first().waitFor();
  expect(await page.locator('main button').count()).toBeGreaterThan(0);
  expect(await hardToHit(page)).toEqual([]);
});
