import type { Browser, Page } from 'playwright-core';
import { type ScratchServer, startScratchServer } from '../../../bench/support/scratch-server';
import { buildDist } from '../../support/build-dist';
import { launchBrowser, type OpenedPage, openPage } from '../../support/dashboard-browser';
import { becomes, flawsOf, violationsOf } from '../../support/set-up-dashboard';

/** Assets, their lineage and their partitions in a real browser, over a real instance. */
const PROJECT = {
  'workspace.yaml': 'code_locations:\n  - {name: shop, entry: index.ts}\n',
  'package.json': '{"type":"module","private":true}',
  'index.ts': `import { asset, columnLineage, columnSchema, define, defineAssetJob, env, materializeResult, multiPartitions, observableAsset, resource, staticPartitions } from 'headrace';
const columns = (names: string) => columnSchema(names.split(' ').map((name) => ({ name, type: 'VARCHAR' })));
const crm = resource({ settings: { url: env('CRM_URL', 'https://crm.example.com') }, setUp: ({ settings }) => ({ url: settings.url }) });
const orders = asset({
  key: 'raw/orders', group: 'raw', resources: { crm },
  run: () => materializeResult({ metadata: { 'dagster/column_schema': columns('id amount currency note'), rows: 3 } }),
});
const staged = asset({
  key: 'staging/orders', group: 'staging', deps: [orders],
  run: () => materializeResult({ metadata: {
    'dagster/column_schema': columns('id euros'),
    'dagster/column_lineage': columnLineage({ id: [['raw/orders', 'id']], euros: [['raw/orders', 'amount'], ['raw/orders', 'currency']] }),
  } }),
});
const total = asset({
  key: 'marts/total', group: 'marts', deps: [staged], checks: { some: () => true },
  run: () => materializeResult({ metadata: {
    'dagster/column_schema': columns('total'),
    'dagster/column_lineage': columnLineage({ total: [['staging/orders', 'euros']] }),
  } }),
});
const visits = asset({
  key: 'web/visits', group: 'web',
  partitions: multiPartitions({ month: staticPartitions(['jan', 'feb', 'mar']), region: staticPartitions(['eu', 'us']) }),
  run: () => {},
});
const shops = asset({
  key: 'web/shops', group: 'web',
  partitions: staticPartitions(Array.from({ length: 10_000 }, (_, at) => 'shop_' + String(at).padStart(5, '0'))),
  run: () => {},
});
const elsewhere = asset({ key: 'web/elsewhere', group: 'web', run: () => {} });
const stock = observableAsset({ key: 'web/stock', group: 'web', run: () => ({ dataVersion: 'stock-7', metadata: { shelves: 4 } }) });
const tables: ReturnType<typeof asset>[] = [];
for (let at = 0; at < 240; at += 1) {
  const upstream = tables[at - 24];
  tables.push(asset({ key: 'area_' + String(at % 8) + '/table_' + String(at).padStart(3, '0'), group: 'area_' + String(at % 8), deps: upstream ? [upstream] : [], run: () => {} }));
}
export const definitions = define({
  assets: [orders, staged, total, visits, shops, elsewhere, stock, ...tables],
  jobs: [defineAssetJob({ name: 'shop', select: [orders, staged, total] })],
});
`,
};

const TWO_MINUTES = 120_000;
let server: ScratchServer;
let browser: Browser;
let opened: OpenedPage | undefined;

beforeAll(async () => {
  await buildDist();
  browser = await launchBrowser();
  server = await startScratchServer(PROJECT);
  const { runId } = await server.client.launchRun({ job: 'shop' });
  for await (const _ of server.client.followRun(runId));
  expect((await server.client.getRun(runId)).status).toBe('SUCCESS');
}, TWO_MINUTES);
afterAll(async () => {
  await browser?.close();
  await server?.close();
});
afterEach(() => opened?.context.close());

async function open(path: string): Promise<Page> {
  opened = await openPage(browser, server.url + path, { width: 1_280 });
  return opened.page;
}

/** Both themes and both layouts of a page as it is. */
async function expectFlawless(page: Page): Promise<void> {
  expect(await flawsOf(page)).toEqual([]);
  expect(opened?.complaints).toEqual([]);
}

