import {
  type FilterKey,
  type FilterToken,
  type FilterValue,
  parseFilter,
  tokenProblem,
} from '../../components/filter-tokens';
import { parseTime } from '../../components/format/parse-time';
import { everyRunStatus, runStatusWords } from '../../components/run-status-words';
import { runTag } from '../../components/run-tags';
import type { RunStatus, RunsFilter } from '../../graphql/generated';

export type RunsTab = 'all' | 'queued' | 'progress' | 'failed' | 'scheduled';

export const tabStatuses: Readonly<Record<RunsTab, readonly RunStatus[] | undefined>> = {
  all: undefined,
  queued: ['QUEUED'],
  progress: ['NOT_STARTED', 'STARTING', 'STARTED', 'SUSPENDED', 'CANCELING'],
  failed: ['FAILURE'],
  scheduled: [],
};

const oneValue = (token: FilterToken) =>
  token.exclude
    ? `“${token.key}:” cannot exclude; only status: can.`
    : token.values.length > 1
      ? `“${token.key}:” takes one value; job:, status: and id: take several.`
      : undefined;
const notExcludedTag = (token: FilterToken) =>
  notExcluded(token) ??
  (token.values.some((value) => !/^[^=]+=/.test(value))
    ? 'Write a key and a value: tag:team=data.'
    : undefined);
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

/** What the filter offers for values, as far as they are known. */
export interface RunFilterValues {
  readonly jobs: readonly string[];
  /** Keys of tags that people set. */
  readonly tagKeys: readonly string[];
  /** Values by key of a tag: those that begin with what is typed. */
  readonly tagValues: ReadonlyMap<string, readonly string[]>;
}
const nothingKnown: RunFilterValues = { jobs: [], tagKeys: [], tagValues: new Map() };

/** The filter's keys, with what is offered after them, and the days up to `today` (`2026-11-23`). */
export function runFilterKeys(known: RunFilterValues = nothingKnown, today?: string): readonly FilterKey[] {
  const days = today === undefined ? [] : recentDays(today);
  return [
    { key: 'job', values: known.jobs.map((value) => ({ value })), problem: notExcluded },
    {
      key: 'status',
      values: Object.keys(runStatusWords).map((value) => ({ value })),
      problem: (token) => {
        const unknown = token.values.find((value) => !runStatusWords[value]);
        return unknown && `No status “${unknown}”. Use ${Object.keys(runStatusWords).join(', ')}.`;
      },
    },
    { key: 'id', problem: notExcluded },
    { key: 'bundle', problem: oneValue },
    { key: 'tag', suggest: (typed) => suggestTag(typed, known), problem: notExcludedTag },
    {
      key: 'created',
      values: ['1h', '6h', '24h', '7d', '30d'].map((value) => ({ value, detail: 'ago or later' })),
      problem: (token) =>
        oneValue(token) ??
        (spanSeconds(token.values[0] ?? '') === undefined ? 'Write a span like 6h, 7d or 2w.' : undefined),
    },
    { key: 'after', values: days, problem: dateProblem },
    { key: 'before', values: days, problem: dateProblem },
    ...Object.entries(filterTags).map(([key, tag]) => ({
      key,
      values: (known.tagValues.get(tag) ?? []).map((value) => ({ value })),
      problem: notExcluded,
    })),
  ];
}

/** Keys of the filter that mean a tag, for what launched a run and what it is of. */
export const filterTags: Readonly<Record<string, string>> = {
  schedule: runTag.scheduleName,
  sensor: runTag.sensorName,
  user: runTag.user,
  // With the mark of automation, which other sensors' runs do not have.
  automation: runTag.sensorName,
  backfill: runTag.backfill,
  partition: runTag.partition,
};

/** Keys, and after `key=` its values. */
function suggestTag(typed: string, { tagKeys, tagValues }: RunFilterValues): readonly FilterValue[] {
  const [key = '', value] = splitTag(typed);
  if (value === undefined)
    return tagKeys
      .filter((each) => each.toLowerCase().includes(key.toLowerCase()))
      .map((each) => ({ value: `${each}=`, more: true }));
  return (tagValues.get(key) ?? [])
    .filter((each) => each.startsWith(value))
    .map((each) => ({ value: quoted(`${key}=${each}`) }));
}

/** `team=data` as its parts; the value is undefined before there is a `=`. */
export function splitTag(text: string): readonly [key: string, value?: string] {
  const at = text.indexOf('=');
  return at < 0 ? [text] : [text.slice(0, at), text.slice(at + 1)];
}

const quoted = (text: string): string => (/[\s,]/.test(text) ? `"${text}"` : text);

function intersect(a: readonly RunStatus[] | undefined, b: readonly RunStatus[]): readonly RunStatus[] {
  return a ? a.filter((status) => b.includes(status)) : b;
}

/**
 * The API's filter of a filter line and a tab. Tokens that cannot hold are left out: they are red in the bar.
 * `now` (epoch ms, rounded to the minute so that the filter stays the same) anchors `created:`; `zone` is the one
 * whose clock `after:` and `before:` mean.
 */
export function toRunsFilter(text: string, tab: RunsTab, now: number, zone = 'UTC'): RunsFilter {
  const keys = runFilterKeys();
  const tokens = parseFilter(text).filter((token) => !tokenProblem(token, keys));
  let statuses = tabStatuses[tab];
  const tags: { key: string; value: string }[] = [];
  const runIds: string[] = [];
  const jobs: string[] = [];
  let snapshotId: string | undefined;
  let createdAfter: number | undefined;
  let createdBefore: number | undefined;
  for (const token of tokens) {
    const value = token.values[0] ?? '';
    if (token.key === 'status') {
      const named = token.values.flatMap((each) => runStatusWords[each] ?? []);
      const meant = token.exclude ? everyRunStatus.filter((status) => !named.includes(status)) : named;
      statuses = intersect(statuses, meant);
    } else if (token.key === 'job' || token.key === '') jobs.push(...token.values);
    else if (token.key === 'id') runIds.push(...token.values);
    else if (token.key === 'bundle') snapshotId = value;
    else if (token.key === 'created') {
      createdAfter = Math.max(createdAfter ?? 0, Math.floor(now / 60_000) * 60 - (spanSeconds(value) ?? 0));
    } else if (token.key === 'after' || token.key === 'before') {
      const seconds = (parseTime(value, zone) ?? 0) / 1_000;
      if (token.key === 'after') createdAfter = Math.max(createdAfter ?? 0, seconds);
      else createdBefore = Math.min(createdBefore ?? Number.MAX_SAFE_INTEGER, seconds);
    } else if (token.key === 'tag') {
      for (const each of token.values) {
        const [key, wanted = ''] = splitTag(each);
        tags.push({ key, value: wanted });
      }
    } else {
      const key = filterTags[token.key];
      // Several values of one tag are any of them.
      if (key) tags.push(...token.values.map((each) => ({ key, value: each })));
      if (token.key === 'automation') tags.push({ key: runTag.fromAutomation, value: 'true' });
    }
  }
  const [job, ...others] = new Set(jobs);
  return {
    ...(job === undefined || others.length > 0 ? {} : { pipelineName: job }),
    ...(job === undefined || others.length === 0 ? {} : { pipelineNames: [job, ...others] }),
    ...(runIds.length > 0 ? { runIds } : {}),
    ...(snapshotId ? { snapshotId } : {}),
    ...(tags.length > 0 ? { tags } : {}),
    ...(createdAfter ? { createdAfter } : {}),
    ...(createdBefore === undefined ? {} : { createdBefore }),
    ...(statuses ? { statuses } : {}),
  };
}
