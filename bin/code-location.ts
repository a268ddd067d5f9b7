/** Serves one code location over IPC: loads the bundle that the first message names, then answers requests. */
import { dirname } from 'node:path';
import { systemClock } from '../lib/adapters/system/system-clock';
import { openWorkerAdapters } from '../lib/adapters/worker-adapters';
import { environmentSecrets, lookUpEnvironment, readWorkerEnvironment } from '../lib/environment';
import { prefixedArtifacts } from '../lib/execution/artifacts';
import { type CodeLocationHost, CodeLocationServer } from '../lib/execution/code-location-server';
import { loadBundle } from '../lib/execution/load-bundle';
import { lookUpVariables } from '../lib/execution/look-up-variables';
import { watchParent } from '../lib/execution/parent-watchdog';
import type { FromCodeLocation, ToCodeLocation } from '../lib/model/code-location-messages';
import { SecretMask } from '../lib/model/secret-mask';
import { toSerializableError } from '../lib/model/serializable-error';

const environment = readWorkerEnvironment();
const adapters = openWorkerAdapters(environment);
const loading = Promise.withResolvers<CodeLocationServer>();

function send(message: FromCodeLocation): void {
  if (process.connected) process.send?.(message, () => {});
}

const told = new Set<string>();

/** Tells the parent, which passes on what is printed here. */
function mask(secret: string): void {
  if (told.has(secret)) return;
  told.add(secret);
  send({ type: 'mask', secret });
}

async function load({ location, bundlePath }: Extract<ToCodeLocation, { type: 'load' }>): Promise<void> {
  try {
    const { objectStore, secretStore } = await adapters;
    // Locally user code runs in the project; elsewhere in its bundle, which has the project's files by the same paths.
    if (environment.HEADRACE_OBJECT_STORE === undefined) process.chdir(dirname(bundlePath));
    const definitions = await loadBundle(bundlePath);
    const host: CodeLocationHost = {
      artifacts: prefixedArtifacts(objectStore),
      clock: systemClock,
      knownSecrets: environmentSecrets(),
      mask,
      lookUp: (names, onSecret) => lookUpVariables(names, lookUpEnvironment, secretStore, onSecret),
    };
    loading.resolve(new CodeLocationServer(definitions, location, host));
    send({ type: 'loaded' });
  } catch (error) {
    const known = new SecretMask(environmentSecrets());
    send({ type: 'load-failed', error: known.data(toSerializableError(error)) });
  }
}

process.on('message', (message: ToCodeLocation) => {
  if (message.type === 'load') {
    void load(message);
    return;
  }
  const { id, request } = message;
  void loading.promise.then(async (server) => {
    // Not said while user code keeps the processor to itself.
    setImmediate(() => send({ type: 'begun', id }));
    send({ type: 'reply', id, reply: await server.handle(request) });
  });
});
process.on('disconnect', () => process.exit(0));
// Ctrl-C goes to the whole group: the parent hears it too, and ends this process.
process.on('SIGINT', () => {});
watchParent({ killsGroup: false });
