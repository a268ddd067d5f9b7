import { type ScratchServer, startScratchServer } from '../../../bench/support/scratch-server';
import { setUpDashboard, violationsOf } from '../../support/set-up-dashboard';

/** A real instance on its first day: every list says what belongs there and the next step, with its command. */
let server: ScratchServer;
const dashboard = setUpDashboard(() => server.url);

beforeAll(async () => {
  server = await startScratchServer({
    'workspace.yaml': 'code_locations:\n  - {name: shop, entry: index.ts}\n',
    'package.json': '{"type":"module","private":true}',
    'index.ts': "import { define } from 'headrace';\nexport const definitions = define({ assets: [] });\n",
  });
});
afterAll(() => server?.close());

test.each([
  ['/runs', 'No runs yet', 'headrace run'],
  ['/backfills', 'No backfills yet', 'headrace'],
  ['/assets', 'No assets yet', 'asset('],
  ['/lineage', 'No assets yet', 'asset('],
  ['/jobs', 'No jobs yet', 'defineAssetJob('],
  ['/schedules', 'No schedules yet', 'schedule('],
  ['/sensors', 'No sensors yet', 'sensor('],
  ['/automation', 'Nothing runs by itself yet', 'automation'],
  ['/deployment?tab=tokens', 'No tokens yet', 'headrace token'],
] as const)('%s says “%s” and shows the next step', async (path, title, command) => {
  const page = await dashboard.open(path);
  await page.getByRole('heading', { name: title }).waitFor();
  await page.getByRole('main').locator('code').filter({ hasText: command }).first().waitFor();
  await page.getByRole('main').getByRole('button', { name: 'Copy command' }).first().waitFor();
  expect(await violationsOf(page)).toEqual([]);
  expect(dashboard.complaints).toEqual([]);
});
