import type { CodeLocationRequest, CodeLocationResponses, InstigatorLog } from '../../model/code-location';
import type { ScheduleManifest, SensorManifest } from '../../model/manifest';
import type { NewRun } from '../../model/run';
import type { InstigatorResult } from '../../model/run-request';
import type { DeliveredEvent } from '../../model/sensor-event';
import type { InstigatorState } from '../../model/tick';
import type { AutomationTickOutcome } from '../../ports/automation-storage';
import { PortError } from '../../ports/errors';
import type { Instance } from '../../ports/instance';
import type { EngineSettings } from '../engine-settings';
import { findJob, type LoadedLocation } from '../find-definitions';
import { scheduleRequests } from './schedule-requests';
import { readSensorFeed } from './sensor-feed';

/** What an evaluation came to, before anything is made of it. */
export interface Evaluation {
  readonly result: InstigatorResult;
  readonly logs: readonly InstigatorLog[];
  /** Of automation sensors: what is stored beside the runs that were made of the requests. */
  readonly automation?: (runs: readonly NewRun[]) => AutomationTickOutcome;
}

/** A client that does not keep its own time-out is given up this much later, in milliseconds. */
const GRACE_MS = 5_000;

/**
 * Evaluates a schedule at an instant; user code is asked only where the schedule has a function.
 *
 * @throws {EngineError} @throws {UserCodeError} @throws {PortError} transient: unreachable or too late
 */
export async function askSchedule(
  instance: Instance,
  settings: EngineSettings,
  location: LoadedLocation,
  schedule: ScheduleManifest,
  scheduledAt: number,
): Promise<Evaluation> {
  if (schedule.request !== null) {
    const { request } = schedule;
    const job = findJob(location.manifest, schedule.jobName);
    const result = scheduleRequests(location.manifest, job, { ...schedule, request }, scheduledAt);
    return { result, logs: [] };
  }
  const request = { kind: 'evaluate-schedule', schedule: schedule.name, scheduledAt } as const;
  return ask<'evaluate-schedule'>(instance, location, request, settings.schedules.timeout);
}

/**
 * Evaluates a sensor from a cursor. One that follows runs or assets is not asked when nothing happened.
 *
 * @param event what was pushed to it
 * @throws as `askSchedule`
 */
export async function askSensor(
  instance: Instance,
  settings: EngineSettings,
  location: LoadedLocation,
  sensor: SensorManifest,
  state: Pick<InstigatorState, 'cursor' | 'lastTickStartedAt' | 'lastRunKey'> | undefined,
  event: DeliveredEvent | null = null,
): Promise<Evaluation> {
  const cursor = state?.cursor ?? null;
  const feed = await readSensorFeed(instance, location.manifest.location, sensor, cursor);
  if (feed.skipReason !== null) {
    const result = {
      runRequests: [],
      skipReason: feed.skipReason,
      cursor: feed.cursor,
      dynamicPartitionsRequests: [],
    };
    return { result, logs: [] };
  }
  const request = {
    kind: 'evaluate-sensor',
    sensor: sensor.name,
    cursor,
    lastTickStartedAt: state?.lastTickStartedAt ?? null,
    lastRunKey: state?.lastRunKey ?? null,
    runStatusChanges: feed.runStatusChanges,
    assetUpdates: feed.assetUpdates,
    ...(event === null ? {} : { event }),
  } as const;
  const answer = await ask<'evaluate-sensor'>(instance, location, request, settings.sensors.timeout);
  return feed.cursor === null ? answer : { ...answer, result: { ...answer.result, cursor: feed.cursor } };
}

async function ask<K extends CodeLocationRequest['kind']>(
  { codeLocationClient, clock }: Instance,
  { manifest, bundleHash }: LoadedLocation,
  request: Extract<CodeLocationRequest, { kind: K }>,
  timeoutSeconds: number,
): Promise<CodeLocationResponses[K]> {
  const timer = new AbortController();
  const late = clock.sleep(timeoutSeconds * 1000 + GRACE_MS, timer.signal).then(
    () => {
      throw new PortError(
        'transient',
        `Code location '${manifest.location}' did not answer within ${timeoutSeconds} s.`,
      );
    },
    () => new Promise<never>(() => {}),
  );
  const answer = codeLocationClient.call<K>(manifest.location, bundleHash, request, { timeoutSeconds });
  return Promise.race([answer, late]).finally(() => timer.abort());
}
