import { readdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import type { Page } from 'playwright-core';
import { parse } from 'yaml';
import { type ScratchServer, startScratchServer } from '../../../bench/support/scratch-server';
import { becomes, setUpDashboard, until } from '../../support/set-up-dashboard';

/** A run's page and its launchpad on a real instance: what ran, what it wrote, and what is launched from there. */
const PROJECT = {
  'workspace.yaml': 'code_locations:\n  - {name: shop, entry: index.ts}\n',
  'package.json': '{"type":"module","private":true}',
  'index.ts': `import { asset, dailyPartitions, define, defineAssetJob, z } from 'headrace';
let tries = 0;
const orders = asset({
  key: 'raw/orders',
  config: z.object({ pageSize: z.number().int().max(100).default(50), mode: z.enum(['full', 'delta']).default('delta') }),
  run: async ({ config }) => {
    for (const part of ['first', 'second', 'third']) {
      console.log(part + ' of ' + config.pageSize);
      // Longer than what is gathered for one chunk.
      await new Promise((resolve) => setTimeout(resolve, 1500));
    }
    console.error('slow answer');
    return [1, 2, 3];
  },
  checks: { some: (rows) => rows.length > 0 },
});
const flaky = asset({
  key: 'raw/flaky',
  retry: { maxRetries: 1, delay: '1ms' },
  run: () => { console.log('try ' + ++tries); if (tries === 1) throw new Error('HTTP 429'); return { note: { kind: 'md', value: 'came **late**' }, sample: { kind: 'table', columns: [{ name: 'id', type: 'text' }], records: [{ id: 'order 4711' }] } }; },
});
const broken = asset({ key: 'raw/broken', run: () => { throw new Error('the shop is closed'); } });
const day = asset({ key: 'raw/day', partitions: dailyPartitions({ start: '2026-01-01' }), run: () => {} });
const all = defineAssetJob({ name: 'all', select: [orders, flaky, broken] });
const days = defineAssetJob({ name: 'days', select: day });
export const definitions = define({ assets: [orders, flaky, broken, day], jobs: [all, days] });
`,
};
let server: ScratchServer;
let runId: string;
const dashboard = setUpDashboard(() => server.url);

beforeAll(async () => {
  server = await startScratchServer(PROJECT);
  const launched = await server.client.launchRun({
    job: 'all',
    config: { ops: { raw__orders: { config: { pageSize: 99, mode: 'full' } } } },
    tags: { team: 'data' },
  });
  runId = launched.runId;
  for await (const _ of server.client.followRun(runId));
  expect((await server.client.getRun(runId)).status).toBe('FAILURE');
});
afterAll(() => server?.close());

/** The text of what a button downloads, and its name. */
async function downloaded(page: Page, press: () => Promise<void>): Promise<{ name: string; text: string }> {
  const [download] = await Promise.all([page.waitForEvent('download'), press()]);
  return { name: download.suggestedFilename(), text: readFileSync(await download.path(), 'utf8') };
}
const output = (page: Page) => page.getByRole('region', { name: /^Output of/ });
const choose = (page: Page, step: string) =>
  page.getByRole('region', { name: 'Steps over time' }).getByRole('button', { name: step }).click();

test('events, output and configuration are downloaded as they are', async () => {
  const page = await dashboard.open(`/runs/${runId}`);
  await page.getByRole('region', { name: 'Event lines' }).getByText('RUN_ENQUEUED').waitFor();
  const events = await downloaded(page, () => page.getByRole('button', { name: 'Download events' }).click());
  const types = events.text.split('\n').map((line) => (JSON.parse(line) as { eventType: string }).eventType);
  expect(events.name).toBe(`${runId.slice(0, 8)}-events.ndjson`);
  expect(types).toEqual(
    expect.arrayContaining(['RUN_START', 'STEP_UP_FOR_RETRY', 'STEP_FAILURE', 'RUN_FAILURE']),
  );

  await choose(page, 'raw/orders');
  await output(page).getByText('third of 99').waitFor();
  const stdout = await downloaded(page, () =>
    output(page).getByRole('button', { name: 'Download stdout' }).click(),
  );
  expect(stdout.text).toBe('first of 99\nsecond of 99\nthird of 99\n');

  await page.getByRole('link', { name: 'Config', exact: true }).click();
  const config = await downloaded(page, () =>
    page.getByRole('button', { name: 'Download configuration' }).click(),
  );
  expect(parse(config.text)).toEqual({ ops: { raw__orders: { config: { pageSize: 99, mode: 'full' } } } });
});

test('what a step wrote is shown by stream and by try', async () => {
  const page = await dashboard.open(`/runs/${runId}`);
  await choose(page, 'raw/flaky');
  await output(page).getByRole('listitem').getByText('try 2').waitFor();
  await output(page).getByRole('combobox', { name: 'Try' }).selectOption('1');
  await output(page).getByRole('listitem').getByText('try 1').waitFor();
  await becomes(() => output(page).getByRole('listitem').getByText('try 2').count(), 0);

  await choose(page, 'raw/orders');
  await output(page).getByRole('button', { name: 'stderr' }).click();
  await output(page).getByText('slow answer').waitFor();
});

test('a part of an output that is lost is named with its bytes, and the rest is there', async () => {
  const folder = join(server.root, '.headrace', 'compute_logs', runId);
  const step = readdirSync(folder).find((name) => name.startsWith('raw__orders')) ?? '';
  const chunks = readdirSync(join(folder, step, 'stdout')).sort();
  expect(chunks.length).toBeGreaterThanOrEqual(3);
  rmSync(join(folder, step, 'stdout', chunks[1] ?? ''));

  const page = await dashboard.open(`/runs/${runId}`);
  await choose(page, 'raw/orders');
  await output(page).getByText('1 part of this output cannot be read:').waitFor();
  await output(page)
    .getByText(/^\[\d+ bytes of output cannot be read: /)
    .waitFor();
  await output(page).getByText('first of 99').waitFor();
  await output(page).getByText('third of 99').waitFor();
  await becomes(() => output(page).getByText('second of 99').count(), 0);
  await output(page).getByRole('button', { name: 'Read again' }).click();
  await output(page).getByText('third of 99').waitFor();
  expect(dashboard.complaints).toEqual([]);
});

test('assets and checks say what came of them, and lead to their events', async () => {
  const page = await dashboard.open(`/runs/${runId}?tab=assets`);
  const assets = page.getByRole('region', { name: 'Assets', exact: true });
  await assets.getByRole('row', { name: /raw\/orders.*Materialized/ }).waitFor();
  await assets.getByRole('row', { name: /raw\/broken.*Failed/ }).waitFor();
  await page.getByRole('link', { name: /^Checks/ }).click();
  const check = page.getByRole('row', { name: /raw\/orders.*some.*Passed/ });
  await check.getByRole('link', { name: 'Show event' }).click();

  await page.waitForURL(/event=\d+/);
  await page.getByRole('region', { name: 'Event lines' }).locator('[aria-expanded="true"]').waitFor();
});

test('what was said of an asset is whole in its event: texts and tables too', async () => {
  const page = await dashboard.open(`/runs/${runId}?type=ASSET_MATERIALIZATION`);
  const lines = page.getByRole('region', { name: 'Event lines' });
  await lines.getByRole('button', { name: /raw\/flaky/ }).click();
  await lines.locator('b').getByText('late', { exact: true }).waitFor();
  await lines.getByText('order 4711').waitFor();
  expect(dashboard.complaints).toEqual([]);
});

test('everything that is known of a run is saved as one file', async () => {
  const page = await dashboard.open(`/runs/${runId}`);
  const save = async () => {
    await page.getByRole('button', { name: 'More actions' }).click();
    await page.getByRole('menuitem', { name: 'Download debug file' }).click();
  };
  const [saved] = await Promise.all([page.waitForEvent('download'), save()]);
  const file = JSON.parse(gunzipSync(readFileSync(await saved.path())).toString()) as {
    run: { runId: string };
    events: { type: string }[];
    output: Record<string, string>;
  };
  expect(saved.suggestedFilename()).toBe(`headrace-debug-${runId.slice(0, 8)}.json.gz`);
  expect(file.run.runId).toBe(runId);
  expect(file.events.map(({ type }) => type)).toEqual(expect.arrayContaining(['RUN_START', 'RUN_FAILURE']));
  expect(file.output['raw__flaky.2.stdout']).toBe('try 2\n');
  expect(dashboard.complaints).toEqual([]);
});

test('a line of the log is linked to by its address', async () => {
  const page = await dashboard.open(`/runs/${runId}`);
  await page.context().grantPermissions(['clipboard-read', 'clipboard-write']);
  await page.getByRole('region', { name: 'Event lines' }).getByText('STEP_UP_FOR_RETRY').click();
  await page.getByRole('button', { name: 'Copy link to this event' }).click();
  const link = String(await page.evaluate('navigator.clipboard.readText()'));

  const other = await dashboard.open(link.slice(server.url.length));
  await other
    .getByRole('region', { name: 'Event lines' })
    .locator('[aria-expanded="true"]')
    .getByText('STEP_UP_FOR_RETRY')
    .waitFor();
});

const newRun = async (page: Page): Promise<string> => {
  await page.waitForURL(
    (url) => /^\/runs\/[0-9a-f-]{36}$/.test(url.pathname) && !url.pathname.includes(runId),
  );
  return new URL(page.url()).pathname.split('/').at(-1) ?? '';
};

test('chosen steps of a run are executed again, and only those', async () => {
  const page = await dashboard.open(`/runs/${runId}`);
  await choose(page, 'raw/flaky');
  await page.getByRole('button', { name: 'More ways to re-execute' }).click();
  await page.getByRole('menuitem', { name: /Re-execute chosen steps/ }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Launch 1 run' }).click();

  const again = await newRun(page);
  for await (const _ of server.client.followRun(again));
  const { runOrError } = await server.client.graphql<{ runOrError: object }>(
    `{ runOrError(runId: "${again}") { ... on Run { parentRunId status stepStats { stepKey } } } }`,
  );
  expect(runOrError).toEqual({
    parentRunId: runId,
    status: 'SUCCESS',
    stepStats: [{ stepKey: 'raw__flaky' }],
  });
});

test.each([
  ['Re-execute from failure', ['raw__broken']],
  ['Re-execute unfinished assets', ['raw__broken']],
  ['Re-execute all steps', ['raw__broken', 'raw__flaky', 'raw__orders']],
] as const)('%s launches those steps', async (button, steps) => {
  const page = await dashboard.open(`/runs/${runId}`);
  await page.getByRole('button', { name: 'More ways to re-execute' }).click();
  await page.getByRole('menuitem', { name: button }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Launch 1 run' }).click();

  const again = await newRun(page);
  const { runOrError } = await server.client.graphql<{
    runOrError: { executionPlan: { steps: { key: string }[] } };
  }>(`{ runOrError(runId: "${again}") { ... on Run { executionPlan { steps { key } } } } }`);
  expect(runOrError.executionPlan.steps.map(({ key }) => key).sort()).toEqual(steps);
});

test('the launchpad launches exactly what it says: config, tags and selection', async () => {
  const page = await dashboard.open('/jobs/shop/all?tab=launch');
  const size = page.getByRole('textbox', { name: 'pageSize' });
  expect(await size.getAttribute('placeholder')).toMatch(/50/);
  await size.fill('500');
  await page
    .getByText(/At most 100/)
    .first()
    .waitFor();
  await becomes(() => page.getByRole('button', { name: 'Launch 1 run' }).isDisabled(), true);
  await size.fill('7');
  await page.getByRole('combobox', { name: 'mode' }).selectOption('full');
  await page.getByRole('textbox', { name: 'Tags' }).fill('reason=replay, team=data');
  await page.getByRole('textbox', { name: 'Assets' }).fill('raw/orders');
  await page.getByText('1 of 3').first().waitFor();
  await page.getByRole('button', { name: 'Launch 1 run' }).click();

  const launched = await newRun(page);
  const { runOrError } = await server.client.graphql<{
    runOrError: { runConfigYaml: string; assetSelection: unknown; tags: { key: string; value: string }[] };
  }>(
    `{ runOrError(runId: "${launched}") { ... on Run { runConfigYaml assetSelection { path } tags { key value } } } }`,
  );
  expect(parse(runOrError.runConfigYaml)).toEqual({
    ops: { raw__orders: { config: { pageSize: 7, mode: 'full' } } },
  });
  expect(runOrError.assetSelection).toEqual([{ path: ['raw', 'orders'] }]);
  expect(runOrError.tags).toEqual(
    expect.arrayContaining([
      { key: 'reason', value: 'replay' },
      { key: 'team', value: 'data' },
    ]),
  );
});

test('the launchpad takes over a run, and launches a chosen partition', async () => {
  let page = await dashboard.open(`/jobs/shop/all?tab=launch&from=${runId}`);
  await until(
    () => page.getByRole('textbox', { name: 'pageSize' }).inputValue(),
    (value) => value === '99',
  );
  expect(await page.getByRole('textbox', { name: 'Tags' }).inputValue()).toContain('team=data');

  page = await dashboard.open('/jobs/shop/days?tab=launch');
  await page
    .getByRole('textbox', { name: 'Partition' })
    .or(page.getByRole('combobox', { name: 'Partition' }))
    .first()
    .fill('2026-01-05');
  await page.getByRole('button', { name: 'Launch 1 run' }).click();
  const launched = await newRun(page);
  expect((await server.client.getRun(launched)).tags['dagster/partition']).toBe('2026-01-05');
});