/** Partitions of an asset that are materialized. */
async function materialized(path: readonly string[]): Promise<number | undefined> {
  const { assetNodeOrError } = await server.client.graphql<{
    assetNodeOrError: { partitionStats: { numMaterialized: number } };
  }>(
    `{ assetNodeOrError(assetKey: { path: ${JSON.stringify(path)} }) { ... on AssetNode { partitionStats { numMaterialized } } } }`,
  );
  return assetNodeOrError.partitionStats.numMaterialized;
}

const layouts = (page: Page) =>
  page.evaluate(
    () =>
      performance.getEntriesByName('lineage-layout').map((entry) => (entry as PerformanceMeasure).detail) as {
        nodes: number;
        inWorker: boolean;
      }[],
  );

test(
  'a column is followed across assets to what it comes from, in a drawing and in a table',
  async () => {
    const page = await open('/assets/marts/total?tab=columns');
    await page.getByRole('main').getByRole('link', { name: 'total', exact: true }).click();
    const drawing = page.getByRole('region', { name: 'Lineage of the column' });
    await drawing.getByRole('link', { name: 'euros' }).waitFor();
    await page.getByText('4 columns of 3 assets').waitFor();
    await expectFlawless(page);
    await page.setViewportSize({ width: 1_280, height: 900 });

    await page.getByRole('button', { name: 'Fewer levels up' }).click();
    await page.getByRole('button', { name: 'Fewer levels up' }).click();
    await page.getByText('2 columns of 2 assets').waitFor();
    await page.getByText('There is more upstream').waitFor();
    await page.getByRole('button', { name: 'More levels up' }).click();
    await drawing.getByRole('link', { name: 'currency' }).click();

    await page.waitForURL(/\/assets\/raw\/orders\?.*column=currency/);
    await page.getByText('3 columns of 3 assets').waitFor();
    await page.getByRole('button', { name: 'Table', exact: true }).click();
    const table = page.getByRole('region', { name: 'Lineage of the column' });
    await table.getByRole('row', { name: '2 down marts/total total staging/orders.euros' }).waitFor();
    await page.reload();
    await table.getByRole('row', { name: '1 down staging/orders euros raw/orders.currency' }).waitFor();
  },
  TWO_MINUTES,
);

test(
  'a lineage of columns that cannot be had says so in its panel and is tried again; of a column without one it says how to get it',
  async () => {
    const page = await open('/assets/raw/orders?tab=columns');
    await page.route('**/graphql', (route) =>
      route.request().postData()?.includes('query ColumnLineage') ? route.abort() : route.fallback(),
    );
    await page.getByRole('main').getByRole('link', { name: 'note', exact: true }).click();
    await page.getByText('The column’s lineage could not be loaded').waitFor();
    await page.getByRole('link', { name: 'currency', exact: true }).waitFor();
    await page.unroute('**/graphql');

    await page.getByRole('button', { name: 'Try again' }).click();

    await page.getByText('Nothing says what note comes from').waitFor();
    expect(await violationsOf(page)).toEqual([]);
  },
  TWO_MINUTES,
);

test(
  'a big lineage is laid out by a worker, once for each shape, and opens at a scale that can be read',
  async () => {
    const page = await open('/lineage');
    await page.getByText('247 of 247').waitFor();
    await page.getByRole('button', { name: 'Open groups' }).click();
    await page.getByRole('group', { name: 'Lineage of 247 boxes' }).waitFor();
    const scale = await page.getByText(/^\d+ %$/).textContent();
    expect(Number.parseInt(scale ?? '', 10)).toBeGreaterThanOrEqual(60);
    await page.getByRole('button', { name: 'Close groups' }).click();
    await page.getByRole('group', { name: 'Lineage of 12 boxes' }).waitFor();
    await page.getByRole('button', { name: 'Open groups' }).click();
    await page.getByRole('group', { name: 'Lineage of 247 boxes' }).waitFor();

    expect((await layouts(page)).map(({ nodes, inWorker }) => [nodes, inWorker])).toEqual([
      [12, false],
      [247, true],
    ]);
    await expectFlawless(page);
  },
  TWO_MINUTES,
);

