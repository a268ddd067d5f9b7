import { storageContract } from '../../contracts/storage-contract';
import { postgresHarness } from './postgres-harness';

storageContract(postgresHarness());
