export { airports } from './airports';
export { earthquakes } from './earthquakes';
export { flights } from './flights';
export { githubComments, githubIssues, githubUsers } from './github';
export { inboxFiles } from './inbox-files';
