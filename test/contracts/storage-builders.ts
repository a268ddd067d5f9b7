import { randomUUID } from 'node:crypto';
import type { EventOf, EventType, NewEvent } from '../../lib/model/event';
import type { PlannedStep } from '../../lib/model/execution-plan';
import type { AttemptRef, NewRun } from '../../lib/model/run';
import type { RunQueueSettings } from '../../lib/model/run-queue-settings';
import type { Storage } from '../../lib/ports/storage';
import type { WorkerStorage } from '../../lib/ports/worker-storage';

/** No limits. */
export const UNLIMITED: RunQueueSettings = { maxConcurrentRuns: -1, tagConcurrencyLimits: [] };

export function aStep(over: Partial<PlannedStep> & { readonly key: string }): PlannedStep {
  return {
    op: over.key,
    inputs: [],
    dependsOn: [],
    blockedBy: [],
    assets: [],
    checks: [],
    mappedOver: null,
    pool: null,
    retryPolicy: null,
    priority: 0,
    isolated: false,
    ...over,
  };
}

/** A run of one job without steps, unless told otherwise. */
export function aRun(
  over: Partial<NewRun> & {
    readonly steps?: readonly PlannedStep[];
    readonly partitionKeys?: readonly string[];
  } = {},
): NewRun {
  const { steps = [], partitionKeys = [], ...fields } = over;
  return {
    runId: randomUUID(),
    location: 'shop',
    jobName: 'load',
    bundleHash: 'b1',
    config: {},
    tags: {},
    assetSelection: null,
    assetCheckSelection: null,
    stepKeys: null,
    plan: { steps, maxConcurrentSteps: null, partitionKeys },
    parentRunId: null,
    rootRunId: null,
    origin: { kind: 'manual', name: '', runKey: null },
    idempotencyKey: null,
    ...fields,
  };
}

let lastTimestamp = Date.UTC(2026, 0, 1);

/** An event of a type, each a millisecond later than the last. */
export function anEvent<T extends EventType>(
  type: T,
  data: EventOf<T>['data'],
  over: Partial<Omit<NewEvent, 'type' | 'data'>> = {},
): NewEvent {
  lastTimestamp += 1;
  return { type, data, timestamp: lastTimestamp, level: 'INFO', message: type, ...over } as NewEvent;
}

export const aMaterialization = (assetKey: string, partition?: string, dataVersion?: string): NewEvent =>
  anEvent(
    'ASSET_MATERIALIZATION',
    {
      metadata: { rows: { kind: 'int', value: 3 } },
      tags: {},
      inputDataVersions: {},
      ...(dataVersion === undefined ? {} : { dataVersion }),
    },
    { assetKey, ...(partition === undefined ? {} : { partition }) },
  );

/** Claims everything runnable. */
export const claimAll = (storage: Storage, settings = UNLIMITED) => storage.claimRuns(100_000, settings);

/** Issues the token of a claimed attempt, as a launcher does. */
export async function launch(storage: Storage, runId: string, attempt = 1): Promise<AttemptRef> {
  return { runId, attempt, workerId: randomUUID(), token: await storage.issueAttemptToken(runId, attempt) };
}

/** A run that was created, claimed, launched and started. */
export async function aStartedRun(
  storage: Storage,
  worker: WorkerStorage,
  run = aRun(),
): Promise<AttemptRef> {
  await storage.createRuns([run]);
  await claimAll(storage);
  const ref = await launch(storage, run.runId);
  await worker.startRun(ref);
  return ref;
}

export const SUCCESS = { status: 'SUCCESS', failureReason: null, cause: null } as const;
