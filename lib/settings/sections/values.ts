import { z } from 'zod';

export const seconds = (fallback: number) => z.number().min(0).default(fallback);
export const positiveSeconds = (fallback: number) => z.number().positive().default(fallback);

/** -1 = kept for ever. */
export const days = z.number().int().min(-1);
export const daysOrNull = (days: number | undefined): number | null =>
  days === undefined || days < 0 ? null : days;
