import { z } from 'zod';
import { AUDIT_OUTCOMES } from '../../../model/audit-entry';
import { operation } from '../operation';
import { jsonValueSchema, named, wholeNumber } from '../schemas';

const DEFAULT_LIMIT = 100;
const MAX_LIMIT = 1_000;

const querySchema = z.strictObject({
  user: z.string().optional(),
  action: z.string().optional().describe('The mutation or route, e.g. `startSchedule`.'),
  outcome: z.enum(AUDIT_OUTCOMES).optional(),
  limit: wholeNumber(1, MAX_LIMIT).optional().describe(`At most ${MAX_LIMIT}; default ${DEFAULT_LIMIT}.`),
  cursor: wholeNumber(1, Number.MAX_SAFE_INTEGER)
    .optional()
    .describe('Entries older than this one: the `cursor` of the page before.'),
});

const entrySchema = z
  .object({
    auditId: z.int(),
    timestamp: z.int().describe('Epoch milliseconds.'),
    user: z.string(),
    role: z.string(),
    via: z.string(),
    action: z.string(),
    input: jsonValueSchema.describe('What was asked for, without secrets; what is long is cut.'),
    before: jsonValueSchema,
    after: jsonValueSchema,
    outcome: z.enum(AUDIT_OUTCOMES),
    message: z.string().nullable().describe('Why not.'),
    requestId: z.string().describe('The answer carried it as `x-request-id`.'),
    position: z.int(),
  })
  .register(named, { id: 'AuditEntry' });

const answerSchema = z
  .object({
    entries: z.array(entrySchema),
    cursor: z.int().nullable().describe('Pass it to get older entries; null = there are none.'),
  })
  .register(named, { id: 'AuditPage' });

/** `GET /api/audit` */
export const listAudit = operation({
  summary: 'List who asked for which change, newest first; refused ones too.',
  query: querySchema,
  answers: { 200: answerSchema },
  async handle({ query: { limit = DEFAULT_LIMIT, cursor, user, action, outcome } }, { instance }) {
    // One more than asked for tells whether an older page exists.
    const found = await instance.storage.listAudit({
      limit: limit + 1,
      ...(cursor === undefined ? {} : { before: cursor }),
      ...(user === undefined ? {} : { user }),
      ...(action === undefined ? {} : { action }),
      ...(outcome === undefined ? {} : { outcome }),
    });
    const entries = found.slice(0, limit);
    return {
      status: 200,
      body: { entries, cursor: found.length > limit ? (entries.at(-1)?.auditId ?? null) : null },
    };
  },
});
