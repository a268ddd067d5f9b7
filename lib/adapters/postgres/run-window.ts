import { ASSET_JOB } from '../../model/run';
import type { RunWindow } from '../../ports/run-timeline-storage';
import type { SqlParameter } from './driver';
import { toArrayText } from './run-filter';

/** As the index of runs that took longer has it, milliseconds. */
const LONG = 3_600_000;

/** When a run began to be there, for a reader of a timeline. */
export const STARTED = 'coalesce(r.started_at, r.created_at)';

/** What a row of the timeline is called. The plan is read only where the job's name says nothing. */
export const ROW_NAME = `case when starts_with(r.job_name, '${ASSET_JOB}')
  then coalesce((select p.asset_selection ->> 0 from headrace.run_plans p where p.run_id = r.run_id), 'assets')
  else r.job_name end`;

/** `from` and `where` of a window's runs, as `r`, with the parameters from `$1` on. */
export interface WindowSql {
  readonly sql: string;
  readonly parameters: readonly SqlParameter[];
}

/** Translates a window and its filter. Each part of the union has an index of its own. */
export function windowRuns({ from, to, filter }: RunWindow): WindowSql {
  const parameters: SqlParameter[] = [Math.floor(from), Math.ceil(to)];
  const add = (value: SqlParameter) => {
    parameters.push(value);
    return `$${parameters.length}`;
  };
  const anyOf = (values: readonly string[]) => `any (${add(toArrayText(values))}::text[])`;
  const conditions = ['true'];
  const { names, excludedNames, locations, excludedLocations, statuses, tags } = filter;
  if (names !== undefined) conditions.push(`${ROW_NAME} ilike ${anyOf(names.map(toLike))}`);
  if (excludedNames !== undefined)
    conditions.push(`not (${ROW_NAME} ilike ${anyOf(excludedNames.map(toLike))})`);
  if (locations !== undefined) conditions.push(`r.location = ${anyOf(locations)}`);
  if (excludedLocations !== undefined)
    conditions.push(`r.location <> all (${add(toArrayText(excludedLocations))}::text[])`);
  if (statuses !== undefined) conditions.push(`r.status = ${anyOf(statuses)}`);
  for (const { key, values } of tags ?? []) conditions.push(`r.tags ->> ${add(key)} = ${anyOf(values)}`);
  const beganBefore = `${STARTED} <= $2::bigint`;
  return {
    sql: `(
      select r.* from headrace.runs r
        where r.ended_at between $1::bigint and $2::bigint + ${LONG} and ${beganBefore}
      union all
      select r.* from headrace.runs r
        where r.ended_at > $2::bigint + ${LONG} and r.ended_at - ${STARTED} > ${LONG} and ${beganBefore}
      union all
      select r.* from headrace.runs r
        where r.status in ('STARTING', 'STARTED', 'CANCELING', 'SUSPENDED') and ${beganBefore}
      union all
      select r.* from headrace.runs r where r.status = 'QUEUED' and ${beganBefore}
    ) r where ${conditions.join(' and ')}`,
    parameters,
  };
}

/** A name's pattern for `ilike`: without a star it matches anywhere. */
function toLike(pattern: string): string {
  const literal = pattern.replaceAll(/[\\%_]/g, '\\$&');
  return literal.includes('*') ? literal.replaceAll('*', '%') : `%${literal}%`;
}
