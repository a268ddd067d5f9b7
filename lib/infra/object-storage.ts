import { Duration, RemovalPolicy } from 'aws-cdk-lib';
import type { IGrantable } from 'aws-cdk-lib/aws-iam';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import { BlockPublicAccess, Bucket, BucketEncryption, ObjectOwnership } from 'aws-cdk-lib/aws-s3';
import { Construct } from 'constructs';
import { grantBucket } from './grant-bucket';

export interface ObjectStorageProps {
  readonly encryptionKey: IKey;
  /** How long compute logs are kept; null = for ever. Default as `compute_logs.purge_after_days` says: 90 days. */
  readonly logRetention?: Duration | null | undefined;
  readonly removalPolicy: RemovalPolicy;
}

/** Environment names of the buckets, for whoever reads or writes them. */
export interface BucketNames {
  readonly HEADRACE_BUNDLES_BUCKET: string;
  readonly HEADRACE_LOGS_BUCKET: string;
  readonly HEADRACE_ARTIFACTS_BUCKET: string;
}

/** Buckets of code bundles, compute logs and what runs pass on: private, encrypted, TLS only. */
export class ObjectStorage extends Construct {
  readonly bundles: Bucket;
  readonly logs: Bucket;
  readonly artifacts: Bucket;

  constructor(scope: Construct, id: string, props: ObjectStorageProps) {
    super(scope, id);
    const common = {
      encryption: BucketEncryption.KMS,
      encryptionKey: props.encryptionKey,
      // One request to KMS for many objects: a hundredth of the cost.
      bucketKeyEnabled: true,
      blockPublicAccess: BlockPublicAccess.BLOCK_ALL,
      objectOwnership: ObjectOwnership.BUCKET_OWNER_ENFORCED,
      enforceSSL: true,
      removalPolicy: props.removalPolicy,
      // A bucket that is not empty cannot go.
      autoDeleteObjects: props.removalPolicy === RemovalPolicy.DESTROY,
    };
    const abortUploads = { abortIncompleteMultipartUploadAfter: Duration.days(1) };
    const { logRetention: expiration = Duration.days(90) } = props;
    this.bundles = new Bucket(this, 'Bundles', {
      ...common,
      versioned: true,
      lifecycleRules: [{ ...abortUploads, noncurrentVersionExpiration: Duration.days(30) }],
    });
    this.logs = new Bucket(this, 'Logs', {
      ...common,
      lifecycleRules: [{ ...abortUploads, ...(expiration === null ? {} : { expiration }) }],
    });
    this.artifacts = new Bucket(this, 'Artifacts', { ...common, lifecycleRules: [abortUploads] });
  }

  /** Names of all three, for the environment of a function or task. */
  get environment(): BucketNames {
    return {
      HEADRACE_BUNDLES_BUCKET: this.bundles.bucketName,
      HEADRACE_LOGS_BUCKET: this.logs.bucketName,
      HEADRACE_ARTIFACTS_BUCKET: this.artifacts.bucketName,
    };
  }

  /** A worker reads bundles, and keeps logs and artifacts. */
  grantWorker(grantee: IGrantable): void {
    grantBucket(this.bundles, grantee, ['read']);
    for (const bucket of [this.logs, this.artifacts]) grantBucket(bucket, grantee, ['read', 'write']);
  }

  /** A function that answers for a location's code reads bundles. */
  grantCode(grantee: IGrantable): void {
    grantBucket(this.bundles, grantee, ['read']);
  }

  /** The control plane reads all of it, and removes what has passed its retention. */
  grantControlPlane(grantee: IGrantable): void {
    grantBucket(this.bundles, grantee, ['read', 'write', 'delete']);
    for (const bucket of [this.logs, this.artifacts]) {
      grantBucket(bucket, grantee, ['read', 'write', 'delete']);
    }
  }
}
