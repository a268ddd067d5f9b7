import { workerStorageContract } from '../../contracts/worker-storage-contract';
import { openPostgres } from './postgres-harness';

workerStorageContract(openPostgres);
