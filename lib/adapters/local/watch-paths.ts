import { existsSync, type FSWatcher, statSync, watch } from 'node:fs';
import { basename, dirname, join, sep } from 'node:path';

/** What tools write beside what people write. Of dbt's `target/` only the manifest describes the project. */
const IGNORED =
  /(^|\/)(node_modules|\.git|\.headrace|dist|logs|__pycache__|\.venv)(\/|$)|(~|\.swp|\.tmp|\/4913)$/;
const DBT_TARGET = /(^|\/)target(\/(?!manifest\.json$)|$)/;

/** Whether a change of this path, relative to what is watched, can matter. */
export function isIgnoredPath(path: string): boolean {
  return isOfTools(path) || DBT_TARGET.test(posix(path));
}

const isOfTools = (path: string): boolean => IGNORED.test(posix(path));
const posix = (path: string): string => path.split(sep).join('/');

export interface PathWatcher {
  close(): void;
}

/**
 * Calls back when something in these files and folders (with all below them) changes, is added or removed. A path
 * that does not exist yet is waited for in the nearest folder that does.
 *
 * @param paths absolute
 */
export function watchPaths(
  paths: readonly string[],
  onChange: (path: string) => void,
  onError: (error: unknown) => void,
): PathWatcher {
  const watchers: FSWatcher[] = [];
  const covered = new Set<string>();
  const open = (folder: string, recursive: boolean, only: string | null): void => {
    const key = `${folder}\0${recursive}\0${only}`;
    if (covered.has(key)) return;
    covered.add(key);
    try {
      // A database in it would keep the watcher busy, which looks through folders whenever something changes.
      const watcher = watch(folder, { recursive, ignore: isOfTools }, (_, name) => {
        if (name === null || (only !== null && name !== only) || isIgnoredPath(name)) return;
        onChange(join(folder, name));
      });
      watcher.on('error', onError);
      watchers.push(watcher);
    } catch (error) {
      onError(error);
    }
  };
  for (const path of paths) {
    if (!existsSync(path)) {
      const ancestor = existingAncestor(path);
      open(ancestor, false, path.slice(ancestor.length + 1).split(sep)[0] ?? null);
    } else if (statSync(path).isDirectory()) {
      open(path, true, null);
    } else {
      // The folder, because editors put a new file in the place of the old one.
      open(dirname(path), false, basename(path));
    }
  }
  return {
    close: () => {
      for (const watcher of watchers) watcher.close();
    },
  };
}

function existingAncestor(path: string): string {
  let folder = dirname(path);
  while (!existsSync(folder)) folder = dirname(folder);
  return folder;
}
