import type { AttemptRef } from '../model/run';
import type { ObjectStore } from '../ports/object-store';
import type { WorkerStorage } from '../ports/worker-storage';
import type { AnyAsk, ChildCalls } from './child-messages';
import type { StepResult, WaitingStep } from './step-result';
import { wholeMaterialization } from './whole-materialization';

/** What a supervisor has to answer its children by. */
export interface ChildAnswers {
  readonly ref: AttemptRef;
  readonly storage: WorkerStorage;
  readonly objectStore: Pick<ObjectStore, 'get'>;
  /** Asks again while storage is away. */
  retried<T>(body: () => Promise<T>): Promise<T>;
  /** Resolves when all events so far are stored. */
  storeEvents(): Promise<void>;
  /** Has queued runs claimed now. */
  requestDequeue(): void;
  runIsolated(stepKey: string): Promise<StepResult | WaitingStep>;
}

/** Answers what a child asks while it executes steps. */
export async function answerChild(
  call: keyof ChildCalls,
  ask: unknown,
  { ref, storage, objectStore, retried, storeEvents, requestDequeue, runIsolated }: ChildAnswers,
): Promise<unknown> {
  const { pool = '', stepKey = '', name = '', priority = 0 } = ask as Partial<AnyAsk>;
  switch (call) {
    case 'claim-pool-slot':
      return retried(() => storage.claimPoolSlot(ref, pool, stepKey, priority));
    case 'release-pool-slot': {
      const isAwaited = await retried(() => storage.releasePoolSlot(ref, pool, stepKey));
      if (isAwaited) requestDequeue();
      return null;
    }
    case 'dynamic-partition-keys':
      return retried(() => storage.dynamicPartitionKeys(ref, name));
    case 'materializations': {
      const {
        asset = '',
        partition = null,
        limit = 1,
        type = 'ASSET_MATERIALIZATION',
      } = ask as Partial<AnyAsk>;
      await storeEvents();
      const stored = await retried(() => storage.materializations(ref, { asset, partition, limit, type }));
      return Promise.all(stored.map((each) => retried(() => wholeMaterialization(each, objectStore))));
    }
    case 'run-isolated':
      return runIsolated(stepKey);
  }
}
