import { useCallback, useMemo, useState } from 'react';
import { Button } from '../../components/button';
import { CronText } from '../../components/cron-text';
import { DataGrid } from '../../components/data-grid';
import type { GridColumn } from '../../components/data-grid-types';
import { FilterBar } from '../../components/filter-bar';
import { type FilterKey, matchesPattern, parseFilter, tokenProblem } from '../../components/filter-tokens';
import { isAdHocJob } from '../../components/format/asset-key';
import { cronWords } from '../../components/format/cron-words';
import { formatCount, plural } from '../../components/format/number';
import { NextTick } from '../../components/next-tick';
import { Toolbar, WithSidePanel } from '../../components/page';
import { PageTitle } from '../../components/page-title';
import { EmptyState, QueryPanel } from '../../components/panel-states';
import { tickStatus } from '../../components/status';
import { StatusText } from '../../components/status-text';
import { TwoLines } from '../../components/two-lines';
import { useUrlState } from '../../components/use-url-state';
import type { OptimisticSwitch } from '../../graphql/use-optimistic-switch';
import { scheduleInstigator } from '../instigators/instigator';
import { InstigatorBulk } from '../instigators/instigator-bulk';
import { LastTickCell, TicksCell } from '../instigators/tick-cells';
import { noTickPage } from '../instigators/tick-page';
import { SchedulePanel } from './schedule-panel';
import type { ScheduleRow } from './schedule-row';
import { ScheduleSwitch } from './schedule-switch';
import { useScheduleSwitch } from './use-schedule-switch';
import { useSchedules } from './use-schedules';

const keys: readonly FilterKey[] = [
  { key: 'name' },
  { key: 'job' },
  { key: 'location' },
  {
    key: 'status',
    values: ['on', 'off', 'failing', 'late', 'missed'].map((value) => ({ value })),
  },
];

function passes(row: ScheduleRow, text: string): boolean {
  return parseFilter(text)
    .filter((token) => !tokenProblem(token, keys))
    .every((token) => {
      const { schedule } = row;
      const last = row.ticks[0]?.status.toLowerCase();
      const texts =
        token.key === 'status'
          ? [
              schedule.scheduleState.status === 'RUNNING' ? 'on' : 'off',
              last === 'failure' ? 'failing' : (last ?? 'new'),
            ]
          : token.key === 'job'
            ? [schedule.pipelineName]
            : token.key === 'location'
              ? [row.locationName]
              : [schedule.name];
      const found = token.values.some((value) =>
        texts.some((each) => (token.key === 'status' ? each === value : matchesPattern(each, value))),
      );
      return found !== token.exclude;
    });
}

export function SchedulesPage() {
  const query = useSchedules();
  return (
    <>
      <PageTitle title="Schedules" />
      <QueryPanel query={query} title="Schedules could not be loaded" rows={10}>
        {(rows) =>
          rows.length === 0 ? (
            <EmptyState
              icon="schedules"
              title="No schedules yet"
              command="schedule({ name: 'every_morning', job, cron: '0 6 * * *' })"
            >
              A schedule launches runs at the times of a cron expression. Declare one in your code location:
            </EmptyState>
          ) : (
            <Schedules rows={rows} />
          )
        }
      </QueryPanel>
    </>
  );
}

