import { FAULTS, type FaultKind } from './core/faults';
import type { SeedResult } from './run-seed';
import { POOL } from './workload/manifest';
import { LIMITED } from './workload/settings';

/** Steps before a violation that are shown. */
const SHOWN = 60;

/** The one command that replays a seed. */
export const replayCommand = (seed: number): string => `npm run simulate -- --seed ${seed} --verbose`;

/** Why a seed failed, with what led to it; empty when it did not. */
export function describeFailure({ seed, violations, trace }: SeedResult): string {
  if (violations.length === 0) return '';
  return [
    ...trace.slice(-SHOWN),
    ...violations.map((violation) => `VIOLATION: ${violation}`),
    `Seed ${seed}. Replay it: ${replayCommand(seed)}`,
  ].join('\n');
}

/** What has to have been full or waited for, so that its never being exceeded says something. */
const REACHED = [
  'limit on all runs',
  `limit on tag ${LIMITED.team}`,
  `limit on tag ${LIMITED.customer}`,
  `limit on pool ${POOL}`,
  `slot of pool ${POOL} given back to the queue`,
  'dependency',
];

/** Faults that never fired and limits that were never reached in all of these seeds. */
export function untouched(results: readonly SeedResult[]): readonly string[] {
  const fired = new Set(results.flatMap(({ faults }) => [...faults.keys()]));
  const reached = new Set(results.flatMap((result) => [...result.reached.keys()]));
  return [
    ...(Object.keys(FAULTS) as FaultKind[]).filter((kind) => !fired.has(kind)),
    ...REACHED.filter((limit) => !reached.has(limit)),
  ];
}
