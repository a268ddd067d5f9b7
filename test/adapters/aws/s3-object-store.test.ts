import { S3Client } from '@aws-sdk/client-s3';
import { createS3ObjectStore } from '../../../lib/adapters/aws/s3-object-store';
import { objectStoreContract } from '../../contracts/object-store-contract';
import { startFakeAws } from '../../support/aws/services/fake-aws';

async function open() {
  const aws = await startFakeAws();
  for (const bucket of ['main', 'logs']) aws.s3.buckets.set(bucket, new Map());
  const client = new S3Client(aws.clientConfig);
  const store = createS3ObjectStore({ client, buckets: { compute_logs: 'logs' }, defaultBucket: 'main' });
  const close = async () => {
    client.destroy();
    await aws.close();
  };
  return { aws, store, close };
}

describe('object store contract', () => {
  objectStoreContract(open);
});

describe('objects in buckets', () => {
  let opened: Awaited<ReturnType<typeof open>>;
  beforeEach(async () => {
    opened = await open();
  });
  afterEach(() => opened.close());

  test('The first folder of a key says in which bucket it lies; deletions go to each', async () => {
    const { aws, store } = opened;
    await store.put('compute_logs/r/1', Buffer.from('log'));
    await store.put('artifacts/x', Buffer.from('value'));

    expect([aws.s3.keys('logs'), aws.s3.keys('main')]).toEqual([['compute_logs/r/1'], ['artifacts/x']]);
    expect(await store.list('compute_logs/')).toEqual([{ key: 'compute_logs/r/1', bytes: 3 }]);
    await store.delete(['compute_logs/r/1', 'artifacts/x']);
    expect([aws.s3.keys('logs'), aws.s3.keys('main')]).toEqual([[], []]);
  });

  test('Long lists are read page by page, and deleted in parts', async () => {
    const { aws, store } = opened;
    aws.s3.pageSize = 7;
    const keys = Array.from({ length: 20 }, (_, i) => `artifacts/${String(i).padStart(4, '0')}`);
    for (const key of keys) await store.put(key, Buffer.from('x'));

    expect((await store.list('artifacts/')).map(({ key }) => key)).toEqual(keys);
    expect(await store.list('artifacts/', { limit: 15 })).toHaveLength(15);
    await store.delete(keys);
    expect(await store.list('artifacts/')).toEqual([]);
  });

  test('A bucket that is not there is a mistake that nobody repeats', async () => {
    opened.aws.s3.buckets.clear();

    await expect(opened.store.put('artifacts/x', Buffer.from(''))).rejects.toMatchObject({
      fault: 'permanent',
      code: 'NoSuchBucket',
      message: expect.stringContaining('s3://main/artifacts/x'),
    });
  });
});
