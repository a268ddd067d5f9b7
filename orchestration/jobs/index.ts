export { earthquakesDaily, flightsHourly, githubChanges } from './assets';
export { loadInbox } from './inbox';
export { flightsFull, ingest } from './ingest';
