import { runRequest, sensor, skip } from 'headrace';
import { loadInbox } from '../jobs';
import { inbox } from '../resources/inbox';

/** How far the inbox was read: the last moment of change, and the files of that very moment. */
interface Position {
  readonly modifiedAt: number;
  readonly names: readonly string[];
}

/** Loads each file that is put into the inbox, or changed there, once. */
export const newInboxFiles = sensor({
  name: 'new_inbox_files',
  description: 'Loads each .jsonl file that appears in the folder INBOX_DIRECTORY.',
  job: loadInbox,
  minimumInterval: '30s',
  resources: { inbox },
  async evaluate({ cursor, resources }) {
    const files = await resources.inbox.list();
    if (files === undefined) return skip(`There is no folder ${resources.inbox.directory}.`);
    const last: Position = cursor === null ? { modifiedAt: 0, names: [] } : JSON.parse(cursor);
    const fresh = files.filter(
      ({ name, modifiedAt }) =>
        modifiedAt > last.modifiedAt || (modifiedAt === last.modifiedAt && !last.names.includes(name)),
    );
    const newest = fresh.at(-1);
    if (newest === undefined) return skip('No new files.');
    const { modifiedAt } = newest;
    const names = files.filter((file) => file.modifiedAt === modifiedAt).map(({ name }) => name);
    return {
      cursor: JSON.stringify({ modifiedAt, names } satisfies Position),
      runRequests: fresh.map((file) =>
        runRequest({
          runKey: `${file.name}@${file.modifiedAt}`,
          config: { ops: { load_inbox_file: { config: { path: file.path } } } },
          tags: { inbox_file: file.name },
        }),
      ),
    };
  },
});
