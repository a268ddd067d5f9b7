import { placeOf, type RecentPlace, withPlace } from '../../dashboard/src/app/recent-places';
import { isScriptGone } from '../../dashboard/src/app/script-gone';

test.each([
  ['/runs/9e3779b1-0000-4000-8000-000000000001', '', '9e3779b1', 'run'],
  ['/assets/raw/github_issues', '?tab=checks', 'raw/github_issues', 'asset'],
  ['/jobs/orchestration/nightly%20load', '', 'nightly load', 'job'],
  ['/schedules', '?open=orchestration%3Anightly_dbt&ticks=error', 'nightly_dbt', 'schedule'],
  ['/sensors', '?open=shop:files', 'files', 'sensor'],
  ['/backfills/wplsdjfo', '', 'wplsdjfo', 'backfill'],
  ['/locations/orchestration', '?tab=versions', 'orchestration', 'code location'],
])('%s%s is remembered as %s, a %s', (pathname, search, text, detail) => {
  expect(placeOf(pathname, search)).toMatchObject({ text, detail });
});

test('a schedule is remembered by itself, without the part of its history that was shown', () => {
  expect(placeOf('/schedules', '?open=shop:nightly&ticks=error')?.href).toBe(
    '/schedules?open=shop%3Anightly',
  );
});

test.each([
  '/',
  '/runs',
  '/assets',
  '/schedules',
  '/deployment',
  '/jobs/orchestration',
])('a list, as %s, is not remembered', (pathname) => {
  expect(placeOf(pathname, '')).toBeUndefined();
});

test('a place that is opened again comes to the front, and old ones are forgotten', () => {
  const place = (href: string): RecentPlace => ({ href, text: href, detail: '', icon: 'runs' });
  const many = Array.from({ length: 8 }, (_, index) => place(`/runs/${index}`));

  const next = withPlace(withPlace(many, place('/runs/3')), place('/runs/new'));

  expect(next.map(({ href }) => href)).toEqual(
    ['new', '3', '0', '1', '2', '4', '5', '6'].map((id) => `/runs/${id}`),
  );
});

test.each([
  ['Failed to fetch dynamically imported module: http://x/assets/a.js', true],
  ['error loading dynamically imported module', true],
  ['Importing a module script failed.', true],
  ['Cannot read properties of undefined', false],
])('“%s” means a part that is gone: %s', (message, isGone) => {
  expect(isScriptGone(new TypeError(message))).toBe(isGone);
});
