import { useCallback, useMemo, useState } from 'react';
import { Button } from '../../components/button';
import { DataGrid } from '../../components/data-grid';
import { FilterBar } from '../../components/filter-bar';
import { formatCount, plural } from '../../components/format/number';
import { Toolbar, WithSidePanel } from '../../components/page';
import { PageTitle } from '../../components/page-title';
import { EmptyState, ErrorState, LoadingRows, Note, QueryPanel } from '../../components/panel-states';
import { Tabs } from '../../components/tabs';
import { useUrlState } from '../../components/use-url-state';
import { expectType } from '../../graphql/api-error';
import { pollInterval, useLiveQuery } from '../../graphql/use-live-query';
import { scheduleInstigator, sensorInstigator } from '../instigators/instigator';
import { InstigatorBulk } from '../instigators/instigator-bulk';
import { noTickPage } from '../instigators/tick-page';
import { SchedulePanel } from '../schedules/schedule-panel';
import { useScheduleSwitch } from '../schedules/use-schedule-switch';
import { useSchedules } from '../schedules/use-schedules';
import { SensorPanel } from '../sensors/sensor-panel';
import { useSensorSwitch } from '../sensors/use-sensor-switch';
import { useSensors } from '../sensors/use-sensors';
import { automationConditionsDocument } from './automation.graphql';
import { AutomationNarrow, automationColumns, type Toggles } from './automation-columns';
import { automationFilterKeys, passesAutomationFilter } from './automation-filter';
import { type AutomationRow, conditionRows, isOn, rowName, scheduleRows, sensorRows } from './automation-row';
import { ConditionPanel } from './condition-panel';

/** Schedules, sensors and conditions: everything that starts runs by itself. */
export function AutomationPage() {
  const schedules = useSchedules();
  const sensors = useSensors();
  const conditions = useLiveQuery(
    automationConditionsDocument,
    {},
    {
      interval: pollInterval.still,
      select: (answer) => expectType(answer.repositoriesOrError, 'RepositoryConnection'),
    },
  );
  const toggles = {
    schedules: useScheduleSwitch(schedules.data ?? none),
    sensors: useSensorSwitch(sensors.data ?? none),
  };
  const rows = useMemo(
    () => [
      ...scheduleRows(schedules.data ?? none),
      ...sensorRows(sensors.data ?? none),
      ...(conditions.data ? conditionRows(conditions.data, sensors.data ?? none) : none),
    ],
    [schedules.data, sensors.data, conditions.data],
  );
  return (
    <>
      <PageTitle title="Automation" />
      <QueryPanel query={schedules} title="Schedules could not be loaded" rows={10}>
        {() =>
          sensors.data === undefined ? (
            sensors.error ? (
              <ErrorState
                title="Sensors could not be loaded"
                error={sensors.error}
                onRetry={() => void sensors.refetch()}
                retrying={sensors.isFetching}
              />
            ) : (
              <LoadingRows rows={10} />
            )
          ) : rows.length === 0 && !conditions.isPending && !conditions.error ? (
            <EmptyState
              icon="bolt"
              title="Nothing runs by itself yet"
              command="asset({ key: 'daily', automation: automation.onCron('0 6 * * *'), run })"
            >
              Schedules, sensors and automation conditions start runs. Declare one in your code location:
            </EmptyState>
          ) : (
            <>
              {conditions.error && (
                <Note kind="warn">
                  Conditions could not be loaded: {conditions.error.message} Trying again every 5 s.
                </Note>
              )}
              <Automations rows={rows} toggles={toggles} />
            </>
          )
        }
      </QueryPanel>
    </>
  );
}

const none: readonly never[] = [];
const tabs = [
  [undefined, 'All'],
  ['schedule', 'Schedules'],
  ['sensor', 'Sensors'],
  ['condition', 'Conditions'],
] as const;

function Automations({
  rows,
  toggles,
}: {
  readonly rows: readonly AutomationRow[];
  readonly toggles: Toggles;
}) {
  const [search, patch] = useUrlState();
  const [selection, setSelection] = useState<ReadonlySet<string>>(new Set());
  const text = search.q ?? '';
  const ofKind = useMemo(
    () => (search.kind ? rows.filter((row) => row.kind === search.kind) : rows),
    [rows, search.kind],
  );
  const shown = useMemo(() => ofKind.filter((row) => passesAutomationFilter(row, text)), [ofKind, text]);
  const columns = automationColumns(toggles);
  const open = rows.find((row) => row.id === search.open);
  const close = useCallback(() => patch({ open: undefined, ...noTickPage }), [patch]);
  return (
    <>
      <Tabs
        label="Kinds of automation"
        tabs={tabs.map(([kind, word]) => ({
          text: word,
          count: formatCount(kind ? rows.filter((row) => row.kind === kind).length : rows.length),
          current: search.kind === kind,
          search: { ...search, kind },
        }))}
      />
      <Toolbar>
        <FilterBar
          label="Filter automation"
          value={text}
          keys={automationFilterKeys}
          onChange={(q) => patch({ q: q || undefined })}
        />
        <span className="small t2 nowrap wide-only">
          {formatCount(shown.length)} of {formatCount(ofKind.length)} ·{' '}
          {formatCount(ofKind.filter(isOn).length)} on
        </span>
      </Toolbar>
      <WithSidePanel panel={open && <Panel key={open.id} row={open} toggles={toggles} onClose={close} />}>
        {shown.length === 0 ? (
          <EmptyState
            icon="search"
            title="Nothing matches"
            action={<Button onClick={() => patch({ q: undefined, kind: undefined })}>Show all</Button>}
          >
            In all there are {plural(rows.length, 'automation')}.
          </EmptyState>
        ) : (
          <DataGrid<AutomationRow>
            label="Automation"
            rows={shown}
            columns={
              open ? columns.filter((column) => column.id !== 'last' && column.id !== 'ticks') : columns
            }
            getId={(row) => row.id}
            rowLabel={rowName}
            rowHeight={46}
            activeId={open?.id}
            onOpen={(row) => patch({ open: row.id, ...noTickPage }, { push: true })}
            selection={selection}
            onSelection={setSelection}
            isSelectable={isSwitched}
            narrow={(row) => <AutomationNarrow row={row} toggles={toggles} />}
          />
        )}
      </WithSidePanel>
      <InstigatorBulk
        selected={shown.filter((row) => selection.has(row.id)).flatMap(instigatorsOf)}
        filter={text}
        onClear={() => setSelection(new Set())}
      />
    </>
  );
}

/** A condition is on while its sensor is, and has no switch of its own. */
const isSwitched = (row: AutomationRow): boolean => row.kind !== 'condition';

function instigatorsOf(row: AutomationRow) {
  if (row.kind === 'schedule') return [scheduleInstigator(row.schedule)];
  return row.kind === 'sensor' ? [sensorInstigator(row.sensor)] : [];
}

function Panel({
  row,
  toggles,
  onClose,
}: {
  readonly row: AutomationRow;
  readonly toggles: Toggles;
  readonly onClose: () => void;
}) {
  if (row.kind === 'schedule')
    return <SchedulePanel row={row.schedule} toggles={toggles.schedules} onClose={onClose} />;
  if (row.kind === 'sensor')
    return <SensorPanel row={row.sensor} toggles={toggles.sensors} onClose={onClose} />;
  return <ConditionPanel row={row.condition} onClose={onClose} />;
}
