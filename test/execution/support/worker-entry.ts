/** The worker program with a storage that lives in the test's process; children are the real ones. */
import { createFileObjectStore } from '../../../lib/adapters/local/file-object-store';
import { passOutput } from '../../../lib/adapters/system/pass-output';
import { systemClock } from '../../../lib/adapters/system/system-clock';
import { environmentForUserCode, readWorkerEnvironment } from '../../../lib/environment';
import { serveWorker } from '../../../lib/execution/serve-worker';
import { httpWorkerStorage } from './http-worker-storage';

if (process.argv[2] === '--child') {
  await import('../../../bin/worker');
} else {
  const environment = readWorkerEnvironment();
  await serveWorker({
    mode: process.argv[2] === '--pool' ? 'pool' : 'attempt',
    attempt: {
      runId: environment.HEADRACE_RUN_ID,
      attempt: environment.HEADRACE_ATTEMPT,
      token: environment.HEADRACE_ATTEMPT_TOKEN,
      bundleHash: environment.HEADRACE_BUNDLE_HASH,
      bundlePath: environment.HEADRACE_BUNDLE_PATH,
      maxRuntimeSeconds: environment.HEADRACE_MAX_RUNTIME ?? null,
    },
    workerId: `worker-${process.pid}`,
    storage: httpWorkerStorage(environment.HEADRACE_WORKER_DATABASE_URL ?? ''),
    objectStore: createFileObjectStore(environment.HEADRACE_OBJECT_STORE ?? ''),
    clock: systemClock,
    random: Math.random,
    ...(environment.HEADRACE_COMPUTE_LOGS === 'off' ? { passOutput } : {}),
    childCommand: {
      executable: process.execPath,
      args: ['--max-old-space-size=64', process.argv[1] ?? '', '--child'],
      environment: environmentForUserCode(),
      directory: undefined,
    },
  });
}
