import type { Storage } from '../ports/storage';

/** Methods of storage that only the engine calls. */
const ENGINE_METHODS = [
  'claimRuns',
  'issueAttemptToken',
  'settleDependencies',
  'undecidedFailures',
  'decideRetry',
  'resumeSuspendedRuns',
  'pruneRuns',
  'takeOutbox',
  'completeOutbox',
  'raiseAlert',
  'settleAlert',
  'advanceBackfill',
  'purgeBackfills',
  'safeStorageId',
  'runStatusChanges',
  'assetUpdates',
  'pauseInstigator',
  'startTick',
  'finishTick',
  'passOver',
  'openTicks',
  'expiredTicks',
  'deleteTicks',
  'recordExpectedTicks',
  'purgeMissedTicks',
  'startEventTick',
  'finishEventTick',
  'automationAssets',
  'automationUpdates',
  'automationJobPartitions',
  'automationRuns',
  'purgeAutomationEvaluations',
  'recordFreshness',
] as const satisfies readonly (keyof Storage)[];
type EngineMethod = (typeof ENGINE_METHODS)[number];

/** The engine's methods of storage, each of which does `refuse` instead. */
export function refusedMethods(refuse: () => Promise<never>): Record<EngineMethod, () => Promise<never>> {
  return Object.fromEntries(ENGINE_METHODS.map((name) => [name, refuse])) as Record<
    EngineMethod,
    () => Promise<never>
  >;
}
