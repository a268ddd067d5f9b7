import { z } from 'zod';
import { readComputeLog } from '../../../engine/compute-logs';
import { RunNotFoundError } from '../../../engine/errors';
import { RUN_STEP_KEY } from '../../../model/compute-log';
import { didYouMean, nearMisses } from '../../../model/near-misses';
import type { Run } from '../../../model/run';
import { isFinished } from '../../../model/run-status';
import { operation, param } from '../operation';
import { ProblemError } from '../problem';
import type { RestContext } from '../rest-context';
import { named, wholeNumber } from '../schemas';

/** Of the steps of a run, when one is asked for that there is not. */
const SHOWN_STEPS = 20;

/** Output is stored within a second of being written; a try that ended longer ago than this writes no more. */
const SETTLED_AFTER_MS = 10_000;

export const logPageSchema = z
  .object({
    text: z.string(),
    cursor: z.string().describe('Pass it to get what follows.'),
    complete: z.boolean().describe('No more will come.'),
  })
  .register(named, { id: 'LogPage' });

const querySchema = z.strictObject({
  step: z.string().min(1).describe('Step key.'),
  try: wholeNumber(1, 1_000_000).default(1).describe('1 for the first try of the first attempt; default 1.'),
  stream: z.enum(['stdout', 'stderr']).default('stdout'),
  cursor: wholeNumber(0, Number.MAX_SAFE_INTEGER).default(0).describe('`cursor` of the page before.'),
});

/** `GET /api/runs/{id}/logs` */
export const readStepLogs = operation({
  summary: 'What a step printed.',
  query: querySchema,
  answers: { 200: logPageSchema },
  async handle(input, context) {
    const runId = param(input, 'id');
    const { step, try: tryNumber, stream, cursor } = input.query;
    const run = await context.instance.storage.getRun(runId);
    if (run === undefined) throw new RunNotFoundError(runId);
    // Asked before the text: what is settled by now is then in the text.
    const settled = await isSettled(run, step, tryNumber, context);
    const page = await readComputeLog(context.instance, { runId, stepKey: step, tryNumber }, stream, cursor);
    if (cursor === 0 && page.text === '') await requireStep(runId, step, context);
    return {
      status: 200,
      body: { text: page.text, cursor: String(page.cursor), complete: settled && !page.hasMore },
    };
  },
});

/** @throws {ProblemError} when no step of the run can have this key: waiting for its output would be in vain */
async function requireStep(runId: string, step: string, { instance }: RestContext): Promise<void> {
  const plan = await instance.storage.getRunPlan(runId);
  if (plan === undefined || step === RUN_STEP_KEY) return;
  const known = plan.steps.map(({ key }) => key);
  // Steps of mapped values are named when these are known: `load[?]` becomes `load[a]`.
  const isMapped = known.some((key) => key.endsWith('[?]') && step.startsWith(key.slice(0, -2)));
  if (isMapped || known.includes(step)) return;
  throw new ProblemError(404, {
    title: 'Not found',
    detail: `Run '${runId}' has no step '${step}'.${didYouMean(nearMisses(step, known))}`,
    remedy: `Its steps are ${known.slice(0, SHOWN_STEPS).join(', ')}${known.length > SHOWN_STEPS ? ', …' : ''}.`,
  });
}

async function isSettled(
  run: Run,
  step: string,
  tryNumber: number,
  { instance, now }: RestContext,
): Promise<boolean> {
  if (isFinished(run.status)) return true;
  const stats = await instance.storage.stepStats(run.runId);
  const endedAt = stats.find(({ stepKey }) => stepKey === step)?.tries[tryNumber - 1]?.endedAt ?? null;
  return endedAt !== null && endedAt + SETTLED_AFTER_MS < now;
}
