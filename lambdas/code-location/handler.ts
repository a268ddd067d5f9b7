/**
 * Answers for one location's code. The code runs in a process of its own for each version, which this one starts,
 * watches and keeps for the next request; only the versions that are asked for are loaded.
 */
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { handlerOf } from '../../lib/adapters/aws/aws-function';
import { createFunctionLog } from '../../lib/adapters/aws/function-log';
import { createProcessCodeLocationClient } from '../../lib/adapters/system/process-code-location-client';
import { systemClock } from '../../lib/adapters/system/system-clock';
import { openWorkerAdapters } from '../../lib/adapters/worker-adapters';
import { installBundle } from '../../lib/build/install-bundle';
import { environmentSecrets, readWorkerEnvironment } from '../../lib/environment';
import { answerCodeLocationCall } from '../../lib/execution/answer-code-location-call';
import { passText } from '../../lib/execution/passed-output';
import type { CodeLocationCall } from '../../lib/model/code-location';
import { SecretMask } from '../../lib/model/secret-mask';

const environment = readWorkerEnvironment();
const log = createFunctionLog({ instance: '', now: systemClock.now });
const mask = new SecretMask(environmentSecrets());
const program = join(import.meta.dirname, 'code-location.mjs');
const { objectStore } = await openWorkerAdapters(environment);
const client = createProcessCodeLocationClient({
  codeLocationEntry: program,
  // The only folder that a function may write to.
  directory: tmpdir(),
  bundlePath: (_location, hash) =>
    installBundle(objectStore, hash, { directory: join(tmpdir(), 'bundles'), host: program }),
  openOutput: () => passText(mask, (text) => log.info('User code says', { text: text.trimEnd() })),
  onSecret: (secret) => mask.add(secret),
});

export const handler = handlerOf(log, (call: CodeLocationCall) =>
  answerCodeLocationCall(client, systemClock, environment.HEADRACE_LOCATION ?? '', call),
);
