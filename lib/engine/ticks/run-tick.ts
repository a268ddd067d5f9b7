import type { InstigatorLog } from '../../model/code-location';
import type { NewEvent } from '../../model/event';
import type { InstigatorResult } from '../../model/run-request';
import { type SerializableError, toSerializableError } from '../../model/serializable-error';
import type { InstigatorId, Tick } from '../../model/tick';
import { UserCodeError } from '../../ports/code-location-client';
import { isTransient } from '../../ports/errors';
import type { Instance } from '../../ports/instance';
import type { TickOutcome } from '../../ports/instigator-storage';
import type { EngineSettings } from '../engine-settings';
import type { LoadedLocation } from '../find-definitions';
import type { Evaluation } from './ask-location';
import { buildTickRuns } from './build-tick-runs';
import { narrowToStale } from './narrow-to-stale';
import { tickAssetEvents } from './tick-asset-events';
import { keepFailedLogs, writeTickLogs } from './tick-logs';

/** Added to the time-out of user code: how long another process leaves a tick alone that is being evaluated. */
const LEASE_MARGIN_SECONDS = 30;

/** Seconds for which an evaluation has its tick for itself. */
export const leaseSeconds = (limits: Pick<TickRequest, 'timeoutSeconds' | 'maxRetries'>): number =>
  limits.timeoutSeconds * (limits.maxRetries + 1) + LEASE_MARGIN_SECONDS;

export interface TickRequest {
  readonly id: InstigatorId;
  readonly location: LoadedLocation;
  readonly jobNames: readonly string[];
  readonly scheduledAt: number;
  /** Of a sensor: when the tick before it was started, by which it is due; null = never. */
  readonly last?: number | null;
  readonly timeoutSeconds: number;
  /** Tries after the first, within this evaluation. */
  readonly maxRetries: number;
  /** A tick of a location that cannot be reached is left open until then, to be tried again; epoch ms. */
  readonly patientUntil: number;
  evaluate(tick: Tick): Promise<Evaluation>;
}

/**
 * Evaluates one tick and stores what came of it in one transaction: its runs, its cursor, its end. A process that
 * dies in between leaves an open tick, which is evaluated again when its lease is over, or ended as failed when it is no
 * longer due; runs are never doubled, because the first end of a tick counts and a tick's runs have names.
 *
 * @returns null when somebody else has the tick, or it is left open
 */
export async function runTick(
  instance: Instance,
  settings: EngineSettings,
  request: TickRequest,
): Promise<Tick | null> {
  const { storage, clock } = instance;
  const tick = await storage.startTick(
    request.id,
    request.scheduledAt,
    clock.now(),
    leaseSeconds(request),
    request.last,
  );
  if (tick === undefined) return null;
  const logs: InstigatorLog[] = [];
  for (let tries = 0; ; tries++) {
    try {
      const { result: answer, logs: own, automation } = await request.evaluate(tick);
      logs.push(...own);
      await writeTickLogs(instance, request.id, tick.tickId, logs);
      const result = await narrowToStale(instance, request.location.manifest, request, answer);
      const runs = await buildTickRuns(
        instance,
        settings,
        request.location,
        { ...request, tickId: tick.tickId },
        result,
      );
      const events = await tickAssetEvents(instance, request.location, request.id, result);
      const outcome = answeredTick(result, runs, events, clock.now());
      return await storage.finishTick(
        tick,
        automation === undefined ? outcome : { ...outcome, automation: automation(runs) },
      );
    } catch (error) {
      if (error instanceof UserCodeError) logs.push(...error.logs);
      if (tries < request.maxRetries) continue;
      if (isTransient(error) && clock.now() < request.patientUntil) return null;
      await keepFailedLogs(instance, request.id, tick.tickId, logs);
      return storage.finishTick(tick, failedTick(tickError(error), clock.now()));
    }
  }
}

/** A tick that came to an answer. */
export function answeredTick(
  result: InstigatorResult,
  runs: TickOutcome['runs'],
  assetEvents: readonly NewEvent[],
  endedAt: number,
): TickOutcome {
  return {
    status: runs.length === 0 ? 'SKIPPED' : 'SUCCESS',
    runs,
    skipReason: runs.length === 0 ? result.skipReason : null,
    cursor: result.cursor,
    error: null,
    dynamicPartitions: result.dynamicPartitionsRequests,
    assetEvents,
    endedAt,
  };
}

/** A tick that makes no run and leaves the cursor where it was. */
export function failedTick(error: SerializableError, endedAt: number): TickOutcome {
  return {
    status: 'FAILURE',
    runs: [],
    skipReason: null,
    cursor: null,
    error,
    dynamicPartitions: [],
    endedAt,
  };
}

/** What a failed evaluation says: of user code, what it threw. */
export function tickError(error: unknown): SerializableError {
  return toSerializableError(
    error instanceof UserCodeError && error.cause !== undefined ? error.cause : error,
  );
}
