import type { Cursor } from '../../ingestion/batch';
import type { JsonObject } from '../../model/json';
import type { CursorValue } from './incremental';

/** What a REST source remembers between loads; stored as JSON beside the data. */
export interface CursorState {
  /** The highest value of the incremental field that was read. */
  readonly last?: CursorValue;
  /** The ETag of the only page, and the address that it belongs to (secrets masked). */
  readonly etag?: { readonly url: string; readonly value: string };
  /** Where a child's parent stopped. */
  readonly parent?: Cursor;
}

/** Reads a stored cursor; undefined when this source cannot have written it. */
export function parseCursor(cursor: Cursor | undefined): CursorState | undefined {
  if (cursor === undefined || cursor === null) return {};
  if (typeof cursor !== 'object' || Array.isArray(cursor)) return undefined;
  const { last, etag, parent } = cursor as JsonObject;
  if (last !== undefined && typeof last !== 'string' && typeof last !== 'number') return undefined;
  const page = etag as { readonly url?: unknown; readonly value?: unknown } | null | undefined;
  if (page !== undefined && (typeof page?.url !== 'string' || typeof page.value !== 'string'))
    return undefined;
  return {
    ...(last === undefined ? {} : { last }),
    ...(page === undefined ? {} : { etag: page as { readonly url: string; readonly value: string } }),
    ...(parent === undefined ? {} : { parent }),
  };
}

/** The state as the JSON that is stored. */
export function toCursor(state: CursorState): Cursor {
  return { ...state };
}
