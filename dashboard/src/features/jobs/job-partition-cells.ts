import type { PartitionCell } from '../../components/partition-grid';
import { runTag, tagValue } from '../../components/run-tags';
import { runStatus, type StatusKind } from '../../components/status';

interface PartitionRun {
  readonly status: string;
  readonly tags: readonly { readonly key: string; readonly value: string }[];
}

const mapKinds: Readonly<Record<string, StatusKind>> = { success: 'success', failure: 'failure' };

/** The status of each partition: that of its last run. `runs` are newest first, `keys` too. */
export function jobPartitionCells(keys: readonly string[], runs: readonly PartitionRun[]): PartitionCell[] {
  const kinds = new Map<string, StatusKind>();
  for (const run of runs) {
    const key = tagValue(run.tags, runTag.partition);
    if (key === undefined || kinds.has(key) || run.status === 'CANCELED') continue;
    const { kind } = runStatus(run.status);
    kinds.set(key, mapKinds[kind] ?? 'running');
  }
  return keys.toReversed().map((key) => ({ key, kind: kinds.get(key) ?? 'missing' }));
}
