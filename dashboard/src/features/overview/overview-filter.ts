import {
  type FilterKey,
  type FilterToken,
  matchesPattern,
  parseFilter,
  tokenProblem,
} from '../../components/filter-tokens';
import { everyRunStatus, runStatusWords } from '../../components/run-status-words';
import type { RunStatus, RunTimelineFilter } from '../../graphql/generated';

/** The filter's keys, with the rows and code locations that there are for suggestions. */
export function overviewFilterKeys(
  names: readonly string[],
  locations: readonly string[],
): readonly FilterKey[] {
  const known = names.map((value) => ({ value }));
  const words = Object.keys(runStatusWords);
  return [
    { key: 'job', values: known },
    { key: 'location', values: locations.map((value) => ({ value })) },
    {
      key: 'status',
      values: words.map((value) => ({ value })),
      problem: (token) => {
        const unknown = token.values.find((value) => !runStatusWords[value]);
        return unknown && `No status “${unknown}”. Use ${words.join(', ')}.`;
      },
    },
    {
      key: 'tag',
      problem: (token) =>
        token.exclude
          ? '“tag:” cannot exclude.'
          : token.values.every((value) => value.includes('='))
            ? undefined
            : 'Write a tag like team=data.',
    },
    { key: '', suggest: (typed) => known.filter(({ value }) => matchesPattern(value, typed)) },
  ];
}

export interface OverviewFilter {
  /** The API's; undefined = all. */
  readonly runs: RunTimelineFilter | undefined;
  /** Whether a row of ticks is wanted: ticks are no runs, they have neither status nor tags. */
  readonly passes: (row: { readonly location: string; readonly name: string }) => boolean;
}

const keys = overviewFilterKeys([], []);

/** What a filter line means. Tokens that cannot hold are left out: they are red in the bar. */
export function readFilter(text: string): OverviewFilter {
  const tokens = parseFilter(text).filter((token) => !tokenProblem(token, keys));
  const of = (key: string, exclude = false) =>
    tokens.filter((token) => token.key === key && token.exclude === exclude);
  const values = (some: readonly FilterToken[]) => {
    const found = some.flatMap((token) => token.values);
    return found.length === 0 ? undefined : found;
  };
  const names = values([...of('job'), ...of('')]);
  const excludedNames = values([...of('job', true), ...of('', true)]);
  const locations = values(of('location'));
  const excludedLocations = values(of('location', true));
  const statuses = readStatuses([...of('status'), ...of('status', true)]);
  const tags = values(of('tag'))?.map((value) => {
    const split = value.indexOf('=');
    return { key: value.slice(0, split), value: value.slice(split + 1) };
  });
  const isOf = (name: string, patterns: readonly string[]) =>
    patterns.some((pattern) => matchesPattern(name, pattern));
  return {
    runs:
      tokens.length === 0
        ? undefined
        : {
            ...(names ? { names } : {}),
            ...(excludedNames ? { excludedNames } : {}),
            ...(locations ? { locations } : {}),
            ...(excludedLocations ? { excludedLocations } : {}),
            ...(statuses ? { statuses } : {}),
            ...(tags ? { tags } : {}),
          },
    passes: ({ location, name }) =>
      !statuses &&
      !tags &&
      (!names || isOf(name, names)) &&
      !(excludedNames && isOf(name, excludedNames)) &&
      (!locations || locations.includes(location)) &&
      !excludedLocations?.includes(location),
  };
}

function readStatuses(tokens: readonly FilterToken[]): readonly RunStatus[] | undefined {
  if (tokens.length === 0) return undefined;
  return tokens.reduce<readonly RunStatus[]>((kept, token) => {
    const named = token.values.flatMap((value) => runStatusWords[value] ?? []);
    return kept.filter((status) => named.includes(status) !== token.exclude);
  }, everyRunStatus);
}
