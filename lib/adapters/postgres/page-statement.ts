import type { RunFilter, RunQuery } from '../../ports/run-storage';
import type { SqlParameter } from './driver';
import { runConditions } from './run-filter';
import { selectRuns } from './run-json';

/**
 * Reads a page of the runs that match, newest first.
 *
 * Several jobs are asked one by one, each by an index that has its runs in order: no index has them in order together,
 * and the runs of jobs that ran last a year ago would be looked for among all the newer ones.
 *
 * @example const runs = await driver.query<Run>(sql, parameters);
 */
export function pageStatement({ filter, cursor, limit }: RunQuery): {
  readonly sql: string;
  readonly parameters: readonly SqlParameter[];
} {
  const parameters: SqlParameter[] = [limit, ...(cursor === undefined ? [] : [cursor])];
  const before =
    cursor === undefined ? {} : { before: '(select c.seq from headrace.runs c where c.run_id = $2::uuid)' };
  const page = (each: RunFilter, columns = ''): string => {
    const conditions = runConditions(each, { first: parameters.length + 1, ...before });
    parameters.push(...conditions.parameters);
    return `${columns}${conditions.sql} order by r.seq desc limit $1::integer`;
  };
  const jobs = [...new Set(filter.jobNames)];
  if (jobs.length < 2) return { sql: selectRuns(page(filter)), parameters };
  const ofJobs = jobs.map((job) => `(${page({ ...filter, jobNames: [job] }, 'select r.seq from ')})`);
  const newest = `select seq from (${ofJobs.join(' union all ')}) found order by seq desc limit $1::integer`;
  return { sql: selectRuns(`headrace.runs r where r.seq in (${newest})`), parameters };
}
