/**
 * Supervises run attempts. Modes: `--pool` serves the attempts that its parent sends over IPC from warm children;
 * without arguments one attempt, named by the environment; `--child` is the process in which user code runs,
 * started by either of them.
 */
import { hostname, tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { systemClock } from '../lib/adapters/system/system-clock';
import { systemIds } from '../lib/adapters/system/system-ids';
import { dequeueRequest, openWorkerAdapters, openWorkerStorage } from '../lib/adapters/worker-adapters';
import {
  environmentSecrets,
  keepEnvironment,
  lookUpEnvironment,
  readWorkerEnvironment,
} from '../lib/environment';
import type { ChildOptions } from '../lib/execution/child';

const environment = readWorkerEnvironment();
const { objectStore, secretStore } = await openWorkerAdapters(environment);
const mode = process.argv[2] ?? '--attempt';

if (mode === '--child') {
  const { serveChild } = await import('../lib/execution/child');
  const { prefixedArtifacts } = await import('../lib/execution/artifacts');
  const { lookUpVariables } = await import('../lib/execution/look-up-variables');
  const { HEADRACE_INSPECT: firstPort, HEADRACE_OBJECT_STORE: folder } = environment;
  const inspecting: Pick<ChildOptions, 'openInspector'> = {};
  if (firstPort !== undefined) {
    const { openInspector } = await import('../lib/execution/open-inspector');
    inspecting.openInspector = () => openInspector(firstPort);
  }
  serveChild({
    artifacts: prefixedArtifacts(objectStore),
    clock: systemClock,
    random: systemIds.random,
    lookUp: (names, onSecret) => lookUpVariables(names, lookUpEnvironment, secretStore, onSecret),
    knownSecrets: environmentSecrets(),
    keepEnvironment,
    // Locally user code runs in the project; elsewhere in its bundle, which has the project's files by the same paths.
    ...(folder === undefined ? { directoryOf: dirname } : {}),
    ...inspecting,
  });
} else {
  const { serveWorker } = await import('../lib/execution/serve-worker');
  const { childCommand } = await import('../lib/adapters/system/child-command');
  const { passOutput } = await import('../lib/adapters/system/pass-output');
  const isPool = mode === '--pool';
  await serveWorker({
    mode: isPool ? 'pool' : 'attempt',
    attempt: {
      runId: environment.HEADRACE_RUN_ID,
      attempt: environment.HEADRACE_ATTEMPT,
      token: environment.HEADRACE_ATTEMPT_TOKEN,
      bundleHash: environment.HEADRACE_BUNDLE_HASH,
      bundlePath: environment.HEADRACE_BUNDLE_PATH ?? (isPool ? undefined : await fetchBundle()),
      maxRuntimeSeconds: environment.HEADRACE_MAX_RUNTIME ?? null,
    },
    workerId: environment.HEADRACE_WORKER_ID ?? `${hostname()}-${process.pid}-${systemIds.uuid()}`,
    storage: await openWorkerStorage(environment, { maxConnections: isPool ? 10 : 2 }),
    objectStore,
    clock: systemClock,
    random: systemIds.random,
    knownSecrets: environmentSecrets(),
    ...dequeueRequest(environment),
    ...(environment.HEADRACE_COMPUTE_LOGS === 'off' ? { passOutput } : {}),
    childCommand: {
      ...childCommand(process.argv[1] ?? ''),
      // Until code is loaded: on a function nothing else may be written to.
      directory: environment.HEADRACE_OBJECT_STORE === undefined ? tmpdir() : undefined,
      onInspecting: (url, pid) =>
        process.stdout.write(`A debugger can attach to the runs of process ${pid}: ${url}\n`),
    },
  });
}

/** A worker that is told no path gets its code from where it was pushed to. */
async function fetchBundle(): Promise<string | undefined> {
  const { HEADRACE_BUNDLE_HASH: hash } = environment;
  if (hash === undefined) return undefined;
  const { installBundle } = await import('../lib/build/install-bundle');
  return installBundle(objectStore, hash, {
    directory: join(tmpdir(), 'headrace-bundles'),
    host: process.argv[1] ?? '',
  });
}