test(
  'an asset is found in a closed group, which opens, and levels around it are taken and left',
  async () => {
    const page = await open('/lineage');
    const find = page.getByRole('textbox', { name: 'Find in the graph' });
    await find.fill('table_20');
    await page.getByText('10', { exact: true }).first().waitFor();
    await find.press('Enter');

    await page.waitForURL(/open=area_0/);
    await page.getByText('table_200, Missing').waitFor();
    await page.goto(`${server.url}/lineage?focus=area_0/table_200`);
    await page.getByText('4 of 247').waitFor();
    await page.getByRole('button', { name: 'More levels up' }).click();

    await page.getByText('5 of 247').waitFor();
    expect(new URL(page.url()).searchParams.get('q')).toBe('3+area_0/table_200+2');
    await page.getByRole('button', { name: 'Materialize with upstream (9)…' }).waitFor();
    await page.getByRole('button', { name: 'Table', exact: true }).click();
    await page.getByRole('link', { name: 'area_0/table_176' }).first().waitFor();
  },
  TWO_MINUTES,
);

test(
  'a filter offers keys and the selection language while it is typed, and what cannot be read is red',
  async () => {
    const page = await open('/assets');
    const filter = page.getByRole('combobox', { name: 'Filter assets' });
    const offered = (text: string) => page.getByRole('option', { name: text, exact: true });
    await filter.fill('2+marts/to');
    await offered('2+marts/total').click();
    await page.getByText('3 of 247 assets').waitFor();

    await filter.fill('select:"gro');
    await page.getByRole('option', { name: /^select:"group:/ }).click();
    await filter.pressSequentially('we');
    await offered('select:"group:web').click();
    await page.getByRole('option', { name: /^select:"group:web and not/ }).click();
    await filter.pressSequentially('kind:dbt');
    await filter.press('Enter');
    await page.getByText('No asset matches').waitFor();
    await page.getByRole('button', { name: /^Remove 2\+/ }).click();
    await page.getByText('4 of 247 assets').waitFor();

    await filter.fill('+nowhere');
    await filter.press('Enter');
    await page.getByText("There is no asset 'nowhere'.").waitFor({ state: 'attached' });
    await page.getByText('4 of 247 assets').waitFor();
  },
  TWO_MINUTES,
);

test(
  'ten thousand partitions are a small drawing, whose table and backfill say all of them',
  async () => {
    const page = await open('/assets/web/shops');
    const map = page.getByRole('group', { name: /^Partitions, arrow keys/ });
    await page.getByText('10,000 missing').waitFor();
    const { height, elements } = await map.evaluate((element) => ({
      height: element.querySelector('canvas')?.height ?? Number.POSITIVE_INFINITY,
      elements: document.querySelectorAll('*').length,
    }));
    expect(height).toBeLessThanOrEqual(320);
    expect(elements).toBeLessThan(1_500);

    await map.focus();
    await map.press('ArrowUp');
    await page.getByRole('button', { name: 'Materialize shop_09968…' }).waitFor();
    await page.getByRole('button', { name: 'Partitions as a table' }).click();
    await page.getByRole('row', { name: 'shop_00000 shop_09999 10,000 missing' }).waitFor();
    await page.getByRole('button', { name: 'Backfill 10,000…' }).click();
    await page
      .getByRole('dialog')
      .getByText('10,000 partitions by 10,000 runs · its backfill policy: a run for each partition')
      .waitFor();
  },
  TWO_MINUTES,
);

test(
  'a partition of two dimensions is chosen by their names, made, and wiped alone',
  async () => {
    const page = await open('/assets/web/visits');
    await page.getByText('6 missing').waitFor();
    await page.getByRole('button', { name: 'Materialize…', exact: true }).click();
    const dialog = page.getByRole('dialog', { name: 'Materialize 1 asset?' });
    await dialog.getByRole('combobox', { name: 'month' }).fill('jan..feb');
    await dialog.getByRole('combobox', { name: 'region' }).fill('eu');
    await dialog.getByText('A backfill makes 2 partitions, a run for each partition.').waitFor();
    expect(await violationsOf(page)).toEqual([]);
    await dialog.getByRole('button', { name: 'Launch 2 partitions' }).click();
    await page.getByText('2 materialized').waitFor();

    await page.reload();
    await page.getByText('2 materialized').waitFor();
    await page.getByRole('button', { name: 'Wipe feb|eu…' }).click();
    const wipe = page.getByRole('dialog', { name: 'Wipe 1 partition of web/visits?' });
    await becomes(() => wipe.getByRole('button', { name: 'Wipe 1 partition' }).isDisabled(), true);
    await wipe.getByRole('textbox').fill('web/visits');
    await wipe.getByRole('button', { name: 'Wipe 1 partition' }).click();
    await page.getByText('1 materialized').waitFor();
    expect(await materialized(['web', 'visits'])).toBe(1);
  },
  TWO_MINUTES,
);

test(
  'partitions of two dimensions are a map and a list, held to a value of either, and a cell opens its partition',
  async () => {
    const page = await open('/assets/web/visits?tab=partitions');
    const filter = page.getByRole('search', { name: 'Filter partitions' });
    await filter.getByText('6 of 6').waitFor();
    await page.getByRole('combobox', { name: 'region' }).selectOption('us');
    await filter.getByText('3 of 6').waitFor();
    await page.getByRole('combobox', { name: 'month' }).selectOption('mar');
    await filter.getByText('1 of 6').waitFor();
    expect(new URL(page.url()).searchParams.get('q')).toBe('region:us month:mar');

    const map = page.getByRole('group', { name: /^Partitions, arrow keys/ });
    await map.focus();
    await map.press('Enter');
    await page.waitForURL(/partition=/);
    const panel = page.getByRole('complementary', { name: 'Details' });
    const shown = new URL(page.url()).searchParams.get('partition') ?? '';
    await panel.getByRole('heading', { name: shown }).waitFor();
    await panel.getByText('Latest materialization').waitFor();
    await page.getByRole('combobox', { name: 'month' }).selectOption('');
    await filter.getByText('3 of 6').waitFor();
    await expectFlawless(page);
  },
  TWO_MINUTES,
);

test(
  'what happened elsewhere is reported without a run, and said so',
  async () => {
    const page = await open('/assets/web/elsewhere');
    await page.getByRole('button', { name: 'Report an event…' }).click();
    const dialog = page.getByRole('dialog', { name: 'Report an event of web/elsewhere?' });
    await dialog.getByRole('textbox', { name: /^Description/ }).fill('Loaded by hand');
    expect(await violationsOf(page)).toEqual([]);
    await dialog.getByRole('button', { name: 'Report 1 materialization' }).click();

    await page.getByRole('complementary').getByText('Loaded by hand').waitFor();
    await page.getByRole('link', { name: 'Events', exact: true }).click();
    await page.getByRole('gridcell', { name: 'reported' }).waitFor();
    await expectFlawless(page);
  },
  TWO_MINUTES,
);

test(
  'what others make is observed by a run, and nothing offers to make it',
  async () => {
    const page = await open('/assets/web/stock');
    await page.getByText('Observing it tells whether it changed').waitFor();
    await becomes(() => page.getByRole('button', { name: /^Materialize/ }).count(), 0);
    await page.getByRole('button', { name: 'Observe', exact: true }).click();
    await page.getByText('Launched an observation').waitFor();

    const aside = page.getByRole('complementary');
    await aside.getByText('stock-7').waitFor();
    await aside.getByText('shelves').waitFor();
    await page.getByText('External', { exact: true }).first().waitFor();
    await becomes(() => page.getByText(/Missing|Materialize it/).count(), 0);
    await expectFlawless(page);
    await page.goto(`${server.url}/lineage?asset=web/stock&q=web/stock`);
    await page.getByRole('button', { name: 'Observe', exact: true }).waitFor();
    await expectFlawless(page);
  },
  TWO_MINUTES,
);

test(
  'an asset is made with what is missing upstream of it, by one run',
  async () => {
    const page = await open('/assets/area_0/table_048');
    await page.getByRole('button', { name: 'Materialize…', exact: true }).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByRole('checkbox', { name: 'With 2 stale or missing assets upstream' }).click();
    await page.getByRole('dialog', { name: 'Materialize 3 assets?' }).waitFor();
    await dialog.getByRole('button', { name: 'Launch 1 run' }).click();

    await page.getByText('Up to date').waitFor();
    await page.goto(`${server.url}/assets/area_0/table_000`);
    await page.getByText('Up to date').waitFor();
  },
  TWO_MINUTES,
);

test(
  'checks, partitions and resources are among the definitions, and a resource opens beside them',
  async () => {
    const page = await open('/deployment?tab=definitions&q=kind:check,partitions,resource');
    await page.getByRole('row', { name: /^check marts\/total: some/ }).waitFor();
    await page.getByRole('row', { name: /^partitions .*month/ }).waitFor();
    await page.getByRole('row', { name: /^resource crm/ }).click();
    await page.getByRole('heading', { name: 'crm' }).waitFor();
    await page.getByText('CRM_URL').waitFor();
    await page.getByRole('link', { name: 'raw/orders' }).waitFor();
    await expectFlawless(page);
  },
  TWO_MINUTES,
);
