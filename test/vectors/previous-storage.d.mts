/** What test/support/freeze-storage.mjs keeps of an earlier commit. */
import type { createPostgresStorage as createStorage } from '../../lib/adapters/postgres/postgres-storage';
import type { createPostgresWorkerStorage as createWorkerStorage } from '../../lib/adapters/postgres/postgres-worker-storage';
import type { storageContract as contract } from '../contracts/storage-contract';
import type { workerStorageContract as workerContract } from '../contracts/worker-storage-contract';

/** The newest migration that it knows. */
export declare const LEVEL: number;
export declare const createPostgresStorage: typeof createStorage;
export declare const createPostgresWorkerStorage: typeof createWorkerStorage;
export declare const storageContract: typeof contract;
export declare const workerStorageContract: typeof workerContract;
