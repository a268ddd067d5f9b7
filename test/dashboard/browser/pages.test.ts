import type { Page } from 'playwright-core';
import { type ScratchServer, startScratchServer } from '../../../bench/support/scratch-server';
import { axeOn } from '../../support/axe-on';
import { becomes, setUpDashboard } from '../../support/set-up-dashboard';

/** The dashboard in a real browser, over a real instance that has run something. */
const PROJECT = {
  'workspace.yaml': 'code_locations:\n  - {name: shop, entry: index.ts}\n',
  'package.json': '{"type":"module","private":true}',
  'index.ts': `import { asset, dailyPartitions, define, defineAssetJob, schedule, sensor, skip } from 'headrace';
/** Orders of the shop. */
const orders = asset({ key: 'raw/orders', run: () => [1, 2, 3] });
const file = asset({ key: 'exports/orders.json', run: () => {} });
const total = asset({ key: 'marts/total', inputs: { orders }, run: ({ inputs }) => inputs.orders.length, checks: { some: (n) => n > 0 } });
const daily = asset({ key: 'raw/daily', partitions: dailyPartitions({ start: '2026-01-01' }), run: () => {} });
const broken = asset({ key: 'raw/broken', run: () => { throw new Error('the shop is closed'); } });
const endless = asset({ key: 'raw/endless', run: ({ signal }) => new Promise((_, stop) => signal.addEventListener('abort', () => stop(signal.reason))) });
const all = defineAssetJob({ name: 'all', select: [orders, total] });
const failing = defineAssetJob({ name: 'failing', select: broken });
const waiting = defineAssetJob({ name: 'waiting', select: endless });
export const definitions = define({
  assets: [orders, file, total, daily, broken, endless],
  jobs: [all, failing, waiting],
  schedules: [schedule({ job: all, cron: '0 6 * * *', timezone: 'Europe/Berlin' })],
  sensors: [sensor({ name: 'quiet', job: all, evaluate: () => skip('nothing new') })],
});
`,
};

let server: ScratchServer;
let succeeded: string;
let failed: string;

const dashboard = setUpDashboard(() => server.url);
const open = dashboard.open;

beforeAll(async () => {
  server = await startScratchServer(PROJECT);
  const ok = await server.client.launchRun({ job: 'all' });
  const bad = await server.client.launchRun({ job: 'failing' });
  for (const { runId } of [ok, bad]) for await (const _ of server.client.followRun(runId));
  succeeded = ok.runId;
  failed = bad.runId;
  expect((await server.client.getRun(ok.runId)).status).toBe('SUCCESS');
  expect((await server.client.getRun(bad.runId)).status).toBe('FAILURE');
});
afterAll(async () => {
  await server?.close();
});

const overflow = 'document.documentElement.scrollWidth - document.documentElement.clientWidth';

/** Name, address, heading, a text that only the loaded page has. */
const PAGES = [
  ['overview', '/', 'Overview', 'Needs attention'],
  ['runs', '/runs', 'Runs', 'failing'],
  ['run', '/runs/{succeeded}', '{succeeded}', 'RUN_SUCCESS'],
  ['failed run', '/runs/{failed}', '{failed}', 'the shop is closed'],
  ['backfills before there is one', '/backfills', 'Backfills', 'No backfills yet'],
  ['automation', '/automation', 'Automation', 'quiet'],
  ['assets', '/assets', 'Assets', 'raw/orders'],
  ['asset', '/assets/raw/orders', 'orders', 'Latest materialization'],
  ['asset whose key ends like a file', '/assets/exports/orders.json', 'orders.json', 'Never materialized.'],
  ['asset with partitions', '/assets/raw/daily', 'daily', 'Daily at 00:00, UTC, from 2026-01-01'],
  ['lineage', '/lineage', 'Lineage', 'Close groups'],
  ['jobs', '/jobs', 'Jobs', 'failing'],
  ['job', '/jobs/shop/all', 'all', 'All runs'],
  ['launch', '/jobs/shop/all?tab=launch', 'all', 'Launch 1 run'],
  ['schedules', '/schedules', 'Schedules', 'Daily at 06:00'],
  ['sensors', '/sensors', 'Sensors', 'quiet'],
  ['deployment', '/deployment', 'Deployment', 'shop'],
  ['versions of code', '/deployment?tab=locations', 'Deployment', 'this code is read from files'],
  ['definitions', '/deployment?tab=definitions', 'Deployment', 'raw/orders'],
  ['pools', '/deployment?tab=concurrency', 'Deployment', 'Runs at once'],
  ['configuration', '/deployment?tab=configuration', 'Deployment', 'maxConcurrentRuns'],
  ['tokens', '/deployment?tab=tokens', 'Deployment', 'No tokens yet'],
  ['audit log', '/deployment?tab=audit', 'Deployment', 'POST /api/runs'],
  [
    'comparison of a first run',
    '/runs/{succeeded}?tab=compare',
    '{succeeded}',
    'No earlier run to compare with',
  ],
  ['page that is not there', '/nowhere', 'Not found', 'Go to the overview'],
] as const;

