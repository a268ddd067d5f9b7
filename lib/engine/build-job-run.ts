import type { JsonObject } from '../model/json';
import type { NewRun } from '../model/run';
import type { Instance } from '../ports/instance';
import { buildRun, prepareRuns, type RunSpec, type RunSurroundings } from './build-run';
import { partitionConfigs, saysNothing } from './partition-configs';
import { validateRunConfig } from './validate-run-config';

/**
 * As `buildRun`, with the config that is asked for, or else the job's own: of a job whose config depends on the
 * partition, that of the run's.
 *
 * @param config null = none is asked for
 * @throws {RunConfigError} @throws as `buildRun` @throws {PortError} the location cannot be reached
 */
export async function buildJobRun(
  instance: Pick<Instance, 'codeLocationClient'>,
  spec: Omit<RunSpec, 'config' | 'ofPartition'>,
  config: JsonObject | null,
  surroundings: RunSurroundings,
): Promise<NewRun> {
  const { job } = spec;
  const { location } = surroundings;
  const valid = () => validateRunConfig(instance, location, job, config ?? job.defaultConfig);
  if (job.isConfiguredByPartition !== true) return buildRun({ ...spec, config: await valid() }, surroundings);
  const make = await prepareRuns({ ...spec, config: {} }, surroundings);
  const { plan } = make(spec);
  const [own = { config: null, tags: {} }] = await partitionConfigs(instance, location, job, [
    plan.partitionKeys,
  ]);
  const chosen = saysNothing(config) ? own.config : null;
  return make({ ...spec, ofPartition: { ...own, config: chosen ?? (await valid()) } });
}
