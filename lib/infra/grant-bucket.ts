import { Grant, type IGrantable } from 'aws-cdk-lib/aws-iam';
import type { IBucket } from 'aws-cdk-lib/aws-s3';

/** What may be done with a bucket's objects. Each is also told which ones there are: else a missing one looks forbidden. */
export type BucketAccess = 'read' | 'write' | 'delete';

const OBJECT_ACTION: Readonly<Record<BucketAccess, string>> = {
  read: 's3:GetObject',
  write: 's3:PutObject',
  delete: 's3:DeleteObject',
};

/**
 * Lets a role use a bucket, by the role's own policy and by exact actions. `bucket.grantRead` and its like allow
 * actions by patterns, which cover what AWS adds to them later.
 */
export function grantBucket(
  bucket: Pick<IBucket, 'bucketArn' | 'encryptionKey' | 'arnForObjects'>,
  grantee: IGrantable,
  access: readonly BucketAccess[],
): void {
  Grant.addToPrincipal({ grantee, actions: ['s3:ListBucket'], resourceArns: [bucket.bucketArn] });
  Grant.addToPrincipal({
    grantee,
    actions: access.map((each) => OBJECT_ACTION[each]),
    resourceArns: [bucket.arnForObjects('*')],
  });
  if (bucket.encryptionKey === undefined) return;
  Grant.addToPrincipal({
    grantee,
    actions: ['kms:Decrypt', ...(access.includes('write') ? ['kms:GenerateDataKey'] : [])],
    resourceArns: [bucket.encryptionKey.keyArn],
  });
}