test.each(
  PAGES,
)('the page %s opens by its address and on reload, without violations, complaints or overflow', async (_name, address, title, text) => {
  const path = address.replace('{succeeded}', succeeded).replace('{failed}', failed);
  const heading = title.replace('{succeeded}', succeeded.slice(0, 8)).replace('{failed}', failed.slice(0, 8));
  const page = await open(path);
  const shown = async () => {
    await page.getByRole('heading', { level: 1, name: heading, exact: true }).waitFor();
    await page.getByRole('main').getByText(text).filter({ visible: true }).first().waitFor();
  };

  await shown();
  await page.reload();
  await shown();

  const { violations } = await axeOn(page).withTags(['wcag2a', 'wcag2aa']).analyze();
  expect(violations.map(({ id, nodes }) => `${id}: ${nodes[0]?.html.slice(0, 160)}`)).toEqual([]);
  expect(await page.evaluate(overflow)).toBe(0);
  await page.setViewportSize({ width: 390, height: 844 });
  await shown();
  expect(await page.evaluate(overflow)).toBe(0);
  expect(dashboard.complaints).toEqual([]);
});

/** The run that the page shows, once its address says so. */
async function runOfPage(page: Page): Promise<string> {
  await page.waitForURL(/\/runs\/[0-9a-f-]{36}/);
  return new URL(page.url()).pathname.split('/').at(-1) ?? '';
}

test('a job launched on its page runs to its end before the reader’s eyes', async () => {
  const page = await open('/jobs/shop/all?tab=launch');
  await page.getByRole('button', { name: 'Launch 1 run' }).click();

  const runId = await runOfPage(page);
  expect(runId).not.toBe(succeeded);
  await page
    .getByRole('main')
    .getByRole('button', { name: /RUN_SUCCESS/ })
    .waitFor();
  await page.getByRole('main').getByText('Success', { exact: true }).first().waitFor();
  expect((await server.client.getRun(runId)).status).toBe('SUCCESS');
});

test('a running run is canceled on its page', async () => {
  const { runId } = await server.client.launchRun({ job: 'waiting' });
  const page = await open(`/runs/${runId}`);
  await page.getByRole('region', { name: 'Event lines' }).getByTitle('STEP_START').waitFor();

  await page.getByRole('button', { name: 'Cancel…' }).click();
  await page.getByRole('button', { name: 'Cancel 1 run' }).click();

  await page.getByRole('main').getByText('Canceled', { exact: true }).first().waitFor();
  expect((await server.client.getRun(runId)).status).toBe('CANCELED');
});

