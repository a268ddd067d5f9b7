import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { writeTickLogs } from '../../../lib/engine/ticks/tick-logs';
import { type ApiHarness, createApiHarness } from '../../support/api-harness';

const REPOSITORY = 'repositoryLocationName: "shop", repositoryName: "__repository__"';

interface State {
  readonly id: string;
  readonly status: string;
}

describe('schedules and sensors by GraphQL', () => {
  let harness: ApiHarness;
  beforeAll(async () => {
    harness = await createApiHarness();
  });
  afterAll(() => harness.close());
  async function ask<T>(text: string): Promise<T> {
    const { data, errors } = await harness.graphql<T>(text);
    expect(errors).toBeUndefined();
    return data;
  }
  const stored = async (kind: string, name: string) =>
    (await harness.storage.instigatorStates()).find(
      ({ instigator }) => instigator.kind === kind && instigator.name === name,
    )?.status;

  test('a schedule is started, stopped by its id and reset, and each answer shows the new state', async () => {
    const state = '... on ScheduleStateResult { scheduleState { id status } }';
    const selector = `scheduleSelector: {${REPOSITORY}, scheduleName: "every_night"}`;

    const { startSchedule } = await ask<{ startSchedule: { scheduleState: State } }>(
      `mutation { startSchedule(${selector}) { ${state} } }`,
    );
    expect(startSchedule.scheduleState.status).toBe('RUNNING');
    expect(harness.scheduler.alarms.at(-1)).toBeGreaterThan(Date.now());

    const { stopRunningSchedule } = await ask<{ stopRunningSchedule: { scheduleState: State } }>(
      `mutation { stopRunningSchedule(id: "${startSchedule.scheduleState.id}") { ${state} } }`,
    );
    expect(stopRunningSchedule.scheduleState.status).toBe('STOPPED');
    expect(await stored('schedule', 'every_night')).toBe('STOPPED');

    const { resetSchedule } = await ask<{ resetSchedule: { scheduleState: State } }>(
      `mutation { resetSchedule(${selector}) { ${state} } }`,
    );
    expect(resetSchedule.scheduleState.status).toBe('STOPPED');
    expect(await stored('schedule', 'every_night')).toBe('DECLARED_IN_CODE');
  });

  test('a sensor is started, given a cursor, stopped by its id and reset', async () => {
    const selector = `sensorSelector: {${REPOSITORY}, sensorName: "new_files"}`;
    const state =
      '... on Sensor { sensorState { id status typeSpecificData { ... on SensorData { lastCursor } } } }';
    interface Answer {
      readonly sensorState: State & { readonly typeSpecificData: { readonly lastCursor: string | null } };
    }
    const { startSensor } = await ask<{ startSensor: Answer }>(
      `mutation { startSensor(${selector}) { ${state} } }`,
    );
    expect(startSensor.sensorState.status).toBe('RUNNING');

    harness.scheduler.alarms.length = 0;
    const { setSensorCursor } = await ask<{ setSensorCursor: Answer }>(
      `mutation { setSensorCursor(${selector}, cursor: "7") { ${state} } }`,
    );
    expect(setSensorCursor.sensorState.typeSpecificData.lastCursor).toBe('7');
    expect(harness.scheduler.alarms).not.toEqual([]);

    const { stopSensor } = await ask<{ stopSensor: { instigationState: State } }>(
      `mutation { stopSensor(id: "${startSensor.sensorState.id}") { ... on StopSensorMutationResult { instigationState { id status } } } }`,
    );
    expect(stopSensor.instigationState.status).toBe('STOPPED');

    await ask(`mutation { resetSensor(${selector}) { ${state} } }`);
    expect(await stored('sensor', 'new_files')).toBe('DECLARED_IN_CODE');
  });

  test.each([
    [`startSchedule(scheduleSelector: {${REPOSITORY}, scheduleName: "x"})`, 'ScheduleNotFoundError'],
    [`resetSchedule(scheduleSelector: {${REPOSITORY}, scheduleName: "x"})`, 'ScheduleNotFoundError'],
    ['stopRunningSchedule(id: "shop:schedule:x")', 'PythonError'],
    ['stopRunningSchedule(id: "shop:sensor:new_files")', 'PythonError'],
    [`startSensor(sensorSelector: {${REPOSITORY}, sensorName: "x"})`, 'SensorNotFoundError'],
    [`resetSensor(sensorSelector: {${REPOSITORY}, sensorName: "x"})`, 'SensorNotFoundError'],
    [`setSensorCursor(sensorSelector: {${REPOSITORY}, sensorName: "x"}, cursor: "1")`, 'SensorNotFoundError'],
    ['stopSensor(id: "nonsense")', 'PythonError'],
    [`scheduleDryRun(selectorData: {${REPOSITORY}, scheduleName: "x"})`, 'ScheduleNotFoundError'],
    [`sensorDryRun(selectorData: {${REPOSITORY}, sensorName: "x"})`, 'SensorNotFoundError'],
  ])('%s is a typed error', async (mutation, type) => {
    const { answer } = await ask<{ answer: unknown }>(
      `mutation { answer: ${mutation} { __typename ... on Error { message } } }`,
    );
    expect(answer).toEqual({ __typename: type, message: expect.any(String) });
  });

  const EVALUATION = `__typename ... on DryRunInstigationTick { timestamp evaluationResult {
    cursor skipReason error { message stack } runRequests { runKey jobName runConfigYaml tags { key value } assetSelection { path } } } }`;

  test('a dry run of a schedule tells what it would ask for, skip or throw, and stores nothing', async () => {
    const at = Date.UTC(2026, 2, 2, 9) / 1000;
    const dryRun = async (name: string, timestamp: number) =>
      (
        await ask<{ scheduleDryRun: unknown }>(
          `mutation { scheduleDryRun(selectorData: {${REPOSITORY}, scheduleName: "${name}"}, timestamp: ${timestamp}) { ${EVALUATION} } }`,
        )
      ).scheduleDryRun;
    const before = await harness.storage.countRuns({});

    expect(await dryRun('weekdays', at)).toMatchObject({
      timestamp: at,
      evaluationResult: { error: null, skipReason: null, runRequests: [{ runKey: 'w' }] },
    });
    expect(await dryRun('weekdays', at - 86_400)).toMatchObject({
      evaluationResult: { skipReason: 'weekend' },
    });
    expect(await dryRun('broken', at)).toMatchObject({
      evaluationResult: { error: { message: expect.stringContaining('no such table') } },
    });
    expect(await dryRun('every_night', at)).toMatchObject({
      evaluationResult: { runRequests: [{ runKey: null }] },
    });
    expect(await harness.storage.countRuns({})).toBe(before);
  });

  test('a dry run of a sensor takes the cursor that is given', async () => {
    const dryRun = async (cursor: string) =>
      (
        await ask<{ sensorDryRun: unknown }>(
          `mutation { sensorDryRun(selectorData: {${REPOSITORY}, sensorName: "new_files"}, cursor: "${cursor}") { ${EVALUATION} } }`,
        )
      ).sensorDryRun;
    expect(await dryRun('3')).toMatchObject({ evaluationResult: { runRequests: [{ runKey: 'after-3' }] } });
    expect(await dryRun('stop')).toMatchObject({
      evaluationResult: { skipReason: 'nothing new', runRequests: [] },
    });
  });

  test('a schedule tells its ticks to come in its own time zone', async () => {
    const { scheduleOrError } = await ask<{
      scheduleOrError: { futureTicks: { results: { timestamp: number }[] } };
    }>(
      `{ scheduleOrError(scheduleSelector: {${REPOSITORY}, scheduleName: "every_night"}) { ... on Schedule {
        cronSchedule executionTimezone futureTicks(cursor: ${Date.UTC(2027, 0, 1) / 1000}, limit: 2) { results { timestamp } } } } }`,
    );
    expect(scheduleOrError).toMatchObject({ cronSchedule: '30 2 * * *', executionTimezone: 'Europe/Berlin' });
    expect(
      scheduleOrError.futureTicks.results.map(({ timestamp }) => new Date(timestamp * 1000).toISOString()),
    ).toEqual(['2027-01-01T01:30:00.000Z', '2027-01-02T01:30:00.000Z']);
  });

  test('ticks are paged from the newest, filtered by status, with their runs', async () => {
    // Prepare
    const id = { location: 'shop', kind: 'sensor', name: 'new_files' } as const;
    for (const status of ['SUCCESS', 'SKIPPED', 'FAILURE', 'SKIPPED'] as const) {
      const at = Date.now();
      const tick = await harness.storage.startTick(id, at, at, 60);
      if (tick === undefined) throw new Error('the tick was not opened');
      await harness.storage.finishTick(tick, {
        status,
        runs: [],
        skipReason: status === 'SKIPPED' ? 'nothing new' : null,
        cursor: null,
        error: status === 'FAILURE' ? { name: 'TypeError', message: 'no' } : null,
        dynamicPartitions: [],
        endedAt: at,
      });
      await new Promise((resolve) => setTimeout(resolve, 2));
    }
    const page = async (args: string) =>
      (
        await ask<{ instigationStateOrError: { ticks: { id: string; status: string }[] } }>(
          `{ instigationStateOrError(instigationSelector: {${REPOSITORY}, name: "new_files"}) {
            ... on InstigationState { ticks(${args}) { id status skipReason error { message } runs { runId } } } } }`,
        )
      ).instigationStateOrError.ticks;

    // Act
    const first = await page('limit: 3');
    const second = await page(`limit: 3, cursor: "${first.at(-1)?.id}"`);

    // Assess
    expect([...first, ...second].map(({ status }) => status)).toEqual([
      'SKIPPED',
      'FAILURE',
      'SKIPPED',
      'SUCCESS',
    ]);
    expect(first[1]).toMatchObject({ error: { message: 'TypeError: no' } });
    expect((await page('limit: 9, statuses: [SKIPPED]')).length).toBe(2);
  });

  test('a tick shows what its code logged, and that it logged nothing', async () => {
    const id = { location: 'shop', kind: 'sensor', name: 'new_files' } as const;
    const tick = await harness.storage.startTick(id, 5_000, 5_000, 60);
    if (tick === undefined) throw new Error('the tick was not opened');
    const logOf = async () =>
      (
        await ask<{ instigationStateOrError: { tick: { logEvents: unknown } } }>(
          `{ instigationStateOrError(instigationSelector: {${REPOSITORY}, name: "new_files"}) { ... on InstigationState {
            tick(tickId: "${tick.tickId}") { logEvents { events { level timestamp message } hasMore } } } } }`,
        )
      ).instigationStateOrError.tick.logEvents;

    expect(await logOf()).toEqual({ events: [], hasMore: false });
    await writeTickLogs(harness.instance, id, tick.tickId, [
      { level: 'INFO', timestamp: 5_001, message: 'looked into the inbox' },
      { level: 'WARNING', timestamp: 5_002, message: 'two files have no end' },
    ]);
    expect(await logOf()).toEqual({
      events: [
        { level: 'INFO', timestamp: '5001', message: 'looked into the inbox' },
        { level: 'WARNING', timestamp: '5002', message: 'two files have no end' },
      ],
      hasMore: false,
    });
  });
});
