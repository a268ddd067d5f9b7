export { newInboxFiles } from './new-inbox-files';
