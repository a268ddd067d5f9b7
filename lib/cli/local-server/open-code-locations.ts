import { dirname, join, resolve } from 'node:path';
import { WorkspaceCodeLocations } from '../../adapters/local/workspace-code-locations';
import { systemClock } from '../../adapters/system/system-clock';
import {
  type BuildOptions,
  createLocationBuilder,
  type LocationBuilder,
} from '../../build/build-code-location';
import { checkTypes } from '../../build/check-types';
import { BuildError } from '../../build/errors';
import type { CodeLocation } from '../../model/code-location';
import type { SecretMask } from '../../model/secret-mask';
import type { CodeLocationSettings } from '../../settings/workspace-settings';
import type { Project } from '../project';
import { prepareLocation } from './prepare-location';

/** The workspace's locations, loaded and (when asked for) rebuilt as their sources change. */
export interface OpenCodeLocations {
  readonly registry: WorkspaceCodeLocations;
  onChange(listener: (location: CodeLocation) => void): void;
  close(): Promise<void>;
}

/** How a location is built: its prepare command is run before, when needed. */
export async function buildOptions(
  project: Project,
  location: CodeLocationSettings,
  bundles: string,
  onLog: (line: string) => void,
): Promise<BuildOptions> {
  await prepareLocation(project, location, onLog);
  return {
    root: project.root,
    location: location.name,
    entry: location.entry,
    files: location.files,
    externals: location.externals,
    outDirectory: bundles,
  };
}

/** Loads every location of workspace.yaml; one that does not build shows its error and stops nothing else. */
export async function openCodeLocations(
  project: Project,
  options: {
    readonly bundles: string;
    readonly watch: boolean;
    readonly mask: SecretMask;
    readonly onLog: (line: string) => void;
  },
): Promise<OpenCodeLocations> {
  const builders: LocationBuilder[] = [];
  const registry = new WorkspaceCodeLocations({
    clock: systemClock,
    timeouts: {
      first: project.settings.codeServers.localStartupTimeout,
      reload: project.settings.codeServers.reloadTimeout,
    },
    shown: (error) => options.mask.data(error),
    onError: (message, error) => options.onLog(`${message}: ${String(error)}`),
    locations: project.workspace.codeLocations.map((location) => {
      let builder: LocationBuilder | undefined;
      return {
        name: location.name,
        watch: options.watch
          ? [dirname(location.entry), ...location.files].map((path) => join(project.root, path))
          : [],
        build: async () => {
          const build = await buildOptions(project, location, options.bundles, options.onLog);
          if (builder === undefined) {
            builder = await createLocationBuilder(build);
            builders.push(builder);
          }
          return builder.build();
        },
        sourcesOf: (error) =>
          error instanceof BuildError
            ? error.problems.flatMap(({ source }) =>
                source === undefined ? [] : [resolve(project.root, source.file)],
              )
            : [],
      };
    }),
  });
  const types = options.watch ? watchTypes(project, registry, options.onLog) : undefined;
  await registry.load();
  return {
    registry,
    onChange: (listener) => void registry.onChange(listener),
    async close() {
      types?.abort();
      await registry.close();
      await Promise.all(builders.map((builder) => builder.dispose()));
    },
  };
}

/** Says the type errors of what was saved; in the background, since nothing waits for them. */
function watchTypes(
  project: Project,
  registry: WorkspaceCodeLocations,
  onLog: (line: string) => void,
): AbortController {
  const closed = new AbortController();
  let current: AbortController | undefined;
  // The first load is not checked: starting must not cost a run of the type checker.
  let loads = 0;
  /** A project without TypeScript is told so once. */
  let lastFailure = '';
  registry.onChange((location) => {
    loads += 1;
    const entry = project.workspace.codeLocations.find(({ name }) => name === location.name)?.entry;
    if (entry === undefined || loads <= project.workspace.codeLocations.length || location.error !== null)
      return;
    current?.abort();
    current = new AbortController();
    const signal = AbortSignal.any([current.signal, closed.signal]);
    checkTypes(project.root, entry, { signal })
      .then((found) => {
        for (const { file, line, message } of found)
          onLog(`type error in ${file ?? entry}:${line}: ${message}`);
      })
      .catch((error: unknown) => {
        const failure = error instanceof Error ? error.message : String(error);
        if (!signal.aborted && failure !== lastFailure) onLog(`Types are not checked: ${failure}`);
        lastFailure = failure;
      });
  });
  return closed;
}