function Schedules({ rows }: { readonly rows: readonly ScheduleRow[] }) {
  const [search, patch] = useUrlState();
  const toggles = useScheduleSwitch(rows);
  const [selection, setSelection] = useState<ReadonlySet<string>>(new Set());
  const text = search.q ?? '';
  const shown = useMemo(() => rows.filter((row) => passes(row, text)), [rows, text]);
  const on = rows.filter((row) => row.schedule.scheduleState.status === 'RUNNING').length;
  const columns = scheduleColumns(toggles);
  const open = rows.find((row) => row.id === search.open);
  const close = useCallback(() => patch({ open: undefined, ...noTickPage }), [patch]);
  return (
    <>
      <Toolbar>
        <FilterBar
          label="Filter schedules"
          value={text}
          keys={keys}
          onChange={(q) => patch({ q: q || undefined })}
        />
        <span className="small t2 nowrap wide-only">
          {formatCount(shown.length)} of {formatCount(rows.length)} · {formatCount(on)} on
        </span>
      </Toolbar>
      <WithSidePanel
        panel={open && <SchedulePanel key={open.id} row={open} toggles={toggles} onClose={close} />}
      >
        {shown.length === 0 ? (
          <EmptyState
            icon="search"
            title="No schedule matches"
            action={<Button onClick={() => patch({ q: undefined })}>Clear the filter</Button>}
          >
            Without the filter there are {plural(rows.length, 'schedule')}.
          </EmptyState>
        ) : (
          <DataGrid<ScheduleRow>
            label="Schedules"
            rows={shown}
            columns={open ? columns.filter((column) => column.id !== 'last') : columns}
            getId={(row) => row.id}
            rowLabel={(row) => row.schedule.name}
            rowHeight={46}
            activeId={open?.id}
            onOpen={(row) => patch({ open: row.id, ...noTickPage }, { push: true })}
            selection={selection}
            onSelection={setSelection}
            narrow={(row) => <ScheduleNarrow row={row} toggles={toggles} />}
          />
        )}
      </WithSidePanel>
      <InstigatorBulk
        selected={shown.filter((row) => selection.has(row.id)).map(scheduleInstigator)}
        filter={text}
        onClear={() => setSelection(new Set())}
      />
    </>
  );
}

export function targetText(pipelineName: string): string {
  return isAdHocJob(pipelineName) ? 'assets' : pipelineName;
}

function scheduleColumns(toggles: OptimisticSwitch): readonly GridColumn<ScheduleRow>[] {
  return [
    { id: 'on', header: 'On', width: '32px', cell: (row) => <ScheduleSwitch row={row} toggles={toggles} /> },
    {
      id: 'name',
      header: 'Schedule and target',
      width: 'minmax(120px, 1.2fr)',
      cell: (row) => (
        <TwoLines
          first={<span className="strong">{row.schedule.name}</span>}
          second={targetText(row.schedule.pipelineName)}
        />
      ),
    },
    {
      id: 'frequency',
      header: 'Frequency',
      width: 'minmax(136px, 1.2fr)',
      cell: ({ schedule }) => (
        <TwoLines
          first={cronWords(schedule.cronSchedule) ?? schedule.cronSchedule}
          second={<CronText schedule={schedule} />}
        />
      ),
    },
    {
      id: 'next',
      header: 'Next tick',
      width: '108px',
      cell: ({ schedule }) => {
        const next = schedule.futureTicks.results[0]?.timestamp;
        return (
          <NextTick
            at={next == null ? null : next * 1_000}
            isOn={schedule.scheduleState.status === 'RUNNING'}
            untimed="—"
          />
        );
      },
    },
    {
      id: 'ticks',
      header: 'Last 20 ticks',
      width: '124px',
      cell: ({ ticks }) => <TicksCell ticks={ticks} />,
    },
    {
      id: 'last',
      header: 'Last tick',
      width: 'minmax(120px, 1fr)',
      cell: ({ ticks }) => <LastTickCell tick={ticks[0]} />,
    },
  ];
}

function ScheduleNarrow({ row, toggles }: { readonly row: ScheduleRow; readonly toggles: OptimisticSwitch }) {
  const [tick] = row.ticks;
  return (
    <>
      <ScheduleSwitch row={row} toggles={toggles} />
      <span className="grow">
        <TwoLines
          first={<span className="strong">{row.schedule.name}</span>}
          second={cronWords(row.schedule.cronSchedule) ?? row.schedule.cronSchedule}
        />
      </span>
      {tick && <StatusText status={tickStatus(tick.status)} />}
    </>
  );
}
