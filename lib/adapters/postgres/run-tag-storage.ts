import type { RunStorage, RunTagValues } from '../../ports/run-storage';
import type { Driver } from './driver';
import { toArrayText } from './run-filter';

/** Which tags runs have. Both step along the index, so that the cost is that of what is found, not of the runs. */
export function createRunTagStorage(driver: Driver): Pick<RunStorage, 'runTagKeys' | 'runTagValues'> {
  return {
    runTagKeys: () => driver.query<string>(RUN_TAG_KEYS),
    runTagValues: ({ keys, prefix, limit }) =>
      driver.query<RunTagValues>(RUN_TAG_VALUES, [
        keys === undefined ? null : toArrayText(keys),
        prefix,
        limit,
      ]),
  };
}

const KEYS = `
  keys as (
    (select key from headrace.run_tags order by key limit 1)
    union all
    select (select t.key from headrace.run_tags t where t.key > k.key order by t.key limit 1) from keys k where k.key is not null
  )`;

const RUN_TAG_KEYS = `with recursive ${KEYS} select to_json(key) from keys where key is not null`;

const RUN_TAG_VALUES = `
  with recursive ${KEYS}, wanted as (
    select key, place from unnest($1::text[]) with ordinality named (key, place)
    union all
    select key, row_number() over (order by key) from keys where $1::text[] is null and key is not null
  )
  select json_build_object('key', w.key, 'values', f.found)
  from wanted w cross join lateral (
    with recursive tag_values as (
      (select value, 1 as n from headrace.run_tags where key = w.key and value >= $2 order by value limit 1)
      union all
      select (select t.value from headrace.run_tags t where t.key = w.key and t.value > v.value order by t.value limit 1), v.n + 1
        from tag_values v where v.value is not null and v.n < $3::integer
    )
    select coalesce(json_agg(value order by n), '[]') as found
    from tag_values where value is not null and starts_with(value, $2) and n <= $3::integer
  ) f
  order by w.place`;
