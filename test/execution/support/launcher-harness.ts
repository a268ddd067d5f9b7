import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createFileObjectStore } from '../../../lib/adapters/local/file-object-store';
import {
  createProcessRunLauncher,
  type ProcessRunLauncher,
  type ProcessRunLauncherOptions,
} from '../../../lib/adapters/local/process-run-launcher';
import { type ComputeLogStream, chunkPrefix } from '../../../lib/model/compute-log';
import type { EventOf, EventType, NewEvent } from '../../../lib/model/event';
import type { PlannedStep } from '../../../lib/model/execution-plan';
import type { ObjectStore } from '../../../lib/ports/object-store';
import type { TaskExit } from '../../../lib/ports/run-launcher';
import { buildPrograms } from '../../support/build-programs';
import { InMemoryWorkerStorage, type StoredAttempt } from '../../support/in-memory-worker-storage';
import { assignment } from './definitions';
import { serveWorkerStorage } from './http-worker-storage';

/** A launcher with real processes, whose storage is in the test's memory. */
export interface LauncherHarness {
  readonly storage: InMemoryWorkerStorage;
  readonly launcher: ProcessRunLauncher;
  readonly objectStore: ObjectStore;
  readonly folder: string;
  readonly programs: string;
  /** URL of the served storage. */
  readonly url: string;
  /** Launches a run of these steps. */
  launch(steps: readonly PlannedStep[], run?: Parameters<typeof assignment>[1]): LaunchedRun;
  close(): Promise<void>;
}

export interface LaunchedRun {
  readonly runId: string;
  readonly stored: StoredAttempt;
  readonly exit: Promise<TaskExit>;
  /** Aborting it stops the run. */
  readonly abort: AbortController;
  of<T extends EventType>(type: T): EventOf<T>[];
  /** Captured output of a step's try. */
  log(stepKey: string, stream: ComputeLogStream, tryNumber?: number): Promise<string>;
}

let count = 0;

/** A run id that no other run of this process has. */
export function newRunId(): string {
  count += 1;
  return `00000000-0000-4000-8000-${String(count).padStart(12, '0')}`;
}

export async function launcherHarness(
  options: Pick<ProcessRunLauncherOptions, 'keepsOutput' | 'openOutput' | 'onDequeueRequest'> = {},
): Promise<LauncherHarness> {
  const [programs, folder] = await Promise.all([
    buildPrograms({
      worker: 'test/execution/support/worker-entry.ts',
      bundle: 'test/execution/support/bundle.ts',
    }),
    mkdtemp(join(tmpdir(), 'headrace-worker-')),
  ]);
  const storage = new InMemoryWorkerStorage();
  const server = await serveWorkerStorage(storage);
  const objectStore = createFileObjectStore(folder);
  const launcher = createProcessRunLauncher({
    workerEntry: join(programs, 'worker.mjs'),
    databaseUrl: server.url,
    objectStore: folder,
    bundlePath: () => join(programs, 'bundle.mjs'),
    ...options,
  });
  return {
    storage,
    launcher,
    objectStore,
    folder,
    programs,
    url: server.url,
    launch(steps, run) {
      const runId = newRunId();
      const stored = storage.add(assignment(steps, { ...run, runId }));
      const abort = new AbortController();
      const request = {
        runId,
        attempt: 1,
        location: 'test',
        bundleHash: run?.bundleHash ?? 'hash',
        clientToken: runId,
        attemptToken: 'token',
      };
      return {
        runId,
        stored,
        abort,
        exit: launcher.run({ ...request, maxRuntimeSeconds: null }, abort.signal),
        of: (type) =>
          stored.events.filter(
            (event: NewEvent): event is EventOf<typeof type> => event.type === type,
          ) as never,
        log: (stepKey, stream, tryNumber = 1) => readLog(objectStore, { runId, stepKey, tryNumber }, stream),
      };
    },
    async close() {
      await launcher.close();
      await server.close();
      await rm(folder, { recursive: true, force: true });
      await rm(programs, { recursive: true, force: true });
    },
  };
}

async function readLog(
  objectStore: ObjectStore,
  key: { runId: string; stepKey: string; tryNumber: number },
  stream: ComputeLogStream,
): Promise<string> {
  const chunks = await objectStore.list(chunkPrefix(key, stream));
  const bodies = await Promise.all(chunks.map((chunk) => objectStore.get(chunk.key)));
  return Buffer.concat(bodies.map((body) => body ?? new Uint8Array())).toString();
}
