/**
 * Supervises run attempts. Modes: `--pool` serves the attempts that its parent sends over IPC from warm children;
 * without arguments one attempt, named by the environment; `--child` is the process in which user code runs,
 * started by either of them.
 */
import { hostname } from 'node:os';
import { createFileObjectStore } from '../lib/adapters/local/file-object-store';
import { systemClock } from '../lib/adapters/system/system-clock';
import { systemIds } from '../lib/adapters/system/system-ids';
import {
  environmentForUserCode,
  keepEnvironment,
  lookUpEnvironment,
  readWorkerEnvironment,
} from '../lib/environment';
import type { ChildOptions } from '../lib/execution/child';

const environment = readWorkerEnvironment();
const objectStore = createFileObjectStore(environment.HEADRACE_OBJECT_STORE);
const mode = process.argv[2] ?? '--attempt';

if (mode === '--child') {
  const { serveChild } = await import('../lib/execution/child');
  const { prefixedArtifacts } = await import('../lib/execution/artifacts');
  const { createEnvSecretStore } = await import('../lib/adapters/local/env-secret-store');
  const { lookUpVariables } = await import('../lib/execution/look-up-variables');
  const secrets = createEnvSecretStore();
  const { HEADRACE_INSPECT: firstPort } = environment;
  const inspecting: Pick<ChildOptions, 'openInspector'> = {};
  if (firstPort !== undefined) {
    const { openInspector } = await import('../lib/execution/open-inspector');
    inspecting.openInspector = () => openInspector(firstPort);
  }
  serveChild({
    artifacts: prefixedArtifacts(objectStore),
    clock: systemClock,
    random: systemIds.random,
    lookUp: (names) => lookUpVariables(names, lookUpEnvironment, secrets),
    keepEnvironment,
    ...inspecting,
  });
} else {
  const { createPostgresWorkerStorage } = await import('../lib/adapters/postgres/postgres-worker-storage');
  const { serveWorker } = await import('../lib/execution/serve-worker');
  await serveWorker({
    mode: mode === '--pool' ? 'pool' : 'attempt',
    attempt: {
      runId: environment.HEADRACE_RUN_ID,
      attempt: environment.HEADRACE_ATTEMPT,
      token: environment.HEADRACE_ATTEMPT_TOKEN,
      bundleHash: environment.HEADRACE_BUNDLE_HASH,
      bundlePath: environment.HEADRACE_BUNDLE_PATH,
      maxRuntimeSeconds: environment.HEADRACE_MAX_RUNTIME ?? null,
    },
    workerId: `${hostname()}-${process.pid}-${systemIds.uuid()}`,
    storage: createPostgresWorkerStorage({
      url: environment.HEADRACE_WORKER_DATABASE_URL ?? '',
      maxConnections: mode === '--pool' ? 10 : 2,
    }),
    objectStore,
    clock: systemClock,
    random: systemIds.random,
    childCommand: {
      executable: process.execPath,
      args: [
        '--enable-source-maps',
        '--disable-warning=ExperimentalWarning',
        process.argv[1] ?? '',
        '--child',
      ],
      environment: environmentForUserCode(),
      directory: undefined,
      onInspecting: (url, pid) =>
        process.stdout.write(`A debugger can attach to the runs of process ${pid}: ${url}\n`),
    },
  });
}
