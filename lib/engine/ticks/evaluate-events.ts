import type { SensorManifest } from '../../model/manifest';
import { type RetryPolicy, retryDelaySeconds } from '../../model/retry-policy';
import { DEFAULT_EVENT_RETRY, EVENT_BODY_ERROR, type SensorEvent } from '../../model/sensor-event';
import type { SerializableError } from '../../model/serializable-error';
import type { InstigatorId, Tick } from '../../model/tick';
import { UserCodeError } from '../../ports/code-location-client';
import type { Instance } from '../../ports/instance';
import type { StartedEventTick } from '../../ports/sensor-event-storage';
import { afterCommit } from '../after-commit';
import type { EngineSettings } from '../engine-settings';
import type { LoadedLocation } from '../find-definitions';
import { askSensor } from './ask-location';
import { buildTickRuns } from './build-tick-runs';
import { narrowToStale } from './narrow-to-stale';
import { answeredTick, failedTick, leaseSeconds, type TickRequest, tickError } from './run-tick';
import { tickAssetEvents } from './tick-asset-events';
import { keepFailedLogs, writeTickLogs } from './tick-logs';

/** Begins no further evaluation after so long: a function's time is limited, and the next alarm goes on. */
const BUDGET_MS = 60_000;

export interface EventsRequest extends Pick<TickRequest, 'timeoutSeconds' | 'maxRetries'> {
  readonly id: InstigatorId;
  readonly definition: SensorManifest;
  readonly location: LoadedLocation;
}

/**
 * Evaluates the events that wait for a sensor, in their order, until none is due. Of several processes that do so at a
 * time each event has one. An event that fails holds back those behind it while it is tried again.
 *
 * @returns how many evaluations ended
 */
export async function evaluateEvents(
  instance: Instance,
  settings: EngineSettings,
  request: EventsRequest,
): Promise<number> {
  const { storage, clock } = instance;
  const until = clock.now() + BUDGET_MS;
  let evaluated = 0;
  while (clock.now() < until) {
    const started = await storage.startEventTick(request.id, clock.now(), leaseSeconds(request));
    if (started === undefined) break;
    const tick = await evaluateEvent(instance, settings, request, started);
    evaluated += 1;
    if (tick.runIds.length > 0) await afterCommit(instance, settings);
  }
  return evaluated;
}

async function evaluateEvent(
  instance: Instance,
  settings: EngineSettings,
  { id, definition, location }: EventsRequest,
  started: StartedEventTick,
): Promise<Tick> {
  const { storage, clock } = instance;
  const { tick, event, state } = started;
  try {
    const delivered = {
      id: event.eventId,
      body: event.body,
      headers: event.headers,
      receivedAt: event.receivedAt,
      attempt: event.attempts,
    };
    const asked = await askSensor(instance, settings, location, definition, state ?? undefined, delivered);
    await writeTickLogs(instance, id, tick.tickId, asked.logs);
    const ofTick = { id, tickId: tick.tickId, scheduledAt: tick.scheduledAt, jobNames: definition.jobNames };
    const result = await narrowToStale(instance, location.manifest, ofTick, asked.result);
    const runs = await buildTickRuns(instance, settings, location, ofTick, result);
    const events = await tickAssetEvents(instance, location, id, result);
    const outcome = answeredTick(result, runs, events, clock.now());
    return await storage.finishEventTick(started, outcome, null);
  } catch (thrown) {
    if (thrown instanceof UserCodeError) await keepFailedLogs(instance, id, tick.tickId, thrown.logs);
    const error = tickError(thrown);
    const policy = definition.eventSource?.retryPolicy ?? DEFAULT_EVENT_RETRY;
    const retryAt = eventRetryAt(event, error, policy, clock.now());
    return storage.finishEventTick(started, failedTick(error, clock.now()), retryAt);
  }
}

/** When a failed evaluation of an event is tried again, epoch ms; null = no more. */
export function eventRetryAt(
  { attempts }: Pick<SensorEvent, 'attempts'>,
  error: SerializableError,
  policy: RetryPolicy,
  now: number,
): number | null {
  if (attempts > policy.maxRetries || error.name === EVENT_BODY_ERROR) return null;
  return now + Math.round(retryDelaySeconds(policy, attempts, 0) * 1000);
}
