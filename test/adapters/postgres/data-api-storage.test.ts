import { storageContract } from '../../contracts/storage-contract';
import { dataApiHarness } from './data-api-harness';

storageContract(dataApiHarness());
