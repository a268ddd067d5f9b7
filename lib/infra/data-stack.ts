import { RemovalPolicy, Stack, type StackProps } from 'aws-cdk-lib';
import { Key } from 'aws-cdk-lib/aws-kms';
import type { Construct } from 'constructs';
import { Database, type DatabaseProps } from './database';
import { Network, type NetworkProps } from './network';
import { ObjectStorage, type ObjectStorageProps } from './object-storage';

export interface DataStackProps extends StackProps {
  readonly network?: NetworkProps | undefined;
  readonly database?:
    | Pick<DatabaseProps, 'minCapacity' | 'maxCapacity' | 'pauseAfter' | 'backupRetention'>
    | undefined;
  readonly objectStorage?: Pick<ObjectStorageProps, 'logRetention'> | undefined;
  /** What becomes of data when the stack is deleted. Default `RETAIN`. */
  readonly removalPolicy?: RemovalPolicy | undefined;
}

/** Everything that must outlive a deployment: database, buckets, key. Changed rarely, and never replaced. */
export class DataStack extends Stack {
  readonly network: Network;
  readonly encryptionKey: Key;
  readonly database: Database;
  readonly objectStorage: ObjectStorage;

  constructor(scope: Construct, id: string, props: DataStackProps) {
    const { network, database, objectStorage, removalPolicy = RemovalPolicy.RETAIN, ...stackProps } = props;
    super(scope, id, { description: 'Headrace: its data', ...stackProps });
    this.encryptionKey = new Key(this, 'Key', {
      description: 'Headrace: database, buckets, secrets',
      enableKeyRotation: true,
      removalPolicy,
    });
    const { encryptionKey } = this;
    this.network = new Network(this, 'Network', { ...network, removalPolicy });
    this.database = new Database(this, 'Database', {
      ...database,
      network: this.network,
      encryptionKey,
      removalPolicy,
    });
    this.objectStorage = new ObjectStorage(this, 'ObjectStorage', {
      ...objectStorage,
      encryptionKey,
      removalPolicy,
    });
  }
}
