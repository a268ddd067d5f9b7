import { job, materializeResult, op, z } from 'headrace';
import { inboxFiles } from '../assets';
import { snowflake } from '../resources/snowflake';
import { jsonLines } from '../utils/json-lines';
import { LOADING } from '../utils/loading';

/** Loads one file of JSON lines; a file that is loaded again changes nothing. */
export const loadInboxFile = op({
  ...LOADING,
  name: 'load_inbox_file',
  config: z.object({ path: z.string().describe('A file of JSON lines') }),
  resources: { snowflake },
  async run({ config, resources, signal }) {
    const load = await resources.snowflake.load(jsonLines(config.path), { table: 'raw.inbox', signal });
    return materializeResult({
      asset: inboxFiles.key,
      metadata: { ...load.toMetadata(), file: config.path },
    });
  },
});

export const loadInbox = job({
  name: 'load_inbox',
  description: 'Loads a file that was put into the inbox.',
  graph: () => {
    loadInboxFile();
  },
});
