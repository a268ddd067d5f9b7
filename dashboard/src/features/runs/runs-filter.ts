import { type FilterKey, type FilterToken, parseFilter, tokenProblem } from '../../components/filter-tokens';
import { parseTime } from '../../components/format/parse-time';
import { runTag } from '../../components/run-tags';
import type { RunStatus, RunsFilter } from '../../graphql/generated';

export type RunsTab = 'all' | 'queued' | 'progress' | 'failed' | 'scheduled';

/** What people type for a status, and what it means. */
const statusWords: Readonly<Record<string, readonly RunStatus[]>> = {
  queued: ['QUEUED'],
  starting: ['STARTING', 'NOT_STARTED', 'MANAGED'],
  running: ['STARTED'],
  waiting: ['SUSPENDED'],
  success: ['SUCCESS'],
  failed: ['FAILURE'],
  canceling: ['CANCELING'],
  canceled: ['CANCELED'],
};
const everyStatus = Object.values(statusWords).flat();

export const tabStatuses: Readonly<Record<RunsTab, readonly RunStatus[] | undefined>> = {
  all: undefined,
  queued: ['QUEUED'],
  progress: ['NOT_STARTED', 'STARTING', 'STARTED', 'SUSPENDED', 'CANCELING'],
  failed: ['FAILURE'],
  scheduled: undefined,
};

const oneValue = (token: FilterToken) =>
  token.exclude
    ? `“${token.key}:” cannot exclude; only status: can.`
    : token.values.length > 1
      ? `“${token.key}:” takes one value; only status: and id: take several.`
      : undefined;
const notExcluded = (token: FilterToken) =>
  token.exclude ? `“${token.key}:” cannot exclude; only status: can.` : undefined;

const spans: Readonly<Record<string, number>> = { h: 3_600, d: 86_400, w: 604_800 };

function spanSeconds(value: string): number | undefined {
  const match = /^(\d+)([hdw])$/.exec(value);
  return match ? Number(match[1]) * (spans[match[2] ?? ''] ?? 0) : undefined;
}

const dateProblem = (token: FilterToken) =>
  oneValue(token) ??
  (parseTime(token.values[0] ?? '', 'UTC') === undefined
    ? 'Write a date like 2026-11-20 or 2026-11-20T14:30.'
    : undefined);

/** Days that the filter suggests: today and those before, in the reader's zone. */
function recentDays(today: string): readonly { readonly value: string; readonly detail: string }[] {
  const [year = 0, month = 1, day = 1] = today.split('-').map(Number);
  return [0, 1, 2, 7, 30].map((ago) => ({
    value: new Date(Date.UTC(year, month - 1, day - ago)).toISOString().slice(0, 10),
    detail: ago === 0 ? 'today' : ago === 1 ? 'yesterday' : `${ago} days ago`,
  }));
}

/** The filter's keys, with the job names and the days up to `today` (`2026-11-23`) for suggestions. */
export function runFilterKeys(jobs: readonly string[], today?: string): readonly FilterKey[] {
  const days = today === undefined ? [] : recentDays(today);
  return [
    { key: 'job', values: jobs.map((value) => ({ value })), problem: oneValue },
    {
      key: 'status',
      values: Object.keys(statusWords).map((value) => ({ value })),
      problem: (token) => {
        const unknown = token.values.find((value) => !statusWords[value]);
        return unknown && `No status “${unknown}”. Use ${Object.keys(statusWords).join(', ')}.`;
      },
    },
    { key: 'id', problem: notExcluded },
    { key: 'tag', problem: oneValue },
    {
      key: 'created',
      values: ['1h', '6h', '24h', '7d', '30d'].map((value) => ({ value, detail: 'ago or later' })),
      problem: (token) =>
        oneValue(token) ??
        (spanSeconds(token.values[0] ?? '') === undefined ? 'Write a span like 6h, 7d or 2w.' : undefined),
    },
    { key: 'after', values: days, problem: dateProblem },
    { key: 'before', values: days, problem: dateProblem },
    { key: 'schedule', problem: oneValue },
    { key: 'sensor', problem: oneValue },
    { key: 'backfill', problem: oneValue },
    { key: 'partition', problem: oneValue },
  ];
}

const tagKeys: Readonly<Record<string, string>> = {
  schedule: runTag.scheduleName,
  sensor: runTag.sensorName,
  backfill: runTag.backfill,
  partition: runTag.partition,
};

function intersect(a: readonly RunStatus[] | undefined, b: readonly RunStatus[]): readonly RunStatus[] {
  return a ? a.filter((status) => b.includes(status)) : b;
}

/**
 * The API's filter of a filter line and a tab. Tokens that cannot hold are left out: they are red in the bar.
 * `now` (epoch ms, rounded to the minute so that the filter stays the same) anchors `created:`; `zone` is the one
 * whose clock `after:` and `before:` mean.
 */
export function toRunsFilter(text: string, tab: RunsTab, now: number, zone = 'UTC'): RunsFilter {
  const keys = runFilterKeys([]);
  const tokens = parseFilter(text).filter((token) => !tokenProblem(token, keys));
  let statuses = tabStatuses[tab];
  const tags: { key: string; value: string }[] = [];
  const runIds: string[] = [];
  let pipelineName: string | undefined;
  let createdAfter: number | undefined;
  let createdBefore: number | undefined;
  for (const token of tokens) {
    const value = token.values[0] ?? '';
    if (token.key === 'status') {
      const named = token.values.flatMap((each) => statusWords[each] ?? []);
      const meant = token.exclude ? everyStatus.filter((status) => !named.includes(status)) : named;
      statuses = intersect(statuses, meant);
    } else if (token.key === 'job') pipelineName = value;
    else if (token.key === '') pipelineName ??= value;
    else if (token.key === 'id') runIds.push(...token.values);
    else if (token.key === 'created') {
      createdAfter = Math.max(createdAfter ?? 0, Math.floor(now / 60_000) * 60 - (spanSeconds(value) ?? 0));
    } else if (token.key === 'after' || token.key === 'before') {
      const seconds = (parseTime(value, zone) ?? 0) / 1_000;
      if (token.key === 'after') createdAfter = Math.max(createdAfter ?? 0, seconds);
      else createdBefore = Math.min(createdBefore ?? Number.MAX_SAFE_INTEGER, seconds);
    } else if (token.key === 'tag') {
      const split = value.indexOf('=');
      tags.push(
        split < 0 ? { key: value, value: '' } : { key: value.slice(0, split), value: value.slice(split + 1) },
      );
    } else {
      const key = tagKeys[token.key];
      if (key) tags.push({ key, value });
    }
  }
  return {
    ...(pipelineName ? { pipelineName } : {}),
    ...(runIds.length > 0 ? { runIds } : {}),
    ...(tags.length > 0 ? { tags } : {}),
    ...(createdAfter ? { createdAfter } : {}),
    ...(createdBefore === undefined ? {} : { createdBefore }),
    ...(statuses ? { statuses } : {}),
  };
}
