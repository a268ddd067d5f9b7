import { defineAssetJob } from 'headrace';
import { earthquakes, flights, githubComments, githubIssues, githubUsers } from '../assets';

/** One day of earthquakes a run. */
export const earthquakesDaily = defineAssetJob({
  name: 'earthquakes_daily',
  description: 'Loads one day of earthquakes.',
  select: earthquakes,
});

/** One hour of flights a run. */
export const flightsHourly = defineAssetJob({
  name: 'flights_hourly',
  description: 'Loads one hour of flights.',
  select: flights,
});

/** What changed on GitHub. */
export const githubChanges = defineAssetJob({
  name: 'github_changes',
  description: 'Loads what changed in the repository since the last load.',
  select: [githubIssues, githubComments, githubUsers],
});
