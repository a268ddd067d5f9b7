import type { WorkerEnvironment } from '../environment';
import type { ObjectStore } from '../ports/object-store';
import type { SecretStore } from '../ports/secret-store';
import type { WorkerStorage } from '../ports/worker-storage';
import { createEnvSecretStore } from './local/env-secret-store';
import { createFileObjectStore } from './local/file-object-store';
import { systemClock } from './system/system-clock';
import { systemIds } from './system/system-ids';

/**
 * What a process with user code, or its supervisor, works on: chosen by what its environment names. What is not
 * chosen is not loaded: on a laptop that is the AWS SDK.
 */
export interface WorkerAdapters {
  readonly objectStore: ObjectStore;
  readonly secretStore: SecretStore;
}

/** A folder, or the buckets of a deployment; variables from the environment, or from the location's secret too. */
export async function openWorkerAdapters(environment: WorkerEnvironment): Promise<WorkerAdapters> {
  const { HEADRACE_OBJECT_STORE: folder, HEADRACE_LOCATION_SECRET_ARN: secretArn } = environment;
  return {
    objectStore: folder === undefined ? await openBuckets(environment) : createFileObjectStore(folder),
    secretStore: secretArn === undefined ? createEnvSecretStore() : await openSecret(secretArn),
  };
}

/** The worker's part of storage: over a connection where one is named, else over the Data API. */
export async function openWorkerStorage(
  environment: WorkerEnvironment,
  options: { readonly maxConnections: number },
): Promise<WorkerStorage> {
  const { createPostgresWorkerStorage } = await import('./postgres/postgres-worker-storage');
  const { HEADRACE_CLUSTER_ARN: resourceArn, HEADRACE_WORKER_SECRET_ARN: secretArn } = environment;
  if (resourceArn === undefined || secretArn === undefined) {
    return createPostgresWorkerStorage({ url: environment.HEADRACE_WORKER_DATABASE_URL ?? '', ...options });
  }
  const { createDataApiDriver } = await import('./postgres/data-api-driver');
  return createPostgresWorkerStorage({
    driver: createDataApiDriver({
      resourceArn,
      secretArn,
      database: environment.HEADRACE_DATABASE ?? '',
      clock: systemClock,
      ids: systemIds,
    }),
  });
}

/** How an attempt has queued runs claimed; empty where nothing is there to be asked. */
export function dequeueRequest({ HEADRACE_DEQUEUE_FUNCTION: name }: WorkerEnvironment): {
  requestDequeue?(): Promise<void>;
} {
  if (name === undefined) return {};
  return {
    requestDequeue: async () => (await import('./aws/request-dequeue')).requestDequeue(name),
  };
}

async function openBuckets(environment: WorkerEnvironment): Promise<ObjectStore> {
  const { createBucketStore } = await import('./aws/bucket-store');
  return createBucketStore({
    // All are there when no folder is: readWorkerEnvironment sees to it.
    HEADRACE_BUNDLES_BUCKET: environment.HEADRACE_BUNDLES_BUCKET ?? '',
    HEADRACE_LOGS_BUCKET: environment.HEADRACE_LOGS_BUCKET ?? '',
    HEADRACE_ARTIFACTS_BUCKET: environment.HEADRACE_ARTIFACTS_BUCKET ?? '',
  });
}

async function openSecret(secretArn: string): Promise<SecretStore> {
  const { openLocationSecret } = await import('./aws/secrets-manager-secret-store');
  return openLocationSecret(secretArn);
}
