import { workerStorageContract } from '../../contracts/worker-storage-contract';
import { postgresHarness } from './postgres-harness';

workerStorageContract(postgresHarness());
