import { externalAsset } from 'headrace';
import { RAW } from '../utils/loading';

/** Records of the files that others put into the inbox; the job `load_inbox` loads each file. */
export const inboxFiles = externalAsset({
  ...RAW,
  key: 'raw/inbox',
  description: 'Records of files that were put into the inbox, one row for each line.',
});
