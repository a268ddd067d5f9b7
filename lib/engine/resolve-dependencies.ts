import type { AfterRequest, RunDependencies, RunDependency } from '../model/run-dependency';
import { PortError } from '../ports/errors';
import type { Instance } from '../ports/instance';
import { PlanError } from './errors';

/**
 * Finds the runs and jobs that a request names. Null = it names none.
 *
 * @throws {PlanError} `unknown-run`, `unknown-job`
 */
export async function resolveDependencies(
  instance: Pick<Instance, 'storage' | 'codeLocations'>,
  { runs = [], jobs = [], requires = 'success', mode = 'all' }: AfterRequest,
): Promise<RunDependencies | null> {
  const on: RunDependency[] = [
    ...(await Promise.all(runs.map(async (id) => ({ runId: await findRunId(instance, id), requires })))),
    ...(await Promise.all(jobs.map(async (name) => ({ ...(await findJobOf(instance, name)), requires })))),
  ];
  return on.length === 0 ? null : { mode, on };
}

/** Storage refuses runs that would wait for each other; a request is told so as of everything else in it. */
export function toDependencyError(error: unknown): unknown {
  if (!(error instanceof PortError) || !error.message.includes('would wait for each other')) return error;
  return new PlanError('cycle', 'after', `The run is not launched: ${error.message}.`, { cause: error });
}

async function findRunId({ storage }: Pick<Instance, 'storage'>, id: string): Promise<string> {
  const found = await storage.listRuns({ filter: { runIdPrefix: id }, limit: 2 });
  const [only, other] = found;
  if (only !== undefined && other === undefined) return only.runId;
  throw new PlanError(
    'unknown-run',
    id,
    only === undefined
      ? `There is no run '${id}' to start after.`
      : `Several runs begin with '${id}': write more of the id.`,
  );
}

async function findJobOf(
  { codeLocations }: Pick<Instance, 'codeLocations'>,
  name: string,
): Promise<{ readonly location: string; readonly jobName: string }> {
  const known = (await codeLocations.list()).flatMap(({ name: location, manifest }) =>
    (manifest?.jobs ?? []).map((job) => ({ location, jobName: job.name })),
  );
  const found = known.filter(
    ({ location, jobName }) => jobName === name || `${location}/${jobName}` === name,
  );
  const [only, other] = found;
  if (only !== undefined && other === undefined) return only;
  throw new PlanError(
    'unknown-job',
    name,
    only === undefined
      ? `There is no job '${name}' to start after.`
      : `Job '${name}' is in several code locations: write '${only.location}/${name}'.`,
    { known: known.map(({ jobName }) => jobName) },
  );
}
