import { S3Client } from '@aws-sdk/client-s3';
import type { BUCKET_VARIABLES } from '../../environment';
import type { ObjectStore } from '../../ports/object-store';
import { createS3ObjectStore } from './s3-object-store';

/** Names of the buckets, as the environment says them. */
export type BucketNames = { readonly [K in (typeof BUCKET_VARIABLES)[number]]: string };

/** The three buckets as one store. */
export function createBucketStore(names: BucketNames): ObjectStore {
  const { HEADRACE_BUNDLES_BUCKET: bundles, HEADRACE_LOGS_BUCKET: logs } = names;
  return createS3ObjectStore({
    client: createS3Client(),
    buckets: { bundles, compute_logs: logs, tick_logs: logs },
    defaultBucket: names.HEADRACE_ARTIFACTS_BUCKET,
  });
}

/** A client by the environment's region and credentials. */
export const createS3Client = (): S3Client => new S3Client();
