import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileFault } from '../../../lib/adapters/local/file-fault';
import { createFileObjectStore } from '../../../lib/adapters/local/file-object-store';
import { objectStoreContract } from '../../contracts/object-store-contract';

describe('object store contract', () => {
  objectStoreContract(async () => {
    const folder = await mkdtemp(join(tmpdir(), 'headrace-objects-'));
    return {
      store: createFileObjectStore(folder),
      close: () => rm(folder, { recursive: true, force: true }),
    };
  });
});

test('A write that failed leaves nothing behind and says what to do about it', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'headrace-objects-'));
  const store = createFileObjectStore(folder);
  await writeFile(join(folder, 'file'), '');

  await expect(store.put('file/below', new Uint8Array(1))).rejects.toMatchObject({ name: 'PortError' });

  expect(await readdir(folder)).toEqual(['file']);
  await rm(folder, { recursive: true });
});

test('A full disk is a fault that passes when there is space again, and says so', async () => {
  // The kernel's device that is always full.
  const error: unknown = await writeFile('/dev/full', 'x').catch((thrown: unknown) => thrown);
  expect(fileFault(error, 'written', '/data/x')).toMatchObject({
    fault: 'transient',
    message: expect.stringMatching(
      /^\/data\/x could not be written: ENOSPC\. The disk .* is full: free some space/,
    ),
  });
});
