import { z } from 'zod';
import { RUN_STATUSES } from '../../model/run-status';

/** Schemas that the routes share; a registered one becomes a named schema of the API's description. */
export const named = z.registry<{ readonly id: string }>();

export const jsonValueSchema = z.json().register(named, { id: 'JsonValue' });
const epochMs = z.int().describe('Epoch milliseconds.');

export const runStatusSchema = z.enum(RUN_STATUSES).register(named, { id: 'RunStatus' });

/** An index holds each key with its value, of at most 2,700 bytes. */
export const tagsSchema = z.record(z.string().min(1).max(255), z.string().max(500));

/** Beside the name of a job. */
export const jobLocationSchema = z
  .string()
  .min(1)
  .optional()
  .describe("Code location; needed only when the job's name is not unique.");

export const runSchema = z
  .object({
    runId: z.string(),
    location: z.string(),
    job: z.string(),
    status: runStatusSchema,
    tags: z.record(z.string(), z.string()),
    assets: z.array(z.string()).nullable().describe('The assets that were chosen; null = all of the job.'),
    partition: z.string().nullable().describe('A key, or `first...last` of a range.'),
    attempt: z.int().describe('Number of the current or last attempt; 0 while it was never claimed.'),
    createdAt: epochMs,
    startedAt: epochMs.nullable(),
    endedAt: epochMs.nullable(),
    cause: z.string().nullable().describe('Why it failed or was canceled.'),
    waitingFor: z.string().nullable().describe('Why it is still queued; null when the next claim takes it.'),
  })
  .register(named, { id: 'Run' });

export const storedEventSchema = z
  .object({
    storageId: z.int().describe('Ascending: pass the last one as `after` to read on.'),
    runId: z.string().nullable(),
    attempt: z.int(),
    type: z.string().describe("Dagster's event type, e.g. STEP_SUCCESS."),
    data: z.record(z.string(), jsonValueSchema).describe('Depends on the type.'),
    timestamp: epochMs,
    level: z.enum(['DEBUG', 'INFO', 'WARNING', 'ERROR', 'CRITICAL']),
    message: z.string(),
    stepKey: z.string().optional(),
    tryNumber: z.int().optional(),
    assetKey: z.string().optional(),
    partition: z.string().optional(),
  })
  .register(named, { id: 'Event' });

export const metadataInputSchema = z
  .record(z.string().min(1), jsonValueSchema)
  .describe(
    'Facts by label. Plain values are taken as they are; a kind is said so: {"kind": "md", "value": "**bold**"}.',
  );

/** A number in a query string. */
export const wholeNumber = (minimum: number, maximum: number) =>
  z
    .string()
    .regex(/^\d{1,15}$/, 'is no whole number')
    .transform(Number)
    .pipe(z.int().min(minimum).max(maximum));
