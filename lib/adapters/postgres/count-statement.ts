import type { RunFilter } from '../../ports/run-storage';
import type { SqlParameter } from './driver';
import { type Conditions, createdSince, runConditions } from './run-filter';

/**
 * Counts the runs that match, up to a cap, as a scalar.
 *
 * What was made since an instant has changed since then, too: where these are as many as the cap, they alone are counted,
 * and the others, of which PostgreSQL would read every one that changed since, are not looked at.
 *
 * @example const [count] = await driver.query<number>(sql, parameters);
 */
export function countStatement(
  filter: RunFilter,
  cap: number,
): { readonly sql: string; readonly parameters: readonly SqlParameter[] } {
  const all = runConditions(filter, { first: 2, countsOnly: true });
  const { updatedAfter, ...others } = filter;
  if (updatedAfter === undefined) {
    return { sql: `select to_json(${counted(all)})`, parameters: [cap, ...all.parameters] };
  }
  const instant = 2 + all.parameters.length;
  const made = runConditions(others, {
    first: instant + 1,
    from: createdSince(`$${instant}`),
    countsOnly: true,
  });
  return {
    sql: `select to_json(case when ${newest(made)} >= $1::integer then $1::integer else ${newest(all)} end)`,
    parameters: [cap, ...all.parameters, updatedAfter, ...made.parameters],
  };
}

const counted = ({ sql }: Conditions, order = ''): string =>
  `(select count(*) from (select from ${sql} ${order} limit $1::integer) counted)`;

/** What changed or was made since an instant is mostly recent: from the newest on the cap is reached at once. */
const newest = (conditions: Conditions): string => counted(conditions, `order by ${conditions.seq} desc`);
