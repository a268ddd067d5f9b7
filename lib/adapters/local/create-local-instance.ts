import { join } from 'node:path';
import type { FinalizeInput } from '../../model/execution-input';
import type { CodeLocationRegistry } from '../../ports/code-location-registry';
import type { Instance } from '../../ports/instance';
import { createPostgresStorage } from '../postgres/postgres-storage';
import { createProcessCodeLocationClient } from '../system/process-code-location-client';
import type { OutputSink } from '../system/process-output';
import { systemClock } from '../system/system-clock';
import { systemIds } from '../system/system-ids';
import { AslRunCoordinator } from './asl-run-coordinator';
import { createEnvSecretStore } from './env-secret-store';
import { createFileObjectStore } from './file-object-store';
import { createLocalAlertPublisher } from './local-alert-publisher';
import type { LocalDatabase } from './local-database';
import { createProcessRunLauncher } from './process-run-launcher';
import { TimerScheduler } from './timer-scheduler';

/** What the parts of a laptop's instance are made of. */
export interface LocalInstanceOptions {
  /** The project; user code runs in it. */
  readonly root: string;
  /** Folder of everything that is kept locally. */
  readonly home: string;
  readonly database: LocalDatabase;
  readonly codeLocations: CodeLocationRegistry;
  /** Built programs. */
  readonly programs: { readonly worker: string; readonly codeLocation: string };
  /** Seconds: how long a code location's process may take to load its code. */
  readonly codeLocationTimeouts: { readonly load: number };
  /** Whether what user code prints is kept; default true. */
  readonly keepsOutput?: boolean;
  /** The engine's last word on an attempt. */
  finalize(instance: Instance, input: FinalizeInput): Promise<void>;
  /** Claims what a run in progress made room for. */
  dequeue(instance: Instance): Promise<void>;
  /** What an alarm leads to. */
  wakeUp(instance: Instance): Promise<void>;
  onError(message: string, error: unknown): void;
  /** Prints an alert. */
  onAlert(text: string): void;
  /** Also called with each alert; absent = nothing is. */
  readonly alertsWebhook?: string | undefined;
  /** Where goes what a process says: of a code location, or (null) of the pool of workers. */
  openOutput(location: string | null): OutputSink;
  /** Told each secret that schedules and sensors are given. */
  onSecret(secret: string): void;
}

/** An instance on this machine, with what its owner must do at start and end. */
export interface LocalInstance {
  readonly instance: Instance;
  /** Goes on with what an earlier process left running. */
  resume(): Promise<void>;
  /** Loads a location's newest code into warm processes, so that its first run does not wait. */
  warm(location: string, bundleHash: string): Promise<void>;
  /** Stops workers (their runs resume at the next start), processes and connections; not the database server. */
  close(): Promise<void>;
}

/** Folder of bundles under the home; each is `<hash>/bundle.mjs`. */
export const bundlesFolder = (home: string): string => join(home, 'bundles');

/**
 * Puts the local adapters together. The same engine runs over them as over those of AWS.
 *
 * @example const local = createLocalInstance({ ...options, finalize: (instance, input) => finalizeRun(instance, settings, input) });
 */
export function createLocalInstance(options: LocalInstanceOptions): LocalInstance {
  const { root, home, database, onError, openOutput } = options;
  const storage = createPostgresStorage({ url: database.url });
  const bundlePath = (_location: string, hash: string): string =>
    join(bundlesFolder(home), hash, 'bundle.mjs');
  const runLauncher = createProcessRunLauncher({
    workerEntry: options.programs.worker,
    databaseUrl: database.workerUrl,
    objectStore: home,
    directory: root,
    bundlePath,
    onDequeueRequest: () =>
      void options
        .dequeue(instance)
        .catch((error: unknown) =>
          onError('Runs that could start were not claimed; the sweep does it', error),
        ),
    openOutput: () => openOutput(null),
    keepsOutput: options.keepsOutput ?? true,
  });
  const codeLocationClient = createProcessCodeLocationClient({
    codeLocationEntry: options.programs.codeLocation,
    loadTimeoutSeconds: options.codeLocationTimeouts.load,
    objectStore: home,
    directory: root,
    bundlePath,
    openOutput,
    onSecret: options.onSecret,
  });
  const runCoordinator = new AslRunCoordinator({
    storage,
    runLauncher,
    clock: systemClock,
    ids: systemIds,
    issueToken: (runId, attempt) => storage.issueAttemptToken(runId, attempt),
    finalize: (input) => options.finalize(instance, input),
    onError,
  });
  const scheduler = new TimerScheduler({
    clock: systemClock,
    wakeUp: () => options.wakeUp(instance),
    onError: (error) => onError('A wake-up failed', error),
  });
  const instance: Instance = {
    storage,
    runCoordinator,
    runLauncher,
    scheduler,
    objectStore: createFileObjectStore(home),
    secretStore: createEnvSecretStore(),
    codeLocations: options.codeLocations,
    codeLocationClient,
    alertPublisher: createLocalAlertPublisher({ say: options.onAlert, webhookUrl: options.alertsWebhook }),
    clock: systemClock,
    ids: systemIds,
  };
  return {
    instance,
    resume: () => runCoordinator.resume(),
    warm: async (location, hash) => {
      codeLocationClient.warm(location, hash);
      await runLauncher.warm(location, hash);
    },
    async close() {
      scheduler.close();
      await Promise.all([runCoordinator.close(), runLauncher.close(), codeLocationClient.close()]);
      await storage.close();
    },
  };
}
