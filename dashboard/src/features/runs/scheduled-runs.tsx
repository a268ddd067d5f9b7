import { Link, useNavigate } from '@tanstack/react-router';
import { useMemo } from 'react';
import { CronText } from '../../components/cron-text';
import { DataGrid } from '../../components/data-grid';
import type { GridColumn } from '../../components/data-grid-types';
import { matchesPattern, parseFilter } from '../../components/filter-tokens';
import { cronWords } from '../../components/format/cron-words';
import { plural } from '../../components/format/number';
import { EmptyState, QueryPanel } from '../../components/panel-states';
import { StatusIcon } from '../../components/status-icon';
import { StatusText } from '../../components/status-text';
import { Time } from '../../components/time';
import { TwoLines } from '../../components/two-lines';
import { RunsBar } from './runs-bar';
import { type ScheduledTick, useScheduledTicks } from './use-scheduled-ticks';

const EXPECTED = { kind: 'expected', word: 'Expected' } as const;

const columns: readonly GridColumn<ScheduledTick>[] = [
  { id: 'status', header: 'Status', width: '104px', cell: () => <StatusText status={EXPECTED} /> },
  {
    id: 'at',
    header: 'Expected at',
    width: '150px',
    cell: ({ at }) => (
      <>
        <Time at={at} seconds /> <span className="t3"> </span>
        <span className="t3">
          <Time at={at} relative />
        </span>
      </>
    ),
  },
  {
    id: 'job',
    header: 'Target',
    width: 'minmax(180px, 1.2fr)',
    cell: ({ job, location }) => (
      <Link
        to="/jobs/$location/$name"
        params={{ location, name: job }}
        search={{}}
        className="strong"
        tabIndex={-1}
      >
        {job}
      </Link>
    ),
  },
  {
    id: 'schedule',
    header: 'Schedule',
    width: 'minmax(150px, 1fr)',
    cell: ({ schedule }) => schedule,
  },
  {
    id: 'cron',
    header: 'Frequency',
    width: 'minmax(200px, 1.2fr)',
    cell: (tick) => (
      <>
        {cronWords(tick.cronSchedule) ?? ''}{' '}
        <span className="t3">
          <CronText schedule={tick} />
        </span>
      </>
    ),
  },
];

/** What schedules will launch within a day. Of the filter, `job:` and `schedule:` narrow it. */
export function ScheduledRuns({ openedAt, text }: { readonly openedAt: number; readonly text: string }) {
  const navigate = useNavigate();
  const query = useScheduledTicks();
  const ticks = useMemo(() => query.data && narrow(query.data, text), [query.data, text]);
  return (
    <>
      <RunsBar
        openedAt={openedAt}
        isGroupable={false}
        count={ticks === undefined ? '' : `${plural(ticks.length, 'tick')} within 24 h`}
      />
      <QueryPanel query={query} title="What is scheduled could not be loaded" rows={10}>
        {() =>
          ticks === undefined || ticks.length === 0 ? (
            <EmptyState icon="schedules" title="Nothing is scheduled within a day">
              {text === ''
                ? 'Turn a schedule on, and what it will launch is here. '
                : 'No tick matches the filter; job: and schedule: narrow what is to come. '}
              <Link to="/schedules" search={{}} className="link">
                See the schedules
              </Link>
            </EmptyState>
          ) : (
            <DataGrid<ScheduledTick>
              label="Scheduled"
              rows={ticks}
              columns={columns}
              getId={(tick) => tick.id}
              rowLabel={(tick) => `${tick.job} by ${tick.schedule}`}
              onOpen={(tick) =>
                void navigate({ to: '/schedules', search: { open: `${tick.location}:${tick.schedule}` } })
              }
              narrow={(tick) => (
                <>
                  <StatusIcon kind="expected" label="Expected" />
                  <span className="grow">
                    <TwoLines first={<span className="strong">{tick.job}</span>} second={tick.schedule} />
                  </span>
                  <TwoLines
                    end
                    first={<Time at={tick.at} seconds />}
                    second={<Time at={tick.at} relative />}
                  />
                </>
              )}
            />
          )
        }
      </QueryPanel>
    </>
  );
}

function narrow(ticks: readonly ScheduledTick[], text: string): readonly ScheduledTick[] {
  const tokens = parseFilter(text);
  return ticks.filter((tick) =>
    tokens.every(({ key, values }) => {
      const name = key === 'schedule' ? tick.schedule : key === 'job' || key === '' ? tick.job : undefined;
      return name === undefined || values.some((value) => matchesPattern(name, value));
    }),
  );
}
