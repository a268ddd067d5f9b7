import type { ExecutionHost } from '../execution/execution-host';
import type { AssetKey } from '../model/asset-key';
import type { NewEvent } from '../model/event';
import type { PastMaterialization } from '../model/past-materialization';
import type { Clock } from '../ports/clock';

export interface MemoryHostOptions {
  readonly clock: Clock;
  /** Environment variables and secrets; the machine's own are not seen. */
  readonly env: Readonly<Record<string, string>>;
  readonly dynamicPartitions: Readonly<Record<string, readonly string[]>>;
  readonly random: () => number;
  /** What was materialized before, newest first. */
  readonly materializations: Readonly<Record<AssetKey, readonly PastMaterialization[]>>;
  /** What was observed before, newest first. */
  readonly observations: Readonly<Record<AssetKey, readonly PastMaterialization[]>>;
}

/** Everything that an execution needs, in memory: no process, no storage, no limits. */
export function memoryHost(options: MemoryHostOptions): ExecutionHost & { readonly events: NewEvent[] } {
  const events: NewEvent[] = [];
  const artifacts = new Map<string, Uint8Array>();
  return {
    events,
    emit: (event) => events.push(event),
    claimPoolSlot: async () => ({ held: true }),
    releasePoolSlot: async () => {},
    dynamicPartitionKeys: async (name) => options.dynamicPartitions[name] ?? [],
    materializations: async ({ asset, partition, limit, type = 'ASSET_MATERIALIZATION' }) => {
      const before = type === 'ASSET_OBSERVATION' ? options.observations : options.materializations;
      const now = events.flatMap((event) => pastOf(event, asset, type)).reverse();
      const all = [...now, ...(before[asset] ?? [])];
      return all.filter((each) => partition === null || each.partition === partition).slice(0, limit);
    },
    runIsolated: null,
    captureOutput: (_stepKey, _tryNumber, body) => body(),
    mask: () => {},
    lookUp: async (names) =>
      new Map(names.flatMap((name) => (options.env[name] === undefined ? [] : [[name, options.env[name]]]))),
    artifacts: {
      put: async (key, body) => void artifacts.set(key, body),
      get: async (key) => artifacts.get(key),
    },
    clock: options.clock,
    random: options.random,
    cpus: 1,
  };
}

function pastOf(
  event: NewEvent,
  asset: AssetKey,
  type: 'ASSET_MATERIALIZATION' | 'ASSET_OBSERVATION',
): readonly PastMaterialization[] {
  if (event.type !== 'ASSET_MATERIALIZATION' && event.type !== 'ASSET_OBSERVATION') return [];
  if (event.type !== type || event.assetKey !== asset) return [];
  const { timestamp, partition = null, data } = event;
  const { metadata, dataVersion = null } = data;
  return [{ timestamp, runId: null, partition, metadata, dataVersion }];
}
