import { workerStorageContract } from '../../contracts/worker-storage-contract';
import { dataApiHarness } from './data-api-harness';

workerStorageContract(dataApiHarness());