test('a failed run is executed again from its failure, and the new run names it as its parent', async () => {
  const page = await open(`/runs/${failed}`);
  await page.getByRole('button', { name: 'Re-execute from failure' }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Launch 1 run' }).click();

  await page.waitForURL((url) => url.pathname.startsWith('/runs/') && !url.pathname.endsWith(failed));
  const runId = await runOfPage(page);
  await page.getByRole('main').getByText('Failed', { exact: true }).first().waitFor();
  const { runOrError } = await server.client.graphql<{ runOrError: { parentRunId: string } }>(
    `{ runOrError(runId: "${runId}") { ... on Run { parentRunId } } }`,
  );
  expect(runOrError.parentRunId).toBe(failed);
});

test('a partition is materialized from its cell', async () => {
  const page = await open('/assets/raw/daily');
  const map = page.getByRole('group', { name: /^Partitions/ });
  await map.focus();
  await map.press('ArrowLeft');
  const button = page.getByRole('main').getByRole('button', { name: /^Materialize \d{4}-\d\d-\d\d…$/ });
  const partition = /\d{4}-\d\d-\d\d/.exec((await button.textContent()) ?? '')?.[0] ?? '';
  await button.click();
  const dialog = page.getByRole('dialog', { name: 'Materialize 1 asset?' });
  await becomes(() => dialog.getByLabel('Partition').inputValue(), partition);

  await dialog.getByRole('button', { name: 'Launch 1 run' }).click();

  await page.getByText('1 materialized').waitFor();
  const { assetNodeOrError } = await server.client.graphql<{
    assetNodeOrError: { assetPartitionStatuses: { ranges: { startKey: string; status: string }[] } };
  }>(
    '{ assetNodeOrError(assetKey: { path: ["raw", "daily"] }) { ... on AssetNode { assetPartitionStatuses { ... on TimePartitionStatuses { ranges { startKey status } } } } } }',
  );
  expect(assetNodeOrError.assetPartitionStatuses.ranges).toEqual([
    { startKey: partition, status: 'MATERIALIZED' },
  ]);
});

test('a schedule is switched on its page, and the server knows', async () => {
  const page = await open('/schedules');
  const toggle = page.getByRole('switch').first();
  const before = await toggle.getAttribute('aria-checked');

  await toggle.click();

  const wanted = before === 'true' ? 'STOPPED' : 'RUNNING';
  let status = '';
  while (status !== wanted) {
    const answer = await server.client.graphql<{
      schedulesOrError: { results: { scheduleState: { status: string } }[] };
    }>('{ schedulesOrError { ... on Schedules { results { scheduleState { status } } } } }');
    status = answer.schedulesOrError.results[0]?.scheduleState.status ?? '';
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  expect(status).toBe(wanted);
});

test('partitions are backfilled from the asset’s page, and the backfill is followed to its end before the reader’s eyes', async () => {
  const page = await open('/assets/raw/daily');
  await page.getByRole('button', { name: 'Backfill…', exact: true }).click();
  const dialog = page.getByRole('dialog', { name: 'Backfill 1 asset?' });
  await dialog.getByLabel('First').fill('2026-01-03');
  await dialog.getByLabel('Last').fill('2026-01-05');
  await dialog.getByText('3 partitions by 3 runs').waitFor();
  await dialog.getByRole('button', { name: 'Launch 3 partitions' }).click();

  await page.waitForURL(/\/backfills\/[a-z]{8}$/);
  await page.getByRole('main').getByText('Success', { exact: true }).first().waitFor({ timeout: 60_000 });
  await page.getByRole('main').getByText('3 of 3').waitFor();
  await page.getByRole('link', { name: 'Runs', exact: true }).last().click();
  await page.getByRole('main').getByText('3 runs').waitFor();

  expect(dashboard.complaints).toEqual([]);
  const id = new URL(page.url()).pathname.split('/').at(-1);
  const { partitionBackfillOrError } = await server.client.graphql<{
    partitionBackfillOrError: { status: string; targets: unknown };
  }>(
    `{ partitionBackfillOrError(backfillId: "${id}") { ... on PartitionBackfill { status targets { status partitionNames } } } }`,
  );
  expect(partitionBackfillOrError).toEqual({
    status: 'COMPLETED_SUCCESS',
    targets: [{ status: 'SUCCESS', partitionNames: ['2026-01-03', '2026-01-04', '2026-01-05'] }],
  });
});
