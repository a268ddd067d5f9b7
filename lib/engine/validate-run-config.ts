import type { JsonObject } from '../model/json';
import type { JobManifest } from '../model/manifest';
import type { Instance } from '../ports/instance';
import { RunConfigError } from './errors';
import type { LoadedLocation } from './find-definitions';

/** Dagster's time-out for requests to a code location. */
const TIMEOUT_SECONDS = 60;

/**
 * A run's config with defaults applied. Only user code can judge it, so its location is asked, but not when there
 * is nothing to judge.
 *
 * @throws {RunConfigError}
 * @throws {PortError} when the location cannot be reached
 */
export async function validateRunConfig(
  instance: Pick<Instance, 'codeLocationClient'>,
  { manifest, bundleHash }: LoadedLocation,
  job: JobManifest,
  config: JsonObject,
): Promise<JsonObject> {
  const { required } = job.configSchema;
  const requiresSomething = Array.isArray(required) && required.length > 0;
  if (Object.keys(config).length === 0 && !requiresSomething) return config;
  const request = { kind: 'validate-config', job: job.name, config } as const;
  const answer = await instance.codeLocationClient.call<'validate-config'>(
    manifest.location,
    bundleHash,
    request,
    {
      timeoutSeconds: TIMEOUT_SECONDS,
    },
  );
  if (!answer.ok) throw new RunConfigError(job.name, answer.errors);
  return answer.config;
}
