import type { PartitionConfig, PartitionConfigAnswer } from '../model/code-location';
import type { JsonObject } from '../model/json';
import type { JobManifest } from '../model/manifest';
import type { Instance } from '../ports/instance';
import { RunConfigError } from './errors';
import type { LoadedLocation } from './find-definitions';

/** User code may look things up, so it has as long as a check of a config. */
const TIMEOUT_SECONDS = 60;
/** Runs asked for in one call: an answer has to fit into what a function may answer (6 MB). */
const RUNS_PER_CALL = 500;

/** Whether a config leaves it to the job what its runs are given. */
export const saysNothing = (config: JsonObject | null | undefined): boolean =>
  config === null || config === undefined || Object.keys(config).length === 0;

/**
 * What a job gives to runs for their partitions; only user code knows.
 *
 * @param runs the partition keys of each run, in order
 * @returns one for each run
 * @throws {RunConfigError} the job's config for one of them does not fit
 * @throws {PortError} the location cannot be reached; {UserCodeError}: its function threw
 */
export async function partitionConfigs(
  { codeLocationClient }: Pick<Instance, 'codeLocationClient'>,
  { manifest, bundleHash }: LoadedLocation,
  { name: job }: Pick<JobManifest, 'name'>,
  runs: readonly (readonly string[])[],
): Promise<readonly PartitionConfig[]> {
  const answers: PartitionConfigAnswer[] = [];
  for (let from = 0; from < runs.length; from += RUNS_PER_CALL) {
    const request = {
      kind: 'partition-config',
      job,
      runs: runs.slice(from, from + RUNS_PER_CALL),
    } as const;
    const options = { timeoutSeconds: TIMEOUT_SECONDS };
    answers.push(
      ...(await codeLocationClient.call<'partition-config'>(manifest.location, bundleHash, request, options)),
    );
  }
  return answers.map((answer, index) => {
    if (answer.ok) return answer;
    const of = `for partition '${runs[index]?.join(', ')}'`;
    throw new RunConfigError(
      job,
      answer.errors.map((error) => ({ ...error, message: `${error.message} (${of})` })),
    );
  });
}
