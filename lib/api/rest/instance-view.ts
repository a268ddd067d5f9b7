import { z } from 'zod';
import { readPause } from '../../engine/read-pause';
import { PAUSE_SCOPES } from '../../model/instance-pause';
import { ACTIVE_STATUSES } from '../../model/run-status';
import type { RestContext } from './rest-context';
import { named } from './schemas';

/** Runs are counted no further. */
const COUNTED_RUNS = 10_000;

export const pauseScopeSchema = z
  .enum(PAUSE_SCOPES)
  .describe('`all` = schedules, sensors and the queue; `dequeue` = no run starts, ticks go on enqueueing.');

export const instanceSchema = z
  .object({
    version: z.string(),
    paused: z
      .object({ scope: pauseScopeSchema, by: z.string(), since: z.int().describe('Epoch milliseconds.') })
      .nullable()
      .describe('Null when it is not paused.'),
    activeRuns: z.int().describe(`Runs that are starting, started or canceling; at most ${COUNTED_RUNS}.`),
    queuedRuns: z.int().describe(`At most ${COUNTED_RUNS}.`),
  })
  .register(named, { id: 'Instance' });

export async function loadInstanceView({
  instance,
  options,
}: Pick<RestContext, 'instance' | 'options'>): Promise<z.output<typeof instanceSchema>> {
  const { storage } = instance;
  const [paused, activeRuns, queuedRuns] = await Promise.all([
    readPause(instance),
    storage.countRuns({ statuses: ACTIVE_STATUSES }, COUNTED_RUNS),
    storage.countRuns({ statuses: ['QUEUED'] }, COUNTED_RUNS),
  ]);
  return { version: options.version, paused, activeRuns, queuedRuns };
}
