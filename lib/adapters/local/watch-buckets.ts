import { existsSync, type FSWatcher, mkdirSync, watch } from 'node:fs';
import { readdir, stat } from 'node:fs/promises';
import { join, sep } from 'node:path';
import type { ObjectCreated } from '../../model/sensor-event';

export interface BucketWatcher {
  close(): void;
}

/** A file is taken for an object when it was left alone for so long. */
const SETTLE_MS = 300;

/**
 * Files below `<folder>/<bucket>/` as the objects of buckets, for sensors that follow them: each that is written
 * while this watches is announced once, when nobody writes to it any more. Hidden and temporary files are none.
 *
 * @param onObject also told the object's version, another one for each writing
 */
export async function watchBuckets(
  folder: string,
  onObject: (object: ObjectCreated, version: string) => Promise<unknown>,
  onError: (error: unknown) => void,
): Promise<BucketWatcher> {
  mkdirSync(folder, { recursive: true });
  let known = await scan(folder);
  const settling = new Map<string, string>();
  let timer: NodeJS.Timeout | undefined;
  let isClosed = false;

  async function look(): Promise<void> {
    timer = undefined;
    const found = await scan(folder);
    for (const [path, version] of found) {
      if (known.get(path) === version) continue;
      if (settling.get(path) === version) {
        settling.delete(path);
        known.set(path, version);
        const [bucket = '', ...key] = path.split('/');
        const size = Number(version.split('-')[1]);
        await onObject({ bucket, key: key.join('/'), size, etag: null }, version);
      } else settling.set(path, version);
    }
    known = new Map([...known].filter(([path]) => found.has(path)));
    if (settling.size > 0) lookSoon();
  }
  function lookSoon(): void {
    if (isClosed) return;
    timer ??= setTimeout(() => void look().catch(onError), SETTLE_MS);
  }

  // The folder as a whole is looked through: what is written into a folder that was just made may go unseen.
  const watcher: FSWatcher = watch(folder, { recursive: true }, lookSoon);
  watcher.on('error', onError);
  return {
    close() {
      isClosed = true;
      clearTimeout(timer);
      watcher.close();
    },
  };
}

/** Version of each object by `<bucket>/<key>`. */
async function scan(folder: string): Promise<Map<string, string>> {
  const found = new Map<string, string>();
  if (!existsSync(folder)) return found;
  for (const entry of await readdir(folder, { recursive: true, withFileTypes: true })) {
    const path = join(entry.parentPath, entry.name)
      .slice(folder.length + 1)
      .split(sep)
      .join('/');
    if (!entry.isFile() || !path.includes('/') || /(^|\/)\.|(~|\.tmp|\.swp)$/.test(path)) continue;
    const { mtimeMs, size } = await stat(join(folder, path)).catch(() => ({ mtimeMs: 0, size: -1 }));
    if (size >= 0) found.set(path, `${mtimeMs}-${size}`);
  }
  return found;
}
