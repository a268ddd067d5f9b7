import type { EngineSettings } from '../../../lib/engine/engine-settings';
import { defaultInstanceSettings } from '../../../lib/settings/instance-settings';
import type { Random } from '../core/random';
import { POOL } from './manifest';

/** Tags that limits are about. */
export const LIMITED = { team: 'team', customer: 'customer' } as const;
export const CUSTOMERS = ['ada', 'bob'] as const;

/** Limits that are tight enough to be reached, time-outs that are short enough to run out. */
export function someEngineSettings(random: Random): EngineSettings {
  const defaults = defaultInstanceSettings();
  return {
    ...defaults,
    runQueue: {
      maxConcurrentRuns: random.integer(3, 6),
      tagConcurrencyLimits: [
        { key: LIMITED.team, value: 'data', limit: random.integer(1, 2) },
        { key: LIMITED.customer, value: { applyLimitPerUniqueValue: true }, limit: 1 },
      ],
    },
    pools: { defaultLimit: null, limits: { [POOL]: random.integer(1, 2) } },
    runRetries: { maxRetries: random.integer(0, 2), retryOnAssetOrOpFailure: random.chance(0.7) },
    runMonitoring: {
      ...defaults.runMonitoring,
      startTimeout: 120,
      cancelTimeout: 60,
      heartbeatTimeout: 60,
      maxRuntime: 300,
      maxResumeRunAttempts: random.integer(0, 2),
      pollInterval: 60,
    },
  };
}
