import { z } from 'zod';
import { RUN_STATUSES } from '../../../model/run-status';
import type { RunFilter } from '../../../ports/run-storage';
import { operation } from '../operation';
import { runViews } from '../run-view';
import { named, runSchema, runStatusSchema, wholeNumber } from '../schemas';

const DEFAULT_LIMIT = 100;
const MAX_LIMIT = 1_000;
/** Each is a statement within one. */
const MAX_JOBS = 50;
/** Each key is a table to join. */
const MAX_TAGS = 50;

const querySchema = z.strictObject({
  job: z.array(z.string()).max(MAX_JOBS).optional().describe('Repeat it for any of several.'),
  location: z.string().optional(),
  status: z
    .array(runStatusSchema)
    .max(RUN_STATUSES.length)
    .optional()
    .describe('Repeat it for any of several.'),
  tag: z
    .array(z.string().regex(/^[^=]+=/s, 'must be key=value'))
    .max(MAX_TAGS)
    .optional()
    .describe('`key=value`. Several keys must all match; several values of one key match each.'),
  id: z.string().optional().describe('Start of the run id.'),
  limit: wholeNumber(0, MAX_LIMIT).optional().describe(`At most ${MAX_LIMIT}; default ${DEFAULT_LIMIT}.`),
  cursor: z.string().optional().describe('Runs older than this run id: the `cursor` of the page before.'),
});

const answerSchema = z
  .object({
    runs: z.array(runSchema),
    cursor: z.string().nullable().describe('Pass it to get older runs; null = there are none.'),
  })
  .register(named, { id: 'RunPage' });

/** `GET /api/runs` */
export const listRuns = operation({
  summary: 'List runs, newest first.',
  query: querySchema,
  answers: { 200: answerSchema },
  async handle({ query }, context) {
    const { limit = DEFAULT_LIMIT } = query;
    // One more than asked for tells whether an older page exists.
    const found = await context.instance.storage.listRuns({
      filter: toFilter(query),
      cursor: query.cursor,
      limit: limit + 1,
    });
    const runs = found.slice(0, limit);
    return {
      status: 200,
      body: {
        runs: await runViews(runs, context),
        cursor: found.length > limit ? (runs.at(-1)?.runId ?? null) : null,
      },
    };
  },
});

function toFilter(query: z.output<typeof querySchema>): RunFilter {
  const pairs = (query.tag ?? []).map((tag) => {
    const at = tag.indexOf('=');
    return { key: tag.slice(0, at), value: tag.slice(at + 1) };
  });
  const byKey = Map.groupBy(pairs, ({ key }) => key);
  return {
    jobNames: query.job,
    location: query.location,
    statuses: query.status,
    runIdPrefix: query.id,
    tags: query.tag && [...byKey].map(([key, values]) => ({ key, values: values.map(({ value }) => value) })),
  };
}
