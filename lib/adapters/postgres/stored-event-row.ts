import type { StoredEvent } from '../../model/event';
import type { Driver, SqlParameter } from './driver';

const OPTIONAL = ['stepKey', 'tryNumber', 'assetKey', 'partition'] as const;

/** What `event_json` answers: absent fields are null. */
export type StoredEventRow = Omit<StoredEvent, (typeof OPTIONAL)[number]> & {
  readonly [K in (typeof OPTIONAL)[number]]: StoredEvent[K] | null;
};

/** Leaves absent fields away. */
export function toStoredEvent(row: StoredEventRow): StoredEvent {
  return Object.fromEntries(
    Object.entries(row).filter(([key, value]) => value !== null || key === 'runId'),
  ) as unknown as StoredEvent;
}

/** For statements that answer `event_json`. */
export async function queryEvents(
  driver: Driver,
  sql: string,
  parameters: readonly SqlParameter[],
): Promise<readonly StoredEvent[]> {
  return (await driver.query<StoredEventRow>(sql, parameters)).map(toStoredEvent);
}
