import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { listInstigators } from '../../../lib/cli/commands/instigators';
import { listTicks } from '../../../lib/cli/commands/schedule-ticks';
import type { Output } from '../../../lib/cli/output';
import type { HeadraceClient } from '../../../lib/client';
import type { InstigatorId } from '../../../lib/model/tick';
import { type ApiHarness, createApiHarness } from '../../support/api-harness';

const NIGHTLY = { location: 'shop', name: 'every_night' };
const ID: InstigatorId = { ...NIGHTLY, kind: 'schedule' };
const SECOND = 1_000;
const failure = {
  status: 'FAILURE',
  runs: [],
  skipReason: null,
  cursor: null,
  error: { name: 'Error', message: 'no answer' },
  dynamicPartitions: [],
  endedAt: 5 * SECOND,
} as const;

let harness: ApiHarness;
beforeAll(async () => {
  harness = await createApiHarness();
  const { storage } = harness;
  await storage.recordExpectedTicks(
    {
      withdrawn: [],
      expected: [
        {
          ...NIGHTLY,
          cron: ['0 0 * * *'],
          timezone: 'UTC',
          through: 9 * SECOND,
          refillAt: null,
          ticks: [1, 2, 3, 8, 9].map((at) => at * SECOND),
        },
      ],
      missed: [1, 2, 3].map((at) => ({ ...NIGHTLY, scheduledAt: at * SECOND, reason: `why ${at}` })),
    },
    4 * SECOND,
  );
  const tick = await storage.startTick(ID, 5 * SECOND, 5 * SECOND, 60);
  if (tick === undefined) throw new Error('the tick did not open');
  await storage.pauseInstigator(await storage.finishTick(tick, failure), 'It failed too often.', 6 * SECOND);
});
afterAll(() => harness.close());

async function stateOf(fields: string): Promise<Record<string, unknown>> {
  const { data, errors } = await harness.graphql<{
    instigationStateOrError: Record<string, unknown>;
  }>(
    `{ instigationStateOrError(instigationSelector: { repositoryName: "__repository__", repositoryLocationName: "shop", name: "every_night" }) { ... on InstigationState { ${fields} } } }`,
  );
  expect(errors).toBeUndefined();
  return data.instigationStateOrError;
}

test('a schedule tells which ticks it missed and why, page by page, and why it turned itself off', async () => {
  // Turned off at 6 s, it expects nothing any more.
  expect(
    await stateOf(
      'status stopReason expectedTicks { timestamp } missedTicks(limit: 2) { timestamp reason missedTimestamp }',
    ),
  ).toEqual({
    status: 'STOPPED',
    stopReason: 'It failed too often.',
    expectedTicks: [],
    missedTicks: [
      { timestamp: 3, reason: 'why 3', missedTimestamp: 4 },
      { timestamp: 2, reason: 'why 2', missedTimestamp: 4 },
    ],
  });
  expect(await stateOf('missedTicks(cursor: 2) { timestamp }')).toEqual({ missedTicks: [{ timestamp: 1 }] });
});

test('a tick that was not missed is not made up for, with the reason', async () => {
  const { data } = await harness.graphql<{ evaluateMissedTick: unknown }>(
    'mutation { evaluateMissedTick(scheduleSelector: { repositoryName: "__repository__", repositoryLocationName: "shop", scheduleName: "every_night" }, timestamp: 7) { __typename ... on Error { message } } }',
  );
  expect(data.evaluateMissedTick).toEqual({
    __typename: 'PythonError',
    message: expect.stringMatching(/no missed tick at 1970-01-01T00:00:07/),
  });
});

test('the command line lists what ticked and what did not, newest first', async () => {
  const client = {
    graphql: async (query: string, variables?: Record<string, unknown>) => {
      const { data, errors } = await harness.graphql(query, variables);
      expect(errors).toBeUndefined();
      return data;
    },
  } as unknown as HeadraceClient;
  const lines: string[] = [];
  const results: unknown[] = [];
  const output = {
    result: (value: unknown, print: () => void) => {
      results.push(value);
      print();
    },
    line: (text: string) => lines.push(text),
    note: (text: string) => lines.push(text),
    table: (_head: unknown, rows: readonly (readonly unknown[])[]) =>
      lines.push(...rows.map((row) => row.join(' | '))),
  } as unknown as Output;

  await listTicks(client, 'every_night', 3, output);
  expect(results).toEqual([
    {
      stopReason: 'It failed too often.',
      ticks: [
        { timestamp: 5, status: 'FAILURE', detail: 'Error: no answer' },
        { timestamp: 3, status: 'MISSED', detail: 'why 3' },
        { timestamp: 2, status: 'MISSED', detail: 'why 2' },
      ],
    },
  ]);
  expect(lines.at(-1)).toBe('It failed too often.');

  await listInstigators(client, 'schedule', output);
  expect(lines.join('\n')).toMatch(/every_night \| shop \| STOPPED \(itself\)/);
  expect(lines.at(-1)).toBe('every_night: It failed too often.');
});

test('a missed tick is made up for: its run is launched, and it is missed no more', async () => {
  const { data } = await harness.graphql<{ evaluateMissedTick: { tick: { runIds: string[] } } }>(
    'mutation { evaluateMissedTick(scheduleSelector: { repositoryName: "__repository__", repositoryLocationName: "shop", scheduleName: "every_night" }, timestamp: 3) { __typename ... on EvaluateMissedTickSuccess { tick { status timestamp runIds } } ... on Error { message } } }',
  );
  expect(data.evaluateMissedTick).toMatchObject({ tick: { status: 'SUCCESS', timestamp: 3 } });
  const run = await harness.storage.getRun(data.evaluateMissedTick.tick.runIds[0] ?? '');
  expect(run).toMatchObject({ location: 'shop', tags: { 'dagster/schedule_name': 'every_night' } });
  expect(await stateOf('missedTicks { timestamp }')).toEqual({
    missedTicks: [{ timestamp: 2 }, { timestamp: 1 }],
  });
});
