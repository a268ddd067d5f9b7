import type { z } from 'zod';
import { RunNotFoundError } from '../../engine/errors';
import { explainWaiting } from '../../engine/explain-waiting';
import type { Run } from '../../model/run';
import { shownTags, TAG, type Tags } from '../../model/tags';
import type { RestContext } from './rest-context';
import type { runSchema } from './schemas';

export type RunView = z.output<typeof runSchema>;

/** Runs as the REST API shows them. One more read when any of them is queued, to say why. */
export async function runViews(
  runs: readonly Run[],
  { instance, options }: Pick<RestContext, 'instance' | 'options'>,
): Promise<RunView[]> {
  const reasons = await explainWaiting(instance, options.engine, runs);
  return runs.map((run) => ({
    runId: run.runId,
    location: run.location,
    job: run.jobName,
    status: run.status,
    tags: shownTags(run.tags),
    assets: run.assetSelection === null ? null : [...run.assetSelection],
    partition: partitionOf(run.tags),
    attempt: run.attempt,
    createdAt: run.createdAt,
    startedAt: run.startedAt,
    endedAt: run.endedAt,
    cause: run.cause,
    waitingFor: reasons.get(run.runId)?.join('; ') || null,
  }));
}

/** @throws {RunNotFoundError} */
export async function loadRunView(
  runId: string,
  context: Pick<RestContext, 'instance' | 'options'>,
): Promise<RunView> {
  const run = await context.instance.storage.getRun(runId);
  const [view] = run === undefined ? [] : await runViews([run], context);
  if (view === undefined) throw new RunNotFoundError(runId);
  return view;
}

function partitionOf(tags: Tags): string | null {
  const start = tags[TAG.partitionRangeStart];
  const end = tags[TAG.partitionRangeEnd];
  return tags[TAG.partition] ?? (start === undefined || end === undefined ? null : `${start}...${end}`);
}
