import type { Run } from '../../model/run';
import type {
  RunStatusCounts,
  RunTimelineMark,
  RunTimelineRow,
  RunTimelineStorage,
  WindowRunsQuery,
} from '../../ports/run-timeline-storage';
import type { Driver } from './driver';
import { selectRuns } from './run-json';
import { ROW_NAME, STARTED, windowRuns } from './run-window';

/** Marks in one answer, about: of 170 bytes at most each, they stay below the mebibyte that the Data API answers. */
const MOST_MARKS = 6_000;
/** Rows that are named, with and without marks. */
const MOST_ROWS = 1_000;

type MarkColumns = readonly [
  number,
  number,
  RunTimelineMark['status'],
  number,
  string | null,
  number,
  number,
];

type Answer =
  | { readonly rowCount: number; readonly counts: RunStatusCounts }
  | (Omit<RunTimelineRow, 'marks'> & { readonly marks: readonly MarkColumns[] | null });

/** Timelines of runs. */
export function createRunTimelineStorage(driver: Driver): RunTimelineStorage {
  return {
    async runTimeline({ now, rows, slots, ...window }) {
      const { sql, parameters } = windowRuns(window);
      const drawn = Math.min(rows, MOST_ROWS);
      const parts = Math.max(1, Math.min(slots, MOST_MARKS / Math.max(1, drawn)));
      const next = parameters.length + 1;
      const answers = await driver.query<Answer>(
        timeline(sql, {
          now: `$${next}::bigint`,
          rows: `$${next + 1}::integer`,
          slot: `$${next + 2}::bigint`,
        }),
        [...parameters, Math.round(now), drawn, Math.max(1, Math.ceil((window.to - window.from) / parts))],
      );
      let rowCount = 0;
      let counts: RunStatusCounts = {};
      const found: RunTimelineRow[] = [];
      for (const answer of answers) {
        if ('rowCount' in answer) ({ rowCount, counts } = answer);
        else found.push({ ...answer, marks: (answer.marks ?? []).map(toMark) });
      }
      return { rowCount, counts, rows: found };
    },
    async windowRuns({ limit, onlyUnrecovered = false, ...window }: WindowRunsQuery) {
      const { statuses, ...others } = window.filter;
      if (onlyUnrecovered && statuses !== undefined && !statuses.includes('FAILURE')) return [];
      const { sql, parameters } = windowRuns(onlyUnrecovered ? { ...window, filter: others } : window);
      const found = onlyUnrecovered ? unrecovered(sql) : `select r.seq from ${sql}`;
      // Their numbers first: of thousands of runs, few are read as a whole.
      const page = `headrace.runs r where r.seq = any (array(${found} order by seq desc limit $${parameters.length + 1}::integer))`;
      return driver.query<Run>(selectRuns(page), [...parameters, limit]);
    },
  };
}

function toMark([from, to, status, count, runId, createdFrom, createdTo]: MarkColumns): RunTimelineMark {
  return { from, to, status, count, runId, createdFrom, createdTo };
}

/** Slots begin at round instants, so that a window that moves on cuts its runs where it did before. */
const timeline = (
  window: string,
  { now, rows, slot }: { readonly now: string; readonly rows: string; readonly slot: string },
): string => `
  with found as materialized (
    select r.seq, r.location, ${ROW_NAME} as name, r.job_name, r.status, r.created_at, ${STARTED} / ${slot} as slot, ${STARTED} as started,
      coalesce(r.ended_at, ${now}) as ended
    from ${window}
  ), marks as materialized (
    select location, name, status, max(job_name) as job_name, count(*) as n, min(started) as started, max(started) as latest,
      max(ended) as ended, min(seq) as seq, min(created_at) as created_from, max(created_at) as created_to
    from found group by slot, name, status, location
  ), counted as materialized (
    select location, name, status, max(job_name) as job_name, sum(n) as n, max(latest) as latest
    from marks group by location, name, status
  ), ranked as materialized (
    select location, name, max(job_name) as job_name, json_object_agg(status, n) as counts,
      row_number() over (order by bool_or(status = 'FAILURE') desc,
        bool_or(status not in ('SUCCESS', 'FAILURE', 'CANCELED')) desc, max(latest) desc, location, name) as rank
    from counted group by location, name
  ), drawn as (
    select m.location, m.name, json_agg(json_build_array(m.started, m.ended, m.status, m.n,
      case when m.n = 1 then (select o.run_id from headrace.runs o where o.seq = m.seq) end,
      m.created_from, m.created_to) order by m.started) as marks
    from ranked k join marks m on m.location = k.location and m.name = k.name
    where k.rank <= ${rows} group by m.location, m.name
  )
  select json_build_object('rowCount', (select count(*) from ranked), 'counts', coalesce(
    (select json_object_agg(status, n) from (select status, sum(n) as n from counted group by status) totals), '{}'))
  union all
  (select json_build_object('location', k.location, 'name', k.name, 'jobName', k.job_name, 'counts', k.counts,
      'marks', d.marks)
    from ranked k left join drawn d on d.location = k.location and d.name = k.name
    where k.rank <= ${MOST_ROWS} order by k.rank)`;

/** Of what a run was, is in its tags and its plan, which are wide: successes are looked at only where something failed. */
const unrecovered = (window: string): string => `
  with failed as materialized (
    select r.location, r.job_name, ${TARGET}, max(r.seq) as seq from ${window} and r.status = 'FAILURE' group by 1, 2, 3, 4
  ), succeeded as (
    select r.location, r.job_name, ${TARGET}, r.seq from ${window} and r.status = 'SUCCESS'
      and (r.location, r.job_name) in (select location, job_name from failed)
  )
  select f.seq from failed f where not exists (
    select from succeeded s where s.location = f.location and s.job_name = f.job_name and s.name = f.name
      and s.partition = f.partition and s.seq > f.seq)`;

const TARGET = `${ROW_NAME} as name, coalesce(r.tags ->> 'dagster/partition', '') as partition`;
