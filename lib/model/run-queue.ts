/**
 * Which queued runs may start, and why the others wait. Storage claims runs by the same rules in SQL; this is what
 * its tests compare it with, and what explains a queue to people.
 */

import type { RunQueueSettings } from './run-queue-settings';
import { isActive, type RunStatus } from './run-status';
import { runPriority, type Tags } from './tags';

/** Of a run, what the queue looks at. */
export interface QueueRun {
  readonly status: RunStatus;
  readonly tags: Tags;
}

/**
 * The runs to start now, in the order to start them: by priority, then in the order given, which is that of their
 * creation. A run that a tag limit holds back holds back no other.
 */
export function selectRunsToDequeue<R extends QueueRun>(settings: RunQueueSettings, runs: readonly R[]): R[] {
  const usage = usageOf(settings, runs);
  const max = settings.maxConcurrentRuns;
  const queued = runs
    .filter((run) => run.status === 'QUEUED')
    .map((run) => ({ run, priority: runPriority(run.tags) }))
    .sort((a, b) => b.priority - a.priority);
  const selected: R[] = [];
  for (const { run } of queued) {
    if (max !== -1 && usage.live >= max) break;
    if (isHeldBack(settings, usage, run)) continue;
    count(settings, usage, run);
    selected.push(run);
  }
  return selected;
}

/**
 * Why a queued run is not started while `live` runs are in progress, as short texts; empty if nothing holds it.
 * @example explainWaiting({ maxConcurrentRuns: 10, tagConcurrencyLimits: [] }, run, tenRuns) // ['waiting: 10 of 10 runs in progress']
 */
export function explainWaiting(
  settings: RunQueueSettings,
  queued: QueueRun,
  live: readonly QueueRun[],
): string[] {
  const usage = usageOf(settings, live);
  const max = settings.maxConcurrentRuns;
  const reasons: string[] = [];
  if (max !== -1 && usage.live >= max) reasons.push(`waiting: ${usage.live} of ${max} runs in progress`);
  for (const { bucket, label, limit } of bucketsOf(settings, queued)) {
    const used = usage.byBucket.get(bucket) ?? 0;
    if (used >= limit) reasons.push(`waiting for tag ${label}: ${used} of ${limit}`);
  }
  return reasons;
}

interface Usage {
  live: number;
  readonly byBucket: Map<string, number>;
}

function usageOf(settings: RunQueueSettings, runs: readonly QueueRun[]): Usage {
  const usage: Usage = { live: 0, byBucket: new Map() };
  for (const run of runs) if (isActive(run.status)) count(settings, usage, run);
  return usage;
}

function count(settings: RunQueueSettings, usage: Usage, run: QueueRun): void {
  usage.live += 1;
  for (const { bucket } of bucketsOf(settings, run))
    usage.byBucket.set(bucket, (usage.byBucket.get(bucket) ?? 0) + 1);
}

function isHeldBack(settings: RunQueueSettings, usage: Usage, run: QueueRun): boolean {
  return bucketsOf(settings, run).some(({ bucket, limit }) => (usage.byBucket.get(bucket) ?? 0) >= limit);
}

/** What a run is counted under, rule by rule. */
function bucketsOf(
  settings: RunQueueSettings,
  run: QueueRun,
): { bucket: string; label: string; limit: number }[] {
  return settings.tagConcurrencyLimits.flatMap(({ key, value, limit }, rule) => {
    const own = run.tags[key];
    if (own === undefined || (typeof value === 'string' && value !== own)) return [];
    const perValue = typeof value === 'object';
    const label = value === undefined ? key : `${key}=${own}`;
    return [{ bucket: perValue ? `${rule} ${own}` : `${rule}`, label, limit }];
  });
}
