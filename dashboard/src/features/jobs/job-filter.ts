import { type FilterKey, matchesPattern, parseFilter, tokenProblem } from '../../components/filter-tokens';
import { runStatus } from '../../components/status';
import type { JobsResult } from '../../graphql/generated';

type Repository = Extract<
  JobsResult['repositoriesOrError'],
  { readonly __typename: 'RepositoryConnection' }
>['nodes'][number];

export interface JobRow {
  readonly id: string;
  readonly job: Repository['jobs'][number];
  readonly repositoryName: string;
  readonly locationName: string;
}

/** The texts of a job that each filter key looks at; free words look at its name and description. */
const readers: Readonly<Record<string, (row: JobRow) => readonly string[]>> = {
  name: ({ job }) => [job.name],
  location: ({ locationName }) => [locationName],
  kind: ({ job }) => [job.isAssetJob ? 'asset' : 'op'],
  status: ({ job }) => [job.runs[0] ? runStatus(job.runs[0].status).word.toLowerCase() : 'never'],
  tag: ({ job }) => job.tags.map(({ key, value }) => `${key}=${value}`),
  schedule: ({ job }) => job.schedules.map(({ name }) => name),
  sensor: ({ job }) => job.sensors.map(({ name }) => name),
};

/** Keys whose values are words of their own, not parts of names. */
const exact: ReadonlySet<string> = new Set(['location', 'kind', 'status']);

/** What a filter of jobs knows, with the values that they have, most used first. */
export function jobFilterKeys(rows: readonly JobRow[]): readonly FilterKey[] {
  return Object.entries(readers).map(([key, read]) => {
    const counts = Map.groupBy(rows.flatMap(read), (value) => value);
    return {
      key,
      values: [...counts]
        .map(([value, all]) => ({ value, detail: String(all.length) }))
        .sort((a, b) => Number(b.detail) - Number(a.detail) || a.value.localeCompare(b.value)),
    };
  });
}

/** Rows that pass every token of a filter line; red tokens do not count. */
export function filterJobs(rows: readonly JobRow[], text: string): readonly JobRow[] {
  const keys = Object.keys(readers).map((key) => ({ key }));
  const tokens = parseFilter(text).filter((token) => !tokenProblem(token, keys));
  if (tokens.length === 0) return rows;
  return rows.filter((row) =>
    tokens.every(({ key, values, exclude }) => {
      const texts = readers[key]?.(row) ?? [row.job.name, row.job.description ?? ''];
      const found = values.some((value) =>
        texts.some((each) =>
          exact.has(key) && !value.includes('*')
            ? each.toLowerCase() === value.toLowerCase()
            : matchesPattern(each, value),
        ),
      );
      return found !== exclude;
    }),
  );
}
