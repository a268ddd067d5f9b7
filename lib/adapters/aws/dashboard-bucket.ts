import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  DeleteObjectsCommand,
  ListObjectsV2Command,
  PutObjectCommand,
  type S3Client,
} from '@aws-sdk/client-s3';
import { cacheControl, HASHED_FILE, mediaType } from '../../model/dashboard-delivery';
import { PortError } from '../../ports/errors';
import { callService } from './aws-service-error';

export interface DashboardFiles {
  readonly bucket: string;
  /** Folder of the built dashboard. */
  readonly directory: string;
  /** What the dashboard learns at its start, as the text of `config.json`. */
  readonly config: string;
}

/** Object key of what the dashboard learns at its start. */
const CONFIG = 'config.json';
/** Days that hashed files of earlier versions stay, for pages that are still open. */
const KEPT_DAYS = 30;
/** Uploads at a time. */
const PARALLEL = 8;

/**
 * Uploads the built dashboard. Pages come last, when everything that they name is there; hashed files that this
 * version does not name go 30 days after they were uploaded last.
 *
 * @param now epoch ms
 * @throws {AwsServiceError}
 */
export async function publishDashboard(
  client: S3Client,
  { bucket, directory, config }: DashboardFiles,
  now: number,
): Promise<{ readonly uploaded: number; readonly removed: readonly string[] }> {
  const files = readdirSync(directory, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) =>
      join(entry.parentPath, entry.name)
        .slice(directory.length + 1)
        .replaceAll('\\', '/'),
    )
    .filter((key) => key !== CONFIG);
  const put = (key: string, body: Uint8Array): Promise<unknown> =>
    attempt('PutObject', `s3://${bucket}/${key}`, () =>
      client.send(
        new PutObjectCommand({
          Bucket: bucket,
          Key: key,
          Body: body,
          CacheControl: cacheControl(`/${key}`),
          ContentType: mediaType(`/${key}`),
        }),
      ),
    );
  const upload = (key: string): Promise<unknown> => put(key, readFileSync(join(directory, key)));
  const isHashed = (key: string): boolean => HASHED_FILE.test(`/${key}`);
  await inParallel(files.filter(isHashed), upload);
  await put(CONFIG, Buffer.from(config));
  await inParallel(
    files.filter((key) => !isHashed(key)),
    upload,
  );

  const known = new Set([...files, CONFIG]);
  const oldest = now - KEPT_DAYS * 86_400_000;
  const isOver = ({ key, modifiedAt }: Listed): boolean =>
    !known.has(key) && (!isHashed(key) || modifiedAt < oldest);
  const removed = (await list(client, bucket)).filter(isOver).map(({ key }) => key);
  await remove(client, bucket, removed);
  return { uploaded: known.size, removed };
}

/** Removes everything, so that the bucket can be deleted. */
export async function emptyDashboard(client: S3Client, bucket: string): Promise<void> {
  try {
    const keys = (await list(client, bucket)).map(({ key }) => key);
    await remove(client, bucket, keys);
  } catch (error) {
    // A deployment that failed early is rolled back although its bucket never came to be.
    if (error instanceof PortError && /NoSuchBucket/.test(error.message)) return;
    throw error;
  }
}

interface Listed {
  readonly key: string;
  /** Epoch ms. */
  readonly modifiedAt: number;
}

async function list(client: S3Client, bucket: string): Promise<readonly Listed[]> {
  const found: Listed[] = [];
  let token: string | undefined;
  do {
    const page = await attempt('ListObjectsV2', `s3://${bucket}`, () =>
      client.send(new ListObjectsV2Command({ Bucket: bucket, ContinuationToken: token })),
    );
    for (const { Key, LastModified } of page.Contents ?? []) {
      if (Key !== undefined) found.push({ key: Key, modifiedAt: LastModified?.getTime() ?? 0 });
    }
    token = page.NextContinuationToken;
  } while (token !== undefined);
  return found;
}

async function remove(client: S3Client, bucket: string, keys: readonly string[]): Promise<void> {
  for (let from = 0; from < keys.length; from += 1_000) {
    const Objects = keys.slice(from, from + 1_000).map((Key) => ({ Key }));
    const { Errors = [] } = await attempt('DeleteObjects', `s3://${bucket}`, () =>
      client.send(new DeleteObjectsCommand({ Bucket: bucket, Delete: { Objects, Quiet: true } })),
    );
    const [first] = Errors;
    if (first !== undefined) {
      throw new PortError(
        'transient',
        `S3 did not delete ${first.Key} of ${bucket}: ${first.Code} ${first.Message}`,
      );
    }
  }
}

async function inParallel<T>(items: readonly T[], work: (item: T) => Promise<unknown>): Promise<void> {
  for (let from = 0; from < items.length; from += PARALLEL) {
    await Promise.all(items.slice(from, from + PARALLEL).map(work));
  }
}

async function attempt<T>(operation: string, subject: string, call: () => Promise<T>): Promise<T> {
  return callService({ service: 'S3', operation, subject }, call);
}
