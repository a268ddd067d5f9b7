import type { RunFilter } from '../../lib/ports/run-storage';

/** A kind of question about runs: a filter for each number, so that no two requests in a row are the same. */
export interface FilterKind {
  readonly name: string;
  filter(n: number, sample: Sample): RunFilter;
}

/** Something that is there to be found. */
export interface Sample {
  readonly runId: string;
  readonly jobName: string;
  readonly tags: Readonly<Record<string, string>>;
  readonly createdAt: number;
}

/** Values of the tags `team` and `customer`; low numbers are frequent. */
export const TEAMS = 20;
export const CUSTOMERS = 10_000;

const tag = (key: string, value: string) => ({ key, values: [value] });
const team = (n: number) => tag('team', `team-${n % TEAMS}`);
const customer = (n: number) => tag('customer', `customer-${(n * 37) % CUSTOMERS}`);
const ofSample = (key: string, { tags }: Sample) => tag(key, tags[key] ?? '');
const DAY = 86_400_000;

/** What people filter by: each alone and mixed, frequent values and rare ones, with much to find and with nothing. */
export const FILTERS: readonly FilterKind[] = [
  { name: 'nothing', filter: () => ({}) },
  { name: 'job', filter: (n) => ({ jobName: `job_${(n * 7) % 200}` }) },
  { name: 'status, frequent', filter: () => ({ statuses: ['SUCCESS'] }) },
  { name: 'status, rare', filter: (n) => ({ statuses: [n % 2 === 0 ? 'FAILURE' : 'CANCELED'] }) },
  {
    name: 'statuses of unfinished runs',
    filter: () => ({ statuses: ['QUEUED', 'STARTING', 'STARTED', 'CANCELING'] }),
  },
  { name: 'tag, frequent', filter: (n) => ({ tags: [team(n)] }) },
  { name: 'tag, rare', filter: (n) => ({ tags: [customer(n)] }) },
  { name: 'run id', filter: (_n, { runId }) => ({ runIds: [runId] }) },
  { name: 'prefix of 1', filter: (_n, { runId }) => ({ runIdPrefix: runId.slice(0, 1) }) },
  { name: 'prefix of 4', filter: (_n, { runId }) => ({ runIdPrefix: runId.slice(0, 4) }) },
  { name: 'prefix of 8', filter: (_n, { runId }) => ({ runIdPrefix: runId.slice(0, 8) }) },
  {
    name: 'job and status',
    filter: (n) => ({ jobName: `job_${(n * 7) % 200}`, statuses: [n % 2 === 0 ? 'FAILURE' : 'CANCELED'] }),
  },
  {
    name: 'any of three jobs',
    filter: (n) => ({ jobNames: [0, 1, 2].map((i) => `job_${(n * 7 + i * 50) % 200}`) }),
  },
  {
    name: 'any of three jobs, tag and status',
    filter: (n) => ({
      jobNames: [0, 1, 2].map((i) => `job_${(n * 7 + i * 50) % 200}`),
      tags: [team(n)],
      statuses: ['FAILURE'],
    }),
  },
  { name: 'tag and status', filter: (n) => ({ tags: [team(n)], statuses: ['FAILURE'] }) },
  {
    name: 'two tags',
    filter: (n) => ({ tags: [team(n), tag('env', n % 2 === 0 ? 'staging' : 'production')] }),
  },
  {
    name: 'two tags and a status',
    filter: (n) => ({
      tags: [team(n), tag('env', 'staging')],
      statuses: [n % 2 === 0 ? 'FAILURE' : 'CANCELED'],
    }),
  },
  {
    name: 'two tags that seldom meet',
    filter: (n, sample) => ({ tags: [team(n), ofSample('dagster/partition', sample)] }),
  },
  {
    name: 'three tags, job and status',
    filter: (n, sample) => ({
      tags: [team(n), tag('env', 'production'), ofSample('dagster/partition', sample)],
      jobName: sample.jobName,
      statuses: ['SUCCESS'],
    }),
  },
  {
    name: 'two tags and a status, nothing found',
    filter: (n) => ({ tags: [team(n), tag('env', 'staging')], statuses: ['QUEUED'], jobName: 'job_199' }),
  },
  {
    name: 'several values of a tag and two statuses',
    filter: (n) => ({
      tags: [{ key: 'team', values: [`team-${n % TEAMS}`, 'team-3', 'team-5'] }],
      statuses: ['FAILURE', 'CANCELED'],
    }),
  },
  {
    name: 'prefix, tag and status',
    filter: (n, { runId }) => ({ runIdPrefix: runId.slice(0, 4), tags: [team(n)], statuses: ['SUCCESS'] }),
  },
  {
    name: 'prefix of 1 and a rare status',
    filter: (n, { runId }) => ({
      runIdPrefix: runId.slice(0, 1),
      statuses: [n % 2 === 0 ? 'FAILURE' : 'CANCELED'],
    }),
  },
  {
    name: 'prefix of 2, job, tag and status',
    filter: (n, { runId, jobName }) => ({
      runIdPrefix: runId.slice(0, 2),
      jobName,
      tags: [team(n)],
      statuses: ['SUCCESS'],
    }),
  },
  {
    name: 'a day of runs',
    filter: (_n, { createdAt }) => ({ createdAfter: createdAt - DAY, createdBefore: createdAt }),
  },
  {
    name: 'failures since a month',
    filter: (_n, { createdAt }) => ({ createdAfter: createdAt - 30 * DAY, statuses: ['FAILURE'] }),
  },
  {
    name: 'tag since a month',
    filter: (n, { createdAt }) => ({ updatedAfter: createdAt - 30 * DAY, tags: [team(n)] }),
  },
];
