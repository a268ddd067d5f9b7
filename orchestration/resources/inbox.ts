import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { env, resource } from 'headrace';

/** A file that somebody has put into the inbox. */
export interface InboxFile {
  readonly path: string;
  readonly name: string;
  /** Epoch milliseconds. */
  readonly modifiedAt: number;
}

/** A folder that others put files of JSON lines into. */
export const inbox = resource({
  description: 'Folder of incoming files',
  settings: { directory: env('INBOX_DIRECTORY', 'inbox') },
  setUp: ({ settings: { directory } }) => ({
    directory,
    /** Files by the time of their last change, the oldest first; undefined when there is no such folder. */
    async list(): Promise<readonly InboxFile[] | undefined> {
      const names = await readdir(directory).catch((error: NodeJS.ErrnoException) => {
        if (error.code === 'ENOENT') return undefined;
        throw error;
      });
      if (names === undefined) return undefined;
      const files = names
        .filter((name) => name.endsWith('.jsonl'))
        .map(async (name) => {
          const path = join(directory, name);
          return { path, name, modifiedAt: Math.trunc((await stat(path)).mtimeMs) };
        });
      return (await Promise.all(files)).sort(
        (a, b) => a.modifiedAt - b.modifiedAt || (a.name < b.name ? -1 : 1),
      );
    },
  }),
});
