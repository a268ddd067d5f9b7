import { z } from 'zod';
import { RunNotFoundError } from '../../../engine/errors';
import { operation, param } from '../operation';
import { named, storedEventSchema, wholeNumber } from '../schemas';

const DEFAULT_LIMIT = 500;
const MAX_LIMIT = 1_000;

const answerSchema = z.object({ events: z.array(storedEventSchema) }).register(named, { id: 'EventPage' });

/** `GET /api/runs/{id}/events` */
export const listRunEvents = operation({
  summary: "A run's events in order.",
  query: z.strictObject({
    after: wholeNumber(0, Number.MAX_SAFE_INTEGER)
      .default(0)
      .describe('`storageId` of the last event read; default 0.'),
    limit: wholeNumber(1, MAX_LIMIT)
      .default(DEFAULT_LIMIT)
      .describe(`At most ${MAX_LIMIT}; default ${DEFAULT_LIMIT}.`),
  }),
  answers: { 200: answerSchema },
  async handle(input, { instance }) {
    const runId = param(input, 'id');
    const events = await instance.storage.runEvents({ runId, ...input.query });
    if (events.length === 0 && (await instance.storage.getRun(runId)) === undefined)
      throw new RunNotFoundError(runId);
    return { status: 200, body: { events } };
  },
});
