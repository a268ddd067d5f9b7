import { randomUUID } from 'node:crypto';
import type { PlannedStep } from '../../lib/model/execution-plan';
import type { NewRun } from '../../lib/model/run';

const STEP: PlannedStep = {
  key: 'noop',
  op: 'noop',
  inputs: [],
  dependsOn: [],
  blockedBy: [],
  assets: ['noop'],
  checks: [],
  mappedOver: null,
  pool: null,
  retryPolicy: null,
  priority: 0,
  isolated: false,
};

/** A run of one no-op asset, as the engine would make it. */
export function noopRun(tags: Readonly<Record<string, string>> = {}): NewRun {
  return {
    runId: randomUUID(),
    location: 'bench',
    jobName: '__ASSET_JOB',
    bundleHash: 'none',
    config: {},
    tags,
    assetSelection: ['noop'],
    assetCheckSelection: null,
    stepKeys: null,
    plan: { steps: [STEP], maxConcurrentSteps: null, partitionKeys: [] },
    parentRunId: null,
    rootRunId: null,
    origin: { kind: 'manual', name: '', runKey: null },
    idempotencyKey: null,
  };
}
