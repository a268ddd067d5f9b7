import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { PortError } from '../../../lib/ports/errors';
import { StaleAttemptError, type WorkerStorage } from '../../../lib/ports/worker-storage';

/** Lets other processes call a `WorkerStorage` of this one. */
export async function serveWorkerStorage(
  storage: WorkerStorage,
): Promise<{ readonly url: string; close(): Promise<void> }> {
  const server = createServer((request, response) => {
    const pieces: Buffer[] = [];
    request.on('data', (piece: Buffer) => pieces.push(piece));
    request.on('end', () => {
      const [method, ...args] = JSON.parse(Buffer.concat(pieces).toString()) as [
        keyof WorkerStorage,
        ...never[],
      ];
      const call = storage[method] as (...args: never[]) => Promise<unknown>;
      call.apply(storage, args).then(
        (value) => response.end(JSON.stringify({ value: value ?? null })),
        (error: PortError) => {
          const { name, fault, message } = error;
          response.end(JSON.stringify({ error: { name, fault, message } }));
        },
      );
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    close: () =>
      new Promise((resolve) => {
        server.closeAllConnections();
        server.close(() => resolve());
      }),
  };
}

/** The other end: a `WorkerStorage` that calls the one served under a URL. */
export function httpWorkerStorage(url: string): WorkerStorage {
  const call = async (method: keyof WorkerStorage, ...args: unknown[]): Promise<never> => {
    let reply: { value?: never; error?: { name: string; fault: 'transient'; message: string } };
    try {
      const response = await fetch(url, { method: 'POST', body: JSON.stringify([method, ...args]) });
      reply = (await response.json()) as typeof reply;
    } catch (cause) {
      throw new PortError('transient', 'the test storage is not reachable', { cause });
    }
    if (reply.error?.name === 'StaleAttemptError') throw new StaleAttemptError(reply.error.message);
    if (reply.error !== undefined) throw new PortError(reply.error.fault, reply.error.message);
    return reply.value as never;
  };
  return {
    startRun: (ref) => call('startRun', ref),
    heartbeat: (ref) => call('heartbeat', ref),
    appendEvents: (ref, firstSeq, events) => call('appendEvents', ref, firstSeq, events),
    finishRun: (ref, outcome) => call('finishRun', ref, outcome),
    suspendRun: (ref, suspension) => call('suspendRun', ref, suspension),
    suspendedState: (ref) => call('suspendedState', ref),
    claimPoolSlot: (ref, pool, stepKey, priority) => call('claimPoolSlot', ref, pool, stepKey, priority),
    releasePoolSlot: (ref, pool, stepKey) => call('releasePoolSlot', ref, pool, stepKey),
    dynamicPartitionKeys: (ref, name) => call('dynamicPartitionKeys', ref, name),
    materializations: (ref, query) => call('materializations', ref, query),
  };
}
