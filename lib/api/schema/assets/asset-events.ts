import type { StoredEvent } from '../../../model/event';
import type { AssetEventType } from '../../../ports/asset-storage';
import type { ApiContext } from '../../api-context';
import { pageSize } from '../paging';

interface EventArguments {
  readonly partitions?: readonly string[] | null | undefined;
  readonly beforeTimestampMillis?: string | null | undefined;
  readonly afterTimestampMillis?: string | null | undefined;
  readonly limit?: number | null | undefined;
  /** Events before this position of the log. */
  readonly cursor?: number | undefined;
}

/** Events read at once while the stretch of time that is asked for is looked for. */
const EVENTS_READ = 1_000;
/**
 * Milliseconds by which an event may be older than those that were recorded before it: clocks differ, and a worker keeps
 * its events while storage is away. What lies further before the stretch of time is not looked through.
 */
const LATE = 24 * 3_600_000;

/** An asset's events of some types between two instants, newest first. */
export async function eventsOf(
  key: string,
  types: readonly AssetEventType[],
  { partitions, beforeTimestampMillis, afterTimestampMillis, limit, cursor }: EventArguments,
  { instance, loaders }: ApiContext,
): Promise<StoredEvent[]> {
  const size = pageSize(limit, 100);
  const until = beforeTimestampMillis ? Number(beforeTimestampMillis) : Number.POSITIVE_INFINITY;
  const from = afterTimestampMillis ? Number(afterTimestampMillis) : Number.NEGATIVE_INFINITY;
  // Events are kept in the order of being recorded, which is that of their time but for the clocks of workers.
  const isBounded = until !== Number.POSITIVE_INFINITY;
  // What lists ask of each of their assets.
  const isNewest = !isBounded && from === Number.NEGATIVE_INFINITY && cursor === undefined && !partitions;
  if (isNewest) return [...(await loaders.assetEvents.load(key, { types, limit: size }))];
  const read = async (partition?: string): Promise<StoredEvent[]> => {
    const found: StoredEvent[] = [];
    for (let before = cursor; ; ) {
      const page = await instance.storage.assetEvents({
        key,
        types,
        limit: isBounded ? EVENTS_READ : size,
        ...(partition === undefined ? {} : { partition }),
        ...(before === undefined ? {} : { before }),
      });
      found.push(...page.filter(({ timestamp }) => timestamp < until && timestamp > from));
      const last = page.at(-1);
      before = last?.storageId;
      const isPast = last !== undefined && last.timestamp < from - LATE;
      if (!isBounded || isPast || page.length < EVENTS_READ || found.length >= size) return found;
    }
  };
  const pages = await Promise.all(partitions ? partitions.map(read) : [read()]);
  return pages
    .flat()
    .sort((a, b) => b.storageId - a.storageId)
    .slice(0, size);
}
