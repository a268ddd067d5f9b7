import type { Page } from 'playwright-core';
import { type ScratchServer, startScratchServer } from '../../../bench/support/scratch-server';
import { becomes, flawsOf, setUpDashboard, until } from '../../support/set-up-dashboard';

/** Schedules and sensors on a real instance. */
const PROJECT = {
  'workspace.yaml': 'code_locations:\n  - {name: shop, entry: index.ts}\n',
  'package.json': '{"type":"module","private":true}',
  'index.ts': `import { asset, define, defineAssetJob, runRequest, schedule, sensor, skip } from 'headrace';
const orders = asset({ key: 'raw/orders', run: () => {} });
const all = defineAssetJob({ name: 'all', select: orders });
export const definitions = define({
  assets: [orders],
  jobs: [all],
  schedules: [
    schedule({ name: 'nightly', job: all, cron: '0 3 * * *', timezone: 'America/New_York',
      evaluate: ({ scheduledAt }) => scheduledAt.getUTCFullYear() < 2020 ? skip('the shop was not open yet') : runRequest({ tags: { day: scheduledAt.toISOString().slice(0, 10) } }) }),
  ],
  sensors: [
    sensor({ name: 'files', job: all, evaluate: ({ cursor, log }) => {
      log.warning('the bucket answers slowly');
      if (cursor === 'broken') throw new Error('the bucket is gone');
      const next = Number(cursor ?? 0) + 1;
      return { runRequests: [runRequest({ runKey: 'file-' + next })], cursor: String(next) };
    } }),
  ],
});
`,
};
const DAY_MS = 86_400_000;
let server: ScratchServer;
const dashboard = setUpDashboard(() => server.url);

beforeAll(async () => {
  server = await startScratchServer(PROJECT);
});
afterAll(() => server?.close());

const SCHEDULE =
  '{repositoryName: "__repository__", repositoryLocationName: "shop", scheduleName: "nightly"}';

/** Both themes and widths of the page as it is, with its dialog or panel open. */
async function expectNothingWrong(page: Page): Promise<void> {
  expect(await flawsOf(page)).toEqual([]);
  expect(dashboard.complaints).toEqual([]);
}

test('a schedule’s frequency stands in words, with its cron and zone, and its next ticks in the reader’s zone and its own', async () => {
  await server.client.graphql(`mutation { startSchedule(scheduleSelector: ${SCHEDULE}) { __typename } }`);
  const page = await dashboard.open('/schedules?open=shop:nightly');
  const panel = page.getByRole('complementary', { name: 'Details' });
  await panel.getByText('Daily at 03:00').waitFor();
  await panel.getByText('0 3 * * *').waitFor();

  const { scheduleOrError } = await server.client.graphql<{
    scheduleOrError: { futureTicks: { results: { timestamp: number }[] } };
  }>(
    `{ scheduleOrError(scheduleSelector: ${SCHEDULE}) { ... on Schedule { futureTicks(limit: 4) { results { timestamp } } } } }`,
  );
  const shown = panel.getByRole('region', { name: 'Next ticks' });
  for (const { timestamp } of scheduleOrError.futureTicks.results) {
    const at = new Date(timestamp * 1_000);
    const clock = at.toLocaleTimeString('en-GB', {
      timeZone: 'Europe/Berlin',
      hour: '2-digit',
      minute: '2-digit',
    });
    await shown.locator(`time[datetime="${at.toISOString()}"]`).getByText(clock).first().waitFor();
  }
  await shown.getByText('03:00 America/New_York').first().waitFor();
});

test('a tick is previewed at the time that the reader chooses, and nothing is launched', async () => {
  const page = await dashboard.open('/schedules?open=shop:nightly');
  await page.getByRole('button', { name: 'Preview a tick…' }).click();
  const dialog = page.getByRole('dialog', { name: 'Preview a tick of nightly' });
  const time = dialog.getByRole('textbox', { name: 'Time' });
  await time.fill('tomorrow');
  await becomes(() => dialog.getByRole('button', { name: 'Evaluate' }).isDisabled(), true);

  // Berlin's clock: two hours ahead of UTC that day.
  await time.fill('2026-07-02 01:30');
  await dialog.getByRole('button', { name: 'Evaluate' }).click();
  await dialog.getByText('It launches 1 run.').waitFor();
  await dialog.getByText('day=2026-07-01').waitFor();
  await expectNothingWrong(page);

  await time.fill('2019-01-01');
  await dialog.getByRole('button', { name: 'Evaluate' }).click();
  await dialog.getByText('the shop was not open yet').waitFor();
  expect(await server.client.listRuns({ job: 'all' })).toEqual([]);
});

