import { z } from 'zod';
import { REEXECUTION_STRATEGIES } from '../../../engine/build-reexecution';
import {
  changeBackfill as change,
  findBackfill,
  reexecuteBackfill as reexecute,
} from '../../../engine/change-backfill';
import { BACKFILL_STATUSES } from '../../../model/backfill';
import { canceledBy } from '../../canceled-by';
import { backfillSchema, backfillView } from '../backfill-view';
import { operation, param } from '../operation';
import { named, wholeNumber } from '../schemas';
import { launchedBackfillSchema } from './launch-backfill';

const DEFAULT_LIMIT = 100;
const MAX_LIMIT = 1_000;
/** Events in one answer. */
const EVENTS_PAGE = 1_000;

const listQuerySchema = z.strictObject({
  status: z
    .array(z.enum(BACKFILL_STATUSES))
    .max(BACKFILL_STATUSES.length)
    .optional()
    .describe('Repeat it for any of several.'),
  limit: wholeNumber(1, MAX_LIMIT).optional().describe(`At most ${MAX_LIMIT}; default ${DEFAULT_LIMIT}.`),
  cursor: z.string().optional().describe('Backfills older than this id: the `cursor` of the page before.'),
});

const pageSchema = z
  .object({
    backfills: z.array(backfillSchema),
    cursor: z.string().nullable().describe('Pass it to get older ones; null = there are none.'),
  })
  .register(named, { id: 'BackfillPage' });

/** `GET /api/backfills` */
export const listBackfills = operation({
  summary: 'List backfills, newest first.',
  query: listQuerySchema,
  answers: { 200: pageSchema },
  async handle({ query: { status, cursor, limit = DEFAULT_LIMIT } }, { instance, now }) {
    const found = await instance.storage.listBackfills({ statuses: status, cursor, limit: limit + 1 });
    const backfills = found.slice(0, limit).map((backfill) => backfillView(backfill, now));
    const last = backfills.at(-1)?.backfillId ?? null;
    return { status: 200, body: { backfills, cursor: found.length > limit ? last : null } };
  },
});

/** `GET /api/backfills/{id}` */
export const getBackfill = operation({
  summary: 'A backfill and how far it is.',
  answers: { 200: backfillSchema },
  async handle(input, { instance, now }) {
    const backfill = await findBackfill(instance, param(input, 'id'));
    return { status: 200, body: backfillView(backfill, now) };
  },
});

const changeBodySchema = z
  .discriminatedUnion('change', [
    z.strictObject({ change: z.literal('cancel') }),
    z.strictObject({ change: z.literal('pause') }),
    z.strictObject({ change: z.literal('resume') }),
    z.strictObject({
      change: z.literal('priority'),
      priority: z.int().min(-1_000_000).max(1_000_000).describe('Higher first.'),
    }),
  ])
  .register(named, { id: 'ChangeBackfill' });

/** `POST /api/backfills/{id}/change` */
export const changeBackfill = operation({
  summary: 'Cancel, pause, resume a backfill, or give it another priority.',
  description:
    'A cancellation cancels its runs too. Resumed, one that was canceled or failed goes on with what was never made. What makes no sense in its state changes nothing.',
  body: changeBodySchema,
  answers: { 200: backfillSchema },
  async handle(input, context) {
    const { instance, options, now } = context;
    const { body } = input;
    const backfill = await change(
      instance,
      options.engine,
      param(input, 'id'),
      body.change === 'cancel'
        ? { kind: 'cancel', cause: canceledBy(context) }
        : body.change === 'priority'
          ? { kind: 'priority', priority: body.priority }
          : { kind: body.change },
    );
    return { status: 200, body: backfillView(backfill, now) };
  },
});

const reexecuteBodySchema = z
  .strictObject({
    strategy: z
      .enum(REEXECUTION_STRATEGIES)
      .default('FROM_FAILURE')
      .describe('ALL_STEPS: all its partitions; otherwise those that it did not make.'),
  })
  .register(named, { id: 'ReexecuteBackfill' });

/** `POST /api/backfills/{id}/reexecute` */
export const reexecuteBackfill = operation({
  summary: 'Launch an ended backfill again: all of it, or what it did not make.',
  body: reexecuteBodySchema.prefault({}),
  answers: { 201: launchedBackfillSchema },
  async handle(input, { instance, options, identity, now }) {
    const { backfillId, runIds } = await reexecute(instance, options.engine, {
      parentBackfillId: param(input, 'id'),
      strategy: input.body.strategy,
      user: identity.user,
    });
    return {
      status: 201,
      body: { backfill: backfillView(await findBackfill(instance, backfillId), now), runIds: [...runIds] },
      headers: { location: `/api/backfills/${backfillId}` },
    };
  },
});

const eventsSchema = z
  .object({
    events: z.array(
      z.object({
        eventId: z.int().describe('Ascending: pass the last one as `after` to read on.'),
        timestamp: z.int().describe('Epoch milliseconds.'),
        level: z.enum(['INFO', 'ERROR']),
        message: z.string(),
      }),
    ),
  })
  .register(named, { id: 'BackfillEvents' });

/** `GET /api/backfills/{id}/events` */
export const listBackfillEvents = operation({
  summary: 'What a backfill said as it went on, oldest first.',
  query: z.strictObject({ after: wholeNumber(0, Number.MAX_SAFE_INTEGER).optional() }),
  answers: { 200: eventsSchema },
  async handle(input, { instance }) {
    const { backfillId } = await findBackfill(instance, param(input, 'id'));
    const events = await instance.storage.backfillEvents(backfillId, input.query.after ?? 0, EVENTS_PAGE);
    return { status: 200, body: { events: [...events] } };
  },
});
