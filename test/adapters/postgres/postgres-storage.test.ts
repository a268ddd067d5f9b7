import { storageContract } from '../../contracts/storage-contract';
import { openPostgres } from './postgres-harness';

storageContract(openPostgres);