test('missed ticks are in the history with the reason, and are made up for, each as of its own time', async () => {
  const midnight = Math.floor(Date.now() / DAY_MS) * DAY_MS;
  const missed = [1, 2].map((days) => midnight - days * DAY_MS);
  for (const at of missed) {
    await server.database.query(
      `with added as (insert into headrace.expected_ticks (location, name, scheduled_at, status, reason, missed_at)
           values ('shop', 'nightly', $1::bigint, 'MISSED', 'Nothing evaluated it: the machine slept.', $1::bigint) returning 1)
         select to_json(count(*)) from added`,
      [at],
    );
  }
  const page = await dashboard.open('/schedules?open=shop:nightly');
  const history = page.getByRole('list', { name: 'Ticks' });
  await history.getByText('Missed. Nothing evaluated it: the machine slept.').first().waitFor();
  await page.getByRole('img', { name: '2 ticks: 2 missed' }).waitFor();
  await page.getByRole('button', { name: 'Backfill 2 missed…' }).click();
  const dialog = page.getByRole('dialog', { name: 'Backfill 2 missed ticks of nightly?' });
  await dialog.getByText('the machine slept').first().waitFor();
  await expectNothingWrong(page);
  await page.setViewportSize({ width: 1_280, height: 900 });

  await dialog.getByRole('button', { name: 'Evaluate 2 ticks' }).click();

  await page.getByText('Launched 2 runs').waitFor();
  await page.getByRole('img', { name: '2 ticks: 2 success' }).waitFor();
  await page.getByRole('button', { name: /missed…/ }).waitFor({ state: 'detached' });
  const runs = await server.client.listRuns({ job: 'all' });
  const days = missed.map((at) => new Date(at).toISOString().slice(0, 10));
  expect(runs.map(({ tags }) => tags['day']).sort()).toEqual(days.toSorted());
  expect(runs.map(({ tags }) => tags['dagster/schedule_name'])).toEqual(['nightly', 'nightly']);
});

const cursorOf = async () => {
  const { sensorOrError } = await server.client.graphql<{
    sensorOrError: { sensorState: { typeSpecificData: { lastCursor: string | null } } };
  }>(
    '{ sensorOrError(sensorSelector: {repositoryName: "__repository__", repositoryLocationName: "shop", sensorName: "files"}) { ... on Sensor { sensorState { typeSpecificData { ... on SensorData { lastCursor } } } } } }',
  );
  return sensorOrError.sensorState.typeSpecificData.lastCursor;
};

test('a sensor’s cursor is set and cleared on its page', async () => {
  const page = await dashboard.open('/sensors?open=shop:files');
  const cursor = page.getByRole('region', { name: 'Cursor' }).first();
  await cursor.getByText('None:').waitFor();
  await cursor.getByRole('button', { name: 'Set cursor…' }).click();
  const dialog = page.getByRole('dialog', { name: 'Set the cursor of files' });
  await dialog.getByRole('textbox', { name: 'Cursor' }).fill('41');
  await dialog.getByRole('button', { name: 'Set the cursor' }).click();
  // Its field has the cursor, too.
  await dialog.waitFor({ state: 'detached' });

  await cursor.getByText('41', { exact: true }).waitFor();
  expect(await cursorOf()).toBe('41');

  await cursor.getByRole('button', { name: 'Set cursor…' }).click();
  await dialog.getByRole('textbox', { name: 'Cursor' }).fill('');
  await dialog.getByRole('button', { name: 'Clear the cursor' }).click();
  await dialog.waitFor({ state: 'detached' });
  await cursor.getByText('None:').waitFor();
  expect(await cursorOf()).toBeNull();
});

test('a sensor is tested from a cursor: its requests or its error are shown, and the cursor that it leaves can be kept', async () => {
  const before = (await server.client.listRuns({ job: 'all' })).length;
  const page = await dashboard.open('/sensors?open=shop:files');
  await page.getByRole('button', { name: 'Test…' }).click();
  const dialog = page.getByRole('dialog', { name: 'Test files' });
  await dialog.getByRole('textbox', { name: 'Cursor' }).fill('broken');
  await dialog.getByRole('button', { name: 'Evaluate' }).click();
  await dialog.getByText('the bucket is gone').first().waitFor();

  await dialog.getByRole('textbox', { name: 'Cursor' }).fill('6');
  await dialog.getByRole('button', { name: 'Evaluate' }).click();
  await dialog.getByText('run key file-7').waitFor();
  expect((await server.client.listRuns({ job: 'all' })).length).toBe(before);
  await expectNothingWrong(page);

  await dialog.getByRole('button', { name: 'Go on from this cursor' }).click();
  await dialog.waitFor({ state: 'detached' });
  expect(await cursorOf()).toBe('7');
});

test('a sensor is switched on, evaluated, and its tick stands in its history with the run', async () => {
  const page = await dashboard.open('/sensors?open=shop:files');
  await page.getByRole('complementary', { name: 'Details' }).getByRole('switch').click();
  const link = page.getByRole('list', { name: 'Ticks' }).getByRole('link').first();
  await link.waitFor();
  const runId = new URL((await link.getAttribute('href')) ?? '', server.url).pathname.split('/').at(-1) ?? '';

  expect((await server.client.getRun(runId)).tags['dagster/sensor_name']).toBe('files');
  const tick = page
    .getByRole('list', { name: 'Ticks' })
    .getByRole('listitem')
    .filter({ has: page.locator(`a[href$="${runId}"]`) });
  await tick.getByRole('button', { name: 'Log' }).click();
  await tick.getByText('the bucket answers slowly').waitFor();
  await expectNothingWrong(page);
  await page.getByRole('complementary', { name: 'Details' }).getByRole('switch').click();
  await until(
    async () => page.getByRole('complementary', { name: 'Details' }).getByRole('switch').isChecked(),
    (on) => !on,
  );
});
