import { ClientFacingError } from '../client-facing-error';

/** Rows in one page at most, everywhere. */
export const MAX_PAGE = 1_000;
/** Counting stops here: a bigger number is shown as "10,000+" and costs no more. */
export const MAX_COUNT = 10_000;

/** The page size asked for, or the default; refuses what would not fit. */
export function pageSize(limit: number | null | undefined, fallback: number): number {
  const size = limit ?? fallback;
  if (size < 0 || size > MAX_PAGE)
    throw new ClientFacingError(`limit ${size}: pages hold 0 to ${MAX_PAGE} rows.`);
  return size;
}
