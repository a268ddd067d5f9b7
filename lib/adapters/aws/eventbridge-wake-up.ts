import { isAnythingDue, isReconcileDue } from './eventbridge-alarm-index';
import type { EventBridgeScheduler } from './eventbridge-scheduler';

export interface WakeUpHandlers {
  /** Evaluates what is due and sets the next alarm: the engine's `wakeUp`. @returns what went wrong */
  evaluate(): Promise<readonly unknown[]>;
  /** Tells the scheduler anew what is on, and sets the next alarm: the engine's `reconcileScheduler`. */
  reconcile(): Promise<void>;
}

export interface WakeUpAnswer {
  /** False: nothing was due. */
  readonly isEvaluated: boolean;
  /** What went wrong, to be logged; a later wake-up tries all of it again. */
  readonly errors: readonly unknown[];
}

/**
 * What a rule leads to. A handler is called only when it is due, so that a wake-up at nothing leaves the database
 * asleep; where the index cannot be read, something is taken to be.
 *
 * @param isAsked somebody knows that something is due: see `invokeWakeUp`
 * @example
 * const { errors } = await answerWakeUp(scheduler, clock.now(), {
 *   evaluate: () => wakeUp(instance, settings),
 *   reconcile: () => reconcileScheduler(instance, settings),
 * });
 */
export async function answerWakeUp(
  scheduler: Pick<EventBridgeScheduler, 'readIndex' | 'disarmIdleSweep'>,
  now: number,
  handlers: WakeUpHandlers,
  isAsked = false,
): Promise<WakeUpAnswer> {
  const errors: unknown[] = [];
  const note = (error: unknown): undefined => {
    errors.push(error);
  };
  const index = await scheduler.readIndex().catch(note);
  const isDue = isAsked || index === undefined || isAnythingDue(index, now);
  if (isDue) errors.push(...(await handlers.evaluate().catch((error: unknown) => [error])));
  if (index !== undefined && isReconcileDue(index, now)) await handlers.reconcile().catch(note);
  if (!isDue) await scheduler.disarmIdleSweep().catch(note);
  return { isEvaluated: isDue, errors };
}
