import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Locator, Page } from 'playwright-core';
import { runningBackfillId } from '../../support/dashboard-fixture-backfills';
import { failedRunId, runningRunId } from '../../support/dashboard-fixture-data';
import { setUpDashboardFixture } from '../../support/set-up-dashboard';

/** Every chart has a twin in words or a table; what moves stands still for those who asked for it. */
const dashboard = setUpDashboardFixture();

/** File that draws, page, its twin there, a text that the twin has, and the button that shows it. */
const CHARTS: readonly (readonly [string, string, (page: Page) => Locator, string | RegExp, string?])[] = [
  [
    'features/overview/timeline-chart.tsx',
    '/',
    (page) => page.getByRole('table', { name: 'Timeline in words' }),
    /\d+ runs?: \d+ /,
  ],
  [
    'features/run/gantt-chart.tsx',
    `/runs/${failedRunId}?view=table`,
    (page) => page.getByRole('region', { name: 'Steps', exact: true }).getByRole('table'),
    'Tries',
  ],
  [
    'features/lineage/lineage-canvas.tsx',
    '/jobs/orchestration/ingest_flights',
    (page) => page.getByRole('list', { name: 'Graph in words' }),
    / after /,
  ],
  [
    'components/partition-map.tsx',
    '/assets/raw/earthquakes',
    (page) => page.getByRole('region', { name: 'Partitions in words' }),
    /\d{4}-\d\d-\d\d/,
    'Partitions as a table',
  ],
  [
    'features/assets/partition-strip.tsx',
    '/assets/raw/earthquakes?tab=partitions',
    (page) => page.getByRole('grid', { name: 'Partitions' }),
    /\d{4}-\d\d-\d\d/,
  ],
  [
    'features/assets/metadata-plot.tsx',
    '/assets/raw/earthquakes?plot=table',
    (page) => page.getByRole('main').getByRole('table').first(),
    /\d/,
  ],
  [
    'features/lineage/lineage-canvas.tsx',
    '/lineage?view=table',
    (page) => page.getByRole('main'),
    'int_pr_cycle_time',
  ],
  // The map of the lineage shows where in that same graph one is.
  ['features/lineage/lineage-minimap.tsx', '/lineage?view=table', (page) => page.getByRole('main'), 'marts'],
  [
    'features/backfills/target-map.tsx',
    `/backfills/${runningBackfillId}`,
    (page) => page.getByRole('list', { name: 'Partitions of the backfill in words' }),
    /: /,
  ],
  [
    'components/tick-chart.tsx',
    '/schedules?open=orchestration:nightly_dbt',
    (page) => page.getByRole('list', { name: 'Ticks' }),
    'Open-Meteo is in maintenance',
  ],
];

/** Draws every kind of mark, and is no chart. */
const NO_CHARTS = ['app/states-page.tsx'];
const DRAWN_BY_BOXES = 'components/tick-chart.tsx';

test('every file that draws a chart is in the list', () => {
  const root = join(process.cwd(), 'dashboard/src');
  const drawing = (readdirSync(root, { recursive: true, encoding: 'utf8' }) as string[]).filter(
    (file) => file.endsWith('.tsx') && /<canvas|new uPlot\(/.test(readFileSync(join(root, file), 'utf8')),
  );

  const known = CHARTS.map(([file]) => file);
  expect(drawing.filter((file) => ![...known, ...NO_CHARTS].includes(file))).toEqual([]);
  expect(drawing).toEqual(expect.arrayContaining(known.filter((file) => file !== DRAWN_BY_BOXES)));
});

test.each(
  CHARTS.map(([file, path, twin, text, button]) => ({ file, path, twin, text, button })),
)('the chart of $file has a twin on $path', async ({ path, twin, text, button }) => {
  const page = await dashboard.open(path);
  if (button !== undefined) await page.getByRole('button', { name: button }).first().click();
  await twin(page).getByText(text).first().waitFor({ state: 'attached' });
});

const movingCount = (page: Page): Promise<number> =>
  page.evaluate('document.getAnimations().filter((each) => each.playState === "running").length');

test('what runs turns, unless the reader asked for less motion: then nothing moves', async () => {
  const page = await dashboard.open(`/runs/${runningRunId}`);
  await page.getByRole('main').getByText('Running', { exact: true }).first().waitFor();
  expect(await movingCount(page)).toBe(0);
  const durations = await page.evaluate(
    `[...document.querySelectorAll('*')].map((each) => getComputedStyle(each)).filter((style) =>
       [style.transitionDuration, style.animationDuration].some((text) => text.split(', ').some((part) => parseFloat(part) > 0)) && style.animationName !== 'none').length`,
  );
  expect(durations).toBe(0);

  await page.emulateMedia({ reducedMotion: 'no-preference' });
  await page.waitForFunction('document.getAnimations().length > 0');
});
