import type { ExecutionHost } from '../../../lib/execution/execution-host';
import type { NewEvent } from '../../../lib/model/event';
import type { PoolClaim } from '../../../lib/ports/worker-storage';

export interface InMemoryHost extends ExecutionHost {
  readonly events: NewEvent[];
  readonly artifactsByKey: Map<string, Uint8Array>;
  readonly secrets: string[];
  /** Milliseconds asked to sleep, in order. */
  readonly sleeps: number[];
}

/** A host whose sleeps end at once (in simulated time) and whose events are kept in a list. */
export function inMemoryHost(given: Partial<ExecutionHost> = {}): InMemoryHost {
  const events: NewEvent[] = [];
  const artifactsByKey = new Map<string, Uint8Array>();
  const secrets: string[] = [];
  const sleeps: number[] = [];
  let now = 1_767_225_600_000;
  return {
    events,
    artifactsByKey,
    secrets,
    sleeps,
    emit: (event) => void events.push(event),
    claimPoolSlot: async (): Promise<PoolClaim> => ({ held: true }),
    releasePoolSlot: async () => {},
    dynamicPartitionKeys: async () => [],
    materializations: async () => [],
    runIsolated: null,
    captureOutput: (_stepKey, _tryNumber, body) => body(),
    mask: (secret) => void secrets.push(secret),
    lookUp: async () => new Map(),
    artifacts: {
      put: async (key, body) => void artifactsByKey.set(key, body),
      get: async (key) => artifactsByKey.get(key),
    },
    clock: {
      now: () => now,
      sleep: async (ms, signal) => {
        signal?.throwIfAborted();
        sleeps.push(ms);
        now += ms;
        await new Promise((resolve) => setImmediate(resolve));
        signal?.throwIfAborted();
      },
    },
    random: () => 0.5,
    cpus: 2,
    ...given,
  };
}
