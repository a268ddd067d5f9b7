import { runRequest, sensor, skip } from 'headrace';
import { loadInbox } from '../jobs';
import { inbox } from '../resources/inbox';

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
    // Files of the cursor's own moment are looked at again; their run keys keep them from being loaded twice.
    const since = Number(cursor ?? 0);
    const fresh = files.filter(({ modifiedAt }) => modifiedAt >= since);
    const newest = fresh.at(-1)?.modifiedAt ?? since;
    if (newest === since && cursor !== null) return skip('No new files.');
    return {
      cursor: String(newest),
      runRequests: fresh.map(({ path, name, modifiedAt }) =>
        runRequest({
          runKey: `${name}@${modifiedAt}`,
          config: { ops: { load_inbox_file: { config: { path } } } },
          tags: { inbox_file: name },
        }),
      ),
    };
  },
});
