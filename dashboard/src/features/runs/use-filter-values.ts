import { useMemo } from 'react';
import { useLiveQuery } from '../../graphql/use-live-query';
import { runFilterNamesDocument, runTagKeysDocument, runTagValuesDocument } from './runs.graphql';
import { filterTags, type RunFilterValues, splitTag } from './runs-filter';

/** Values that are asked for at a time; more than are offered, since what is typed narrows them. */
const asked = 20;

/** What the filter of runs offers while `draft` is typed: names of jobs, keys and values of tags. Asked for when needed. */
export function useFilterValues(draft: string): RunFilterValues {
  const body = draft.replace(/^-/, '');
  const colon = body.indexOf(':');
  const key = body.slice(0, Math.max(0, colon));
  const typed = body.slice(colon + 1).replace(/^"/, '');
  const [tagKey, tagPrefix] = key === 'tag' ? splitTag(typed) : [filterTags[key], typed.split(',').at(-1)];
  const jobs = useLiveQuery(
    runFilterNamesDocument,
    {},
    {
      enabled: key === 'job',
      interval: false,
      select: ({ repositoriesOrError: found }) =>
        found.__typename === 'RepositoryConnection'
          ? [...new Set(found.nodes.flatMap((node) => node.jobs.map(({ name }) => name)))].sort()
          : [],
    },
  );
  const keys = useLiveQuery(
    runTagKeysDocument,
    {},
    {
      enabled: key === 'tag',
      interval: false,
      select: ({ runTagKeysOrError: found }) =>
        found?.__typename === 'RunTagKeys' ? found.keys.filter((each) => !/^\.?dagster\//.test(each)) : [],
    },
  );
  const values = useLiveQuery(
    runTagValuesDocument,
    { key: tagKey ?? '', prefix: tagPrefix ?? '', limit: asked },
    {
      enabled: tagKey !== undefined && tagPrefix !== undefined,
      interval: false,
      select: ({ runTagsOrError: found }) =>
        new Map(
          found?.__typename === 'RunTags' ? found.tags.map((each) => [each.key, each.values] as const) : [],
        ),
    },
  );
  return useMemo(
    () => ({ jobs: jobs.data ?? [], tagKeys: keys.data ?? [], tagValues: values.data ?? new Map() }),
    [jobs.data, keys.data, values.data],
  );
}
