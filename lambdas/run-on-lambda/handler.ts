/** Executes short runs of one location: supervises an attempt, whose code runs in a child that is kept warm. */
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { handlerOf } from '../../lib/adapters/aws/aws-function';
import { createFunctionLog } from '../../lib/adapters/aws/function-log';
import { childCommand } from '../../lib/adapters/system/child-command';
import { passOutput } from '../../lib/adapters/system/pass-output';
import { systemClock } from '../../lib/adapters/system/system-clock';
import { systemIds } from '../../lib/adapters/system/system-ids';
import { dequeueRequest, openWorkerAdapters, openWorkerStorage } from '../../lib/adapters/worker-adapters';
import { installBundle } from '../../lib/build/install-bundle';
import { environmentSecrets, readWorkerEnvironment } from '../../lib/environment';
import { ShortLivedWorker } from '../../lib/execution/short-lived-worker';
import type { RunWorkerInput } from '../../lib/model/execution-input';

/** Bytes of Lambda's memory that the supervisor and the system use. */
const OVERHEAD = 160 * 1_024 * 1_024;

const environment = readWorkerEnvironment();
const { AWS_LAMBDA_FUNCTION_MEMORY_SIZE: megabytes } = environment;
const log = createFunctionLog({ instance: '', now: systemClock.now });
const program = join(import.meta.dirname, 'worker.mjs');
const { objectStore } = await openWorkerAdapters(environment);
const worker = new ShortLivedWorker({
  storage: await openWorkerStorage(environment, { maxConnections: 2 }),
  objectStore,
  clock: systemClock,
  random: systemIds.random,
  // The function's own credentials among them, which user code finds in its environment.
  knownSecrets: environmentSecrets(),
  ...dequeueRequest(environment),
  ...(environment.HEADRACE_COMPUTE_LOGS === 'off' ? { passOutput } : {}),
  // The only folder that a function may write to.
  childCommand: { ...childCommand(program), directory: tmpdir() },
  memory: megabytes === undefined ? undefined : Math.max(OVERHEAD, megabytes * 1_024 * 1_024 - OVERHEAD),
  bundlePath: (hash) =>
    installBundle(objectStore, hash, { directory: join(tmpdir(), 'bundles'), host: program }),
});

export const handler = handlerOf(log, (input: RunWorkerInput, context) =>
  worker.run(input, context.getRemainingTimeInMillis()),
);
