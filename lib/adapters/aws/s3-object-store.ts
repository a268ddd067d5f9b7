import {
  DeleteObjectsCommand,
  GetObjectCommand,
  ListObjectsV2Command,
  PutObjectCommand,
  type S3Client,
} from '@aws-sdk/client-s3';
import { PortError } from '../../ports/errors';
import type { ObjectInfo, ObjectStore } from '../../ports/object-store';
import { awsErrorCode, callService } from './aws-service-error';

export interface S3ObjectStoreOptions {
  readonly client: S3Client;
  /** Bucket of keys that begin with a folder, e.g. `compute_logs`. */
  readonly buckets: Readonly<Record<string, string>>;
  /** Bucket of all other keys. */
  readonly defaultBucket: string;
}

/** Objects that S3 lists, and deletes, in one call. */
const PAGE = 1_000;

/**
 * Objects in S3; the first folder of a key says in which bucket.
 *
 * @throws {AwsServiceError} from every method
 */
export function createS3ObjectStore(options: S3ObjectStoreOptions): ObjectStore {
  const { client } = options;
  const bucketOf = (key: string): string =>
    options.buckets[key.split('/', 1)[0] ?? ''] ?? options.defaultBucket;

  return {
    async put(key, body) {
      const object = { Bucket: bucketOf(checked(key)), Key: key };
      await attempt('PutObject', object, () => client.send(new PutObjectCommand({ ...object, Body: body })));
    },

    async get(key) {
      const object = { Bucket: bucketOf(checked(key)), Key: key };
      return attempt('GetObject', object, async () => {
        try {
          const { Body } = await client.send(new GetObjectCommand(object));
          return (await Body?.transformToByteArray()) ?? new Uint8Array();
        } catch (error) {
          if (awsErrorCode(error) === 'NoSuchKey') return undefined;
          throw error;
        }
      });
    },

    async list(prefix, { startAfter, limit = PAGE } = {}) {
      const found: ObjectInfo[] = [];
      const Bucket = bucketOf(checkedPrefix(prefix));
      let token: string | undefined;
      do {
        const page = await attempt('ListObjectsV2', { Bucket, Key: prefix }, () =>
          client.send(
            new ListObjectsV2Command({
              Bucket,
              Prefix: prefix,
              MaxKeys: Math.min(PAGE, limit - found.length),
              // S3 ignores the one when it has the other.
              ...(token === undefined ? { StartAfter: startAfter } : { ContinuationToken: token }),
            }),
          ),
        );
        for (const { Key, Size } of page.Contents ?? []) found.push({ key: Key ?? '', bytes: Size ?? 0 });
        token = page.NextContinuationToken;
      } while (token !== undefined && found.length < limit);
      return found;
    },

    async delete(keys) {
      const byBucket = Map.groupBy(keys, (key) => bucketOf(checked(key)));
      for (const [Bucket, own] of byBucket) {
        for (let from = 0; from < own.length; from += PAGE) {
          await deletePage(client, Bucket, own.slice(from, from + PAGE));
        }
      }
    },
  };
}

async function deletePage(client: S3Client, Bucket: string, keys: readonly string[]): Promise<void> {
  const subject = { Bucket, Key: keys.length === 1 ? (keys[0] ?? '') : `${keys.length} objects` };
  const { Errors = [] } = await attempt('DeleteObjects', subject, () =>
    client.send(
      new DeleteObjectsCommand({ Bucket, Delete: { Objects: keys.map((Key) => ({ Key })), Quiet: true } }),
    ),
  );
  const [first] = Errors;
  if (first === undefined) return;
  throw new PortError(
    'transient',
    `S3 did not delete ${Errors.length} of ${keys.length} objects of ${Bucket}; the first is ${first.Key}: ${first.Code} ${first.Message}`,
  );
}

function attempt<T>(
  operation: string,
  { Bucket, Key }: { readonly Bucket: string; readonly Key: string },
  call: () => Promise<T>,
): Promise<T> {
  return callService({ service: 'S3', operation, subject: `s3://${Bucket}/${Key}` }, call);
}

/** The same keys as files can have: what runs here runs on a laptop. */
function checked(key: string): string {
  if (key.split('/').includes('')) throw notAKey(key);
  return checkedPrefix(key);
}

function checkedPrefix(prefix: string): string {
  const parts = prefix.split('/');
  if (prefix.startsWith('/') || parts.includes('..') || parts.includes('.') || prefix.includes('\0')) {
    throw notAKey(prefix);
  }
  return prefix;
}

const notAKey = (text: string): PortError =>
  new PortError(
    'permanent',
    `'${text}' is no object key: use relative paths without empty parts, '.' and '..'.`,
  );
