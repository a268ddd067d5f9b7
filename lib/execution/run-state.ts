import type { AssetKey } from '../model/asset-key';
import type { CompletedStep } from '../ports/worker-storage';

/**
 * What is known of a run's steps when (a new process for) the run begins: from earlier attempts, and from a
 * process of this attempt that died.
 */
export interface RunState {
  readonly completed: readonly CompletedStep[];
  /** Steps that failed for good in this attempt, with the reason: they are not tried again. */
  readonly failed: Readonly<Record<string, string>>;
  /** Tries made so far, over all attempts: names the next log. */
  readonly tries: Readonly<Record<string, number>>;
  /** Retries that a step's policy has used up in this attempt. */
  readonly retriesUsed: Readonly<Record<string, number>>;
  /** Steps up for retry → seconds until their next try. */
  readonly secondsToWait: Readonly<Record<string, number>>;
  /** Blocking checks that failed with ERROR, by their `checkId`. */
  readonly failedBlockingChecks: readonly string[];
  /** Steps of which it has been said that they do not execute. */
  readonly reportedNotExecuted: readonly string[];
  /** Latest data versions known to this run. */
  readonly dataVersions: Readonly<Record<AssetKey, string>>;
}
