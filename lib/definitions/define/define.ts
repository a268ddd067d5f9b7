import { API_VERSION, type SourcePosition } from '../../model/manifest';
import type { LoadedDefinitions } from '../loaded-definitions';
import type { CapturedSource } from '../source-capture';
import { buildManifest } from './build-manifest';
import type { DefinitionsInput } from './collect';
import { toExecutableHook, toExecutableOp, toExecutableSchedule, toExecutableSensor } from './executables';
import { resolve } from './resolve';
import { toExecutableResource } from './resource-registry';
import { validateRunConfig } from './run-config';

/**
 * Brings the definitions of a code location together; its entry file exports the result as `definitions`.
 * Jobs of schedules and sensors, resources and external assets that others use need not be listed.
 *
 * @throws {DefinitionsError} with all mistakes at once, each with its place in the source
 * @example
 * import * as assets from './assets';
 * export const definitions = define({ assets, schedules: [schedule({ job: daily, cron: '@daily' })] });
 */
export function define(input: DefinitionsInput): LoadedDefinitions {
  const resolved = resolve(input);
  const { computations, registry, schedules, sensors, hooks, configSchemas, jobs } = resolved;
  const validateConfig: LoadedDefinitions['validateConfig'] = (job, config) => {
    const schema = configSchemas.get(job);
    if (schema === undefined) {
      const message = `There is no job "${job}"; there are ${[...jobs.keys()].join(', ')}.`;
      return { ok: false, errors: [{ path: [], reason: 'FIELD_NOT_DEFINED', message }] };
    }
    return validateRunConfig(schema, config);
  };
  return {
    apiVersion: API_VERSION,
    manifest: (location, locate = toPosition) => buildManifest(resolved, location, locate),
    ops: Object.fromEntries(computations.map((each) => [each.name, toExecutableOp(resolved, each)])),
    resources: Object.fromEntries(registry.all.map((each) => [each.name, toExecutableResource(each)])),
    schedules: present(
      schedules.map(({ name, definition }) => [name, toExecutableSchedule(resolved, definition)]),
    ),
    sensors: present(sensors.map(({ name, definition }) => [name, toExecutableSensor(resolved, definition)])),
    hooks: Object.fromEntries([...hooks].map(([name, hook]) => [name, toExecutableHook(resolved, hook)])),
    validateConfig,
    partitionConfig(job, partition) {
      const { ofPartition = {} } = jobs.get(job)?.definition ?? {};
      const tags = ofPartition.runTags?.(partition) ?? {};
      const config = ofPartition.config?.(partition);
      if (config === undefined) return { ok: true, config: null, tags };
      const checked = validateConfig(job, config);
      return checked.ok ? { ...checked, tags } : checked;
    },
  };
}

/** Positions of code that was not bundled are those of the source. */
function toPosition({ file, line }: CapturedSource): SourcePosition {
  return { file: file.replace(/^file:\/\//, ''), line };
}

function present<T>(entries: readonly (readonly [string, T | undefined])[]): Readonly<Record<string, T>> {
  return Object.fromEntries(
    entries.flatMap(([name, value]) => (value === undefined ? [] : [[name, value] as const])),
  );
}
