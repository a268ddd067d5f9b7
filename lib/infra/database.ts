import { Duration, RemovalPolicy } from 'aws-cdk-lib';
import { Grant, type IGrantable } from 'aws-cdk-lib/aws-iam';
import type { Key } from 'aws-cdk-lib/aws-kms';
import {
  AuroraPostgresEngineVersion,
  ClusterInstance,
  Credentials,
  DatabaseCluster,
  DatabaseClusterEngine,
  DatabaseSecret,
} from 'aws-cdk-lib/aws-rds';
import type { ISecret } from 'aws-cdk-lib/aws-secretsmanager';
import { Construct } from 'constructs';
import { grantSecretRead } from './grant-secret-read';
import type { Network } from './network';

export interface DatabaseProps {
  readonly network: Network;
  readonly encryptionKey: Key;
  /** Aurora capacity units (2 GB of memory each). 0, the default, lets an idle database sleep. */
  readonly minCapacity?: number | undefined;
  /** Default 4. */
  readonly maxCapacity?: number | undefined;
  /** How long it idles before it sleeps. Default 5 minutes, the least that Aurora allows. */
  readonly pauseAfter?: Duration | undefined;
  /** Days of point-in-time recovery. Default 7; at most 35. */
  readonly backupRetention?: Duration | undefined;
  readonly removalPolicy: RemovalPolicy;
}

/** Database users, each with a secret of its own; the roles behind them are made by the migrations. */
export const DATABASE_USER = {
  owner: 'headrace_owner',
  app: 'headrace_api',
  worker: 'headrace_task',
} as const;

/** Name of the database. */
export const DATABASE_NAME = 'headrace';

/**
 * Aurora PostgreSQL Serverless v2, reached through the RDS Data API only: no function is in the VPC, and no
 * connection outlives a call, so that an idle database sleeps.
 */
export class Database extends Construct {
  readonly cluster: DatabaseCluster;
  readonly ownerSecret: DatabaseSecret;
  readonly appSecret: DatabaseSecret;
  readonly workerSecret: DatabaseSecret;
  readonly #encryptionKey: Key;

  constructor(scope: Construct, id: string, props: DatabaseProps) {
    super(scope, id);
    const { encryptionKey, network, removalPolicy } = props;
    this.#encryptionKey = encryptionKey;
    this.ownerSecret = new DatabaseSecret(this, 'OwnerSecret', {
      username: DATABASE_USER.owner,
      encryptionKey,
    });
    this.appSecret = new DatabaseSecret(this, 'AppSecret', { username: DATABASE_USER.app, encryptionKey });
    this.workerSecret = new DatabaseSecret(this, 'WorkerSecret', {
      username: DATABASE_USER.worker,
      encryptionKey,
    });
    for (const secret of [this.ownerSecret, this.appSecret, this.workerSecret]) {
      secret.applyRemovalPolicy(removalPolicy);
    }
    this.cluster = new DatabaseCluster(this, 'Cluster', {
      engine: DatabaseClusterEngine.auroraPostgres({ version: AuroraPostgresEngineVersion.VER_17_7 }),
      writer: ClusterInstance.serverlessV2('Writer', { publiclyAccessible: false }),
      serverlessV2MinCapacity: props.minCapacity ?? 0,
      serverlessV2MaxCapacity: props.maxCapacity ?? 4,
      ...((props.minCapacity ?? 0) === 0
        ? { serverlessV2AutoPauseDuration: props.pauseAfter ?? Duration.minutes(5) }
        : {}),
      credentials: Credentials.fromSecret(this.ownerSecret as ISecret),
      defaultDatabaseName: DATABASE_NAME,
      vpc: network.vpc,
      vpcSubnets: { subnetType: network.databaseSubnetType },
      enableDataApi: true,
      storageEncrypted: true,
      storageEncryptionKey: encryptionKey,
      backup: { retention: props.backupRetention ?? Duration.days(7) },
      copyTagsToSnapshot: true,
      deletionProtection: removalPolicy === RemovalPolicy.RETAIN,
      removalPolicy,
    });
    for (const group of this.cluster.connections.securityGroups) group.applyRemovalPolicy(removalPolicy);
  }

  /** Lets a function change the control plane's tables. */
  grantApp(grantee: IGrantable): void {
    this.grantDataApi(grantee, this.appSecret);
  }

  /** Lets a worker call the worker's functions, and nothing else. */
  grantWorker(grantee: IGrantable): void {
    this.grantDataApi(grantee, this.workerSecret);
  }

  /** Lets the migrations own the schema and make its users. */
  grantOwner(grantee: IGrantable): void {
    this.grantDataApi(grantee, this.ownerSecret);
    grantSecretRead(this.appSecret, this.#encryptionKey, grantee);
    grantSecretRead(this.workerSecret, this.#encryptionKey, grantee);
  }

  private grantDataApi(grantee: IGrantable, secret: DatabaseSecret): void {
    // Not grantDataApiAccess: that would give the owner's secret to everyone.
    Grant.addToPrincipal({
      grantee,
      actions: ['rds-data:ExecuteStatement', 'rds-data:BatchExecuteStatement'],
      resourceArns: [this.cluster.clusterArn],
    });
    grantSecretRead(secret, this.#encryptionKey, grantee);
  }
}
