import { schedule } from 'headrace';
import { earthquakesDaily, flightsHourly, githubChanges } from '../jobs';

/** Every morning in Berlin: the UTC day that has just ended. */
export const earthquakesEveryMorning = schedule({
  name: 'earthquakes_every_morning',
  description: 'Loads yesterday’s earthquakes at 06:00 in Berlin.',
  job: earthquakesDaily,
  cron: '0 6 * * *',
  timezone: 'Europe/Berlin',
  defaultStatus: 'RUNNING',
});

/** Every working hour in New York: what changed on GitHub. */
export const githubInWorkingHours = schedule({
  name: 'github_in_working_hours',
  description: 'Loads what changed on GitHub, hourly from 08:00 to 18:00 on weekdays in New York.',
  job: githubChanges,
  cron: '0 8-18 * * 1-5',
  timezone: 'America/New_York',
  defaultStatus: 'RUNNING',
});

/** Every hour: the latest hour of flights. Off, because the sample service ends in 2001. */
export const flightsEveryHour = schedule({
  name: 'flights_every_hour',
  description: 'Loads the latest hour of flights, a quarter past every hour in New York.',
  job: flightsHourly,
  cron: '15 * * * *',
  timezone: 'America/New_York',
});
