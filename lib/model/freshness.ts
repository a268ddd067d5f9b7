import { nextTick, ticksBackFrom } from './cron';
import type { FreshnessPolicySpec } from './manifest';

/** Whether an asset is as new as its policy asks; `UNKNOWN` while it was never materialized. Dagster's words. */
export const FRESHNESS_STATES = ['PASS', 'WARN', 'FAIL', 'UNKNOWN'] as const;
export type FreshnessState = (typeof FRESHNESS_STATES)[number];

const SECOND_MS = 1_000;

/**
 * Judges an asset by its policy at one instant.
 *
 * A cron policy looks at the last deadline that has passed: the asset is fresh when it was materialized since
 * `lowerBoundDelta` before it, be it late, and stays so until the next deadline.
 *
 * @param materializedAt the latest materialization, epoch ms; null = never
 * @param now epoch ms
 * @example freshnessState({ kind: 'time_window', failWindow: 3600, warnWindow: null }, now - 60_000, now) // 'PASS'
 */
export function freshnessState(
  policy: FreshnessPolicySpec,
  materializedAt: number | null,
  now: number,
): FreshnessState {
  if (materializedAt === null) return 'UNKNOWN';
  if (policy.kind === 'time_window') {
    const age = now - materializedAt;
    if (age >= policy.failWindow * SECOND_MS) return 'FAIL';
    return policy.warnWindow !== null && age >= policy.warnWindow * SECOND_MS ? 'WARN' : 'PASS';
  }
  const deadline = lastDeadline(policy, now);
  if (deadline === null) return 'PASS';
  return materializedAt >= deadline - policy.lowerBoundDelta * SECOND_MS ? 'PASS' : 'FAIL';
}

/**
 * When the state changes next if nothing is materialized until then, epoch ms; null = never.
 */
export function nextFreshnessChange(
  policy: FreshnessPolicySpec,
  materializedAt: number | null,
  now: number,
): number | null {
  if (materializedAt === null) return null;
  if (policy.kind === 'time_window') {
    const windows = [policy.warnWindow, policy.failWindow].filter((window) => window !== null);
    return windows.map((window) => materializedAt + window * SECOND_MS).find((at) => at > now) ?? null;
  }
  if (freshnessState(policy, materializedAt, now) === 'FAIL') return null;
  // The first deadline whose window begins after the materialization.
  const after = Math.max(now, materializedAt + policy.lowerBoundDelta * SECOND_MS);
  return nextTick(policy.deadlineCron, policy.timezone, after);
}

/** Since when the present state holds, epoch ms; null = nobody can tell. */
export function freshnessHeldSince(
  policy: FreshnessPolicySpec,
  materializedAt: number | null,
  now: number,
): number | null {
  if (materializedAt === null) return null;
  const state = freshnessState(policy, materializedAt, now);
  if (state === 'PASS') return materializedAt;
  if (policy.kind === 'time_window') {
    const window = state === 'WARN' ? (policy.warnWindow ?? policy.failWindow) : policy.failWindow;
    return materializedAt + window * SECOND_MS;
  }
  return nextTick(policy.deadlineCron, policy.timezone, materializedAt + policy.lowerBoundDelta * SECOND_MS);
}

function lastDeadline(
  { deadlineCron, timezone }: Extract<FreshnessPolicySpec, { kind: 'cron' }>,
  now: number,
): number | null {
  for (const tick of ticksBackFrom(deadlineCron, timezone, now)) return tick;
  return null;
}
