import { AxeBuilder } from '@axe-core/playwright';
import sparticuz from '@sparticuz/chromium';
import { type Browser, chromium, type Page } from 'playwright-core';
import { type ScratchServer, startScratchServer } from '../../../bench/support/scratch-server';
import { buildPrograms } from '../../../bin/build-programs.mjs';

/** The dashboard in a real browser, over a real instance that has run something. */
const PROJECT = {
  'workspace.yaml': 'code_locations:\n  - {name: shop, entry: index.ts}\n',
  'package.json': '{"type":"module","private":true}',
  'index.ts': `import { asset, dailyPartitions, define, defineAssetJob, schedule, sensor, skip } from 'headrace';
/** Orders of the shop. */
const orders = asset({ key: 'raw/orders', run: () => [1, 2, 3] });
const total = asset({ key: 'marts/total', inputs: { orders }, run: ({ inputs }) => inputs.orders.length, checks: { some: (n) => n > 0 } });
const daily = asset({ key: 'raw/daily', partitions: dailyPartitions({ start: '2026-01-01' }), run: () => {} });
const broken = asset({ key: 'raw/broken', run: () => { throw new Error('the shop is closed'); } });
const all = defineAssetJob({ name: 'all', select: [orders, total] });
const failing = defineAssetJob({ name: 'failing', select: broken });
export const definitions = define({
  assets: [orders, total, daily, broken],
  jobs: [all, failing],
  schedules: [schedule({ job: all, cron: '0 6 * * *', timezone: 'Europe/Berlin' })],
  sensors: [sensor({ name: 'quiet', job: all, run: () => skip('nothing new') })],
});
`,
};

const TWO_MINUTES = 120_000;
let server: ScratchServer;
let browser: Browser;
let succeeded: string;

beforeAll(async () => {
  await buildPrograms({ root: process.cwd(), outDirectory: 'dist' });
  server = await startScratchServer(PROJECT);
  const ok = await server.client.launchRun({ job: 'all' });
  const bad = await server.client.launchRun({ job: 'failing' });
  for (const { runId } of [ok, bad]) for await (const _ of server.client.followRun(runId));
  succeeded = ok.runId;
  expect((await server.client.getRun(ok.runId)).status).toBe('SUCCESS');
  expect((await server.client.getRun(bad.runId)).status).toBe('FAILURE');
}, TWO_MINUTES);

afterAll(() => server?.close());

// This build of Chromium lives in one process: a context that is closed takes the browser with it.
beforeEach(async () => {
  browser = await chromium.launch({
    executablePath: await sparticuz.executablePath(),
    args: sparticuz.args,
    headless: true,
  });
}, TWO_MINUTES);

afterEach(() => browser.close().catch(() => {}));

interface Opened {
  readonly page: Page;
  /** What the browser complained about. */
  readonly complaints: string[];
}

async function open(path: string, colorScheme: 'light' | 'dark', width = 1440): Promise<Opened> {
  const context = await browser.newContext({
    viewport: { width, height: 900 },
    colorScheme,
    baseURL: server.url,
  });
  const page = await context.newPage();
  const complaints: string[] = [];
  page.on('console', (message) => {
    if (message.type() === 'error') complaints.push(message.text());
  });
  page.on('pageerror', (error) => complaints.push(error.message));
  await page.goto(path);
  await page.waitForLoadState('networkidle');
  return { page, complaints };
}

const PAGES = [
  ['overview', '/', 'Needs attention'],
  ['runs', '/runs', 'failing'],
  ['run', '/runs/{run}', 'RUN_SUCCESS'],
  ['assets', '/assets', 'orders'],
  ['lineage', '/lineage', 'Close groups'],
  ['jobs', '/jobs', 'failing'],
  ['schedules', '/schedules', 'Berlin'],
  ['sensors', '/sensors', 'quiet'],
  ['deployment', '/deployment', 'shop'],
] as const;

describe.each(['light', 'dark'] as const)('%s theme', (theme) => {
  test.each(PAGES)(
    'the %s page shows its content, without axe violations or browser errors',
    async (_name, path, text) => {
      const { page, complaints } = await open(path.replace('{run}', succeeded), theme);

      await page.getByText(text).filter({ visible: true }).first().waitFor({ timeout: 20_000 });
      const { violations } = await new AxeBuilder({ page }).withTags(['wcag2a', 'wcag2aa']).analyze();

      expect(
        violations.map(
          ({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html.slice(0, 120)).join(' | ')}`,
        ),
      ).toEqual([]);
      expect(complaints).toEqual([]);
      const overflow = await page.evaluate(
        'document.documentElement.scrollWidth - document.documentElement.clientWidth',
      );
      expect(overflow).toBe(0);
    },
    TWO_MINUTES,
  );
});

test(
  'a schedule is switched off on its page, and the server knows',
  async () => {
    const { page } = await open('/schedules', 'light');
    const toggle = page.getByRole('switch').first();
    const before = await toggle.getAttribute('aria-checked');

    await toggle.click();

    const wanted = before === 'true' ? 'STOPPED' : 'RUNNING';
    let status = '';
    for (let i = 0; i < 50 && status !== wanted; i++) {
      const answer = await server.client.graphql<{
        schedulesOrError: { results: { scheduleState: { status: string } }[] };
      }>('{ schedulesOrError { ... on Schedules { results { scheduleState { status } } } } }');
      status = answer.schedulesOrError.results[0]?.scheduleState.status ?? '';
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
    expect(status).toBe(wanted);
  },
  TWO_MINUTES,
);
