import type { Storage } from '../../lib/ports/storage';
import type { WorkerStorage } from '../../lib/ports/worker-storage';
import { storageAssetsContract } from './storage-assets-contract';
import { storageAttemptsContract } from './storage-attempts-contract';
import { storageAuditContract } from './storage-audit-contract';
import { storageAutomationContract } from './storage-automation-contract';
import { storageEventsContract } from './storage-events-contract';
import { storageExpectedTicksContract } from './storage-expected-ticks-contract';
import { storageInstigatorsContract } from './storage-instigators-contract';
import { storageQueueContract } from './storage-queue-contract';
import { storageRunsContract } from './storage-runs-contract';
import { storageSensorEventsContract } from './storage-sensor-events-contract';

/** An empty storage and its worker's side; each call gives another. */
export interface StorageHarness {
  readonly storage: Storage;
  readonly worker: WorkerStorage;
  close(): Promise<void>;
}

/** What every `Storage` must do, by concern. Each test opens a storage of its own. */
export function storageContract(open: () => Promise<StorageHarness>): void {
  let current: StorageHarness | undefined;
  const harness = () => {
    if (current === undefined) throw new Error('no test is running');
    return current;
  };
  beforeEach(async () => {
    current = await open();
  });
  afterEach(async () => {
    await current?.close();
    current = undefined;
  });

  describe('runs', () => storageRunsContract(harness));
  describe('the queue', () => storageQueueContract(harness));
  describe('attempts', () => storageAttemptsContract(harness));
  describe('the event log', () => storageEventsContract(harness));
  describe('schedules and sensors', () => storageInstigatorsContract(harness));
  describe('events pushed to sensors', () => storageSensorEventsContract(harness));
  describe('expected ticks', () => storageExpectedTicksContract(harness));
  describe('assets', () => storageAssetsContract(harness));
  describe('the audit log', () => storageAuditContract(harness));
  describe('automation', () => storageAutomationContract(harness));
}
