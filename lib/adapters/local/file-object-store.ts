import type { Dirent } from 'node:fs';
import { type FileHandle, mkdir, open, readdir, readFile, rename, rm, rmdir, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { PortError } from '../../ports/errors';
import type { ObjectInfo, ObjectStore } from '../../ports/object-store';
import { fileFault } from './file-fault';

/** Objects listed at most when the caller does not say. */
const DEFAULT_LIMIT = 1_000;

/** Names of files that are being written begin with this; they are never listed. */
const TEMPORARY = '.writing-';

let writes = 0;

/**
 * Objects as files under a folder. A write becomes visible whole or not at all: a temporary file beside the
 * target, renamed over it.
 *
 * @param root folder that holds the objects; made when first written to
 */
export function createFileObjectStore(root: string): ObjectStore {
  const pathOf = (key: string): string => join(root, ...checkedParts(key));

  return {
    async put(key, body) {
      const path = pathOf(key);
      writes += 1;
      const temporary = join(dirname(path), `${TEMPORARY}${process.pid}-${writes}`);
      try {
        await writeWhole(temporary, body);
        await rename(temporary, path);
      } catch (error) {
        await rm(temporary, { force: true }).catch(() => {});
        throw fileFault(error, 'written', path);
      }
    },

    async get(key) {
      const path = pathOf(key);
      try {
        return await readFile(path);
      } catch (error) {
        if (isAbsent(error)) return undefined;
        throw fileFault(error, 'read', path);
      }
    },

    async list(prefix, { startAfter = '', limit = DEFAULT_LIMIT } = {}) {
      const found: ObjectInfo[] = [];
      // Keys below the folder part of the prefix; its rest is the beginning of a name.
      const folder = prefix.slice(0, prefix.lastIndexOf('/') + 1);
      checkedParts(`${folder}x`);
      try {
        for await (const key of keysUnder(root, folder, startAfter)) {
          if (!key.startsWith(prefix) || key <= startAfter) continue;
          const info = await stat(join(root, key)).catch(() => undefined);
          if (info !== undefined) found.push({ key, bytes: info.size });
          if (found.length >= limit) break;
        }
      } catch (error) {
        throw fileFault(error, 'listed', join(root, folder));
      }
      return found;
    },

    async delete(keys) {
      for (const key of keys) {
        const path = pathOf(key);
        await rm(path, { force: true }).catch((error: unknown) => {
          throw fileFault(error, 'deleted', path);
        });
        await removeEmptyFolders(root, dirname(path));
      }
    },
  };
}

async function writeWhole(path: string, body: Uint8Array): Promise<void> {
  const file = await create(path);
  try {
    await file.writeFile(body);
  } finally {
    await file.close();
  }
}

/** Makes the file and its folders; more than once if a deletion takes an empty folder away in between. */
async function create(path: string, tries = 3): Promise<FileHandle> {
  try {
    return await open(path, 'wx');
  } catch (error) {
    if (!isAbsent(error) || tries === 0) throw error;
    await mkdir(dirname(path), { recursive: true });
    return create(path, tries - 1);
  }
}

/** So that a key can be used where keys below it have been. */
async function removeEmptyFolders(root: string, folder: string): Promise<void> {
  for (let path = folder; path.length > root.length; path = dirname(path)) {
    try {
      await rmdir(path);
    } catch {
      return;
    }
  }
}

/** Keys in ascending order of their text; a folder sorts as its name with `/`. */
async function* keysUnder(root: string, folder: string, startAfter: string): AsyncIterable<string> {
  let entries: Dirent[];
  try {
    entries = await readdir(join(root, folder), { withFileTypes: true });
  } catch (error) {
    if (isAbsent(error)) return;
    throw error;
  }
  const names = entries
    .filter(({ name }) => !name.startsWith(TEMPORARY))
    .map((entry) => (entry.isDirectory() ? `${entry.name}/` : entry.name))
    .sort((a, b) => (a < b ? -1 : 1));
  for (const name of names) {
    const key = folder + name;
    if (!name.endsWith('/')) {
      yield key;
      continue;
    }
    const isBefore = key < startAfter && !startAfter.startsWith(key);
    if (!isBefore) yield* keysUnder(root, key, startAfter);
  }
}

function checkedParts(key: string): string[] {
  const parts = key.split('/');
  if (parts.some((part) => part === '' || part === '.' || part === '..' || part.includes('\0'))) {
    throw new PortError(
      'permanent',
      `"${key}" is no object key: keys are relative, of parts joined by "/", without "." and "..".`,
    );
  }
  return parts;
}

function isAbsent(error: unknown): boolean {
  const { code } = error as NodeJS.ErrnoException;
  return code === 'ENOENT' || code === 'ENOTDIR' || code === 'EISDIR';
}
