import type { HeadraceClient, RunView } from '../../client';
import type { StoredEvent } from '../../model/event';
import { TAG } from '../../model/tags';
import { CliError, EXIT } from '../errors';
import type { Output } from '../output';
import { DBT_HEADER, dbtResults, eventLine, LOADED_HEADER, loadedTables } from '../run-report';

/** A job of the main job; those of one stage run side by side, stages one after another. */
export interface MainJobPart {
  readonly location: string;
  readonly job: string;
}

/** How long a later stage's run may take to appear after the stage before it succeeded. */
const FOLLOW_UP_SECONDS = 60;
const POLL_MS = 250;

/**
 * Runs the main job and reports it: the first stage is launched; a later one is either started by a sensor that
 * follows it (its run carries the earlier run's id as run key) or, where no sensor follows, launched too.
 *
 * @returns the exit code: 0 when every run succeeded
 */
export async function watchMainJob(
  client: HeadraceClient,
  stages: readonly (readonly MainJobPart[])[],
  output: Output,
): Promise<number> {
  const events: StoredEvent[] = [];
  const runs: RunView[] = [];
  let previous: readonly string[] = [];
  for (const [index, stage] of stages.entries()) {
    const runIds = await Promise.all(
      stage.map((part) => (index === 0 ? launch(client, part) : followUp(client, part, previous))),
    );
    runs.push(...(await Promise.all(runIds.map((runId) => follow(client, runId, events, output)))));
    previous = runIds;
    if (!succeeded(runs)) break;
  }
  report(runs, events, output);
  return succeeded(runs) ? EXIT.ok : EXIT.failed;
}

const succeeded = (runs: readonly RunView[]): boolean => runs.every(({ status }) => status === 'SUCCESS');

async function launch(client: HeadraceClient, { location, job }: MainJobPart): Promise<string> {
  const { runId } = await client.launchRun({ location, job });
  return runId;
}

/** The run of `part` that follows one of the earlier runs; launched when no sensor of its location would. */
async function followUp(
  client: HeadraceClient,
  part: MainJobPart,
  previous: readonly string[],
): Promise<string> {
  if (!(await isFollowedBySensor(client, part))) return launch(client, part);
  for (let waited = 0; waited < FOLLOW_UP_SECONDS * 1000; waited += POLL_MS) {
    for (const runKey of previous) {
      const [run] = await client.listRuns({
        location: part.location,
        job: part.job,
        tag: [`${TAG.runKey}=${runKey}`],
        limit: 1,
      });
      if (run !== undefined) return run.runId;
    }
    await new Promise((resolve) => setTimeout(resolve, POLL_MS));
  }
  throw new CliError(`No run of ${part.location}/${part.job} followed within ${FOLLOW_UP_SECONDS} s.`, {
    exitCode: EXIT.failed,
    remedy: 'Look at the sensor’s ticks on the Sensors page, or with `npx headrace sensor list`.',
  });
}

interface SensorsAnswer {
  readonly sensorsOrError: {
    readonly results?: readonly {
      readonly sensorType: string;
      readonly targets: readonly { readonly pipelineName: string }[];
      readonly sensorState: { readonly status: string; readonly repositoryLocationName: string };
    }[];
  };
}

async function isFollowedBySensor(client: HeadraceClient, { location, job }: MainJobPart): Promise<boolean> {
  const { sensorsOrError } = await client.graphql<SensorsAnswer>(
    'query { sensorsOrError { ... on Sensors { results { sensorType targets { pipelineName } sensorState { status repositoryLocationName } } } } }',
  );
  return (sensorsOrError.results ?? []).some(
    ({ sensorType, targets, sensorState }) =>
      sensorType === 'RUN_STATUS' &&
      sensorState.status === 'RUNNING' &&
      sensorState.repositoryLocationName === location &&
      targets.some(({ pipelineName }) => pipelineName === job),
  );
}

async function follow(
  client: HeadraceClient,
  runId: string,
  events: StoredEvent[],
  output: Output,
): Promise<RunView> {
  for await (const event of client.followRun(runId)) {
    events.push(event);
    const line = eventLine(event, output.colours);
    if (line !== undefined) output.line(line);
  }
  return client.getRun(runId);
}

function report(runs: readonly RunView[], events: readonly StoredEvent[], output: Output): void {
  const loaded = loadedTables(events);
  const dbt = dbtResults(events);
  output.result({ runs: runs.map(outcome), loaded, dbt }, () => {
    if (loaded.length > 0) {
      output.line();
      output.table(LOADED_HEADER, loaded, '');
    }
    if (dbt.length > 0) {
      output.line();
      output.table(DBT_HEADER, dbt, '');
    }
  });
}

const outcome = ({ runId, location, job, status, attempt, cause }: RunView) => ({
  runId,
  location,
  job,
  status,
  attempt,
  cause,
});
