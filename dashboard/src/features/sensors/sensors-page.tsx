import { useCallback, useMemo, useState } from 'react';
import { Button } from '../../components/button';
import { DataGrid } from '../../components/data-grid';
import type { GridColumn } from '../../components/data-grid-types';
import { FilterBar } from '../../components/filter-bar';
import { type FilterKey, matchesPattern, parseFilter, tokenProblem } from '../../components/filter-tokens';
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
import { sensorInstigator } from '../instigators/instigator';
import { InstigatorBulk } from '../instigators/instigator-bulk';
import { LastTickCell, TicksCell } from '../instigators/tick-cells';
import { noTickPage } from '../instigators/tick-page';
import { SensorPanel } from './sensor-panel';
import { type SensorRow, sensorTarget, sensorTimingText, sensorTypeText } from './sensor-row';
import { SensorSwitch } from './sensor-switch';
import { useSensorSwitch } from './use-sensor-switch';
import { useSensors } from './use-sensors';

const keys: readonly FilterKey[] = [
  { key: 'name' },
  { key: 'target' },
  { key: 'location' },
  { key: 'status', values: [{ value: 'on' }, { value: 'off' }, { value: 'failing' }] },
];

function passes(row: SensorRow, text: string): boolean {
  return parseFilter(text)
    .filter((token) => !tokenProblem(token, keys))
    .every((token) => {
      const state = row.sensor.sensorState;
      const texts =
        token.key === 'status'
          ? [
              state.status === 'RUNNING' ? 'on' : 'off',
              ...(state.ticks[0]?.status === 'FAILURE' ? ['failing'] : []),
            ]
          : token.key === 'target'
            ? [sensorTarget(row.sensor)]
            : token.key === 'location'
              ? [row.locationName]
              : [row.sensor.name];
      const found = token.values.some((value) =>
        texts.some((each) => (token.key === 'status' ? each === value : matchesPattern(each, value))),
      );
      return found !== token.exclude;
    });
}

export function SensorsPage() {
  const query = useSensors();
  return (
    <>
      <PageTitle title="Sensors" />
      <QueryPanel query={query} title="Sensors could not be loaded" rows={10}>
        {(rows) =>
          rows.length === 0 ? (
            <EmptyState
              icon="sensors"
              title="No sensors yet"
              command="sensor({ name: 'new_files', job, evaluate: ({ cursor }) => … })"
            >
              A sensor launches runs when something outside changes. Declare one in your code location:
            </EmptyState>
          ) : (
            <Sensors rows={rows} />
          )
        }
      </QueryPanel>
    </>
  );
}

function Sensors({ rows }: { readonly rows: readonly SensorRow[] }) {
  const [search, patch] = useUrlState();
  const toggles = useSensorSwitch(rows);
  const [selection, setSelection] = useState<ReadonlySet<string>>(new Set());
  const text = search.q ?? '';
  const shown = useMemo(() => rows.filter((row) => passes(row, text)), [rows, text]);
  const on = rows.filter((row) => row.sensor.sensorState.status === 'RUNNING').length;
  const open = rows.find((row) => row.id === search.open);
  const close = useCallback(() => patch({ open: undefined, ...noTickPage }), [patch]);
  const columns = sensorColumns(toggles);
  return (
    <>
      <Toolbar>
        <FilterBar
          label="Filter sensors"
          value={text}
          keys={keys}
          onChange={(q) => patch({ q: q || undefined })}
        />
        <span className="small t2 nowrap wide-only">
          {formatCount(shown.length)} of {formatCount(rows.length)} · {formatCount(on)} on
        </span>
      </Toolbar>
      <WithSidePanel
        panel={open && <SensorPanel key={open.id} row={open} toggles={toggles} onClose={close} />}
      >
        {shown.length === 0 ? (
          <EmptyState
            icon="search"
            title="No sensor matches"
            action={<Button onClick={() => patch({ q: undefined })}>Clear the filter</Button>}
          >
            Without the filter there are {plural(rows.length, 'sensor')}.
          </EmptyState>
        ) : (
          <DataGrid<SensorRow>
            label="Sensors"
            rows={shown}
            columns={open ? columns.filter((column) => column.id !== 'last') : columns}
            getId={(row) => row.id}
            rowLabel={(row) => row.sensor.name}
            rowHeight={46}
            activeId={open?.id}
            onOpen={(row) => patch({ open: row.id, ...noTickPage }, { push: true })}
            selection={selection}
            onSelection={setSelection}
            narrow={(row) => (
              <>
                <SensorSwitch row={row} toggles={toggles} />
                <span className="grow">
                  <TwoLines
                    first={<span className="strong">{row.sensor.name}</span>}
                    second={sensorTarget(row.sensor)}
                  />
                </span>
                {row.sensor.sensorState.ticks[0] && (
                  <StatusText status={tickStatus(row.sensor.sensorState.ticks[0].status)} />
                )}
              </>
            )}
          />
        )}
      </WithSidePanel>
      <InstigatorBulk
        selected={shown.filter((row) => selection.has(row.id)).map(sensorInstigator)}
        filter={text}
        onClear={() => setSelection(new Set())}
      />
    </>
  );
}

function sensorColumns(toggles: OptimisticSwitch): readonly GridColumn<SensorRow>[] {
  return [
    { id: 'on', header: 'On', width: '32px', cell: (row) => <SensorSwitch row={row} toggles={toggles} /> },
    {
      id: 'name',
      header: 'Sensor and target',
      width: 'minmax(136px, 1.4fr)',
      cell: (row) => (
        <TwoLines
          first={<span className="strong">{row.sensor.name}</span>}
          second={sensorTarget(row.sensor)}
        />
      ),
    },
    {
      id: 'type',
      header: 'Kind',
      width: 'minmax(130px, 1fr)',
      cell: (row) => <TwoLines first={sensorTypeText(row.sensor)} second={sensorTimingText(row.sensor)} />,
    },
    {
      id: 'next',
      header: 'Next tick',
      width: '108px',
      cell: (row) => {
        const next = row.sensor.nextTick?.timestamp;
        return (
          <NextTick
            at={next == null ? null : next * 1_000}
            isOn={row.sensor.sensorState.status === 'RUNNING'}
            untimed="with the next event"
          />
        );
      },
    },
    {
      id: 'ticks',
      header: 'Last 20 ticks',
      width: '124px',
      cell: ({ sensor }) => <TicksCell ticks={sensor.sensorState.ticks} />,
    },
    {
      id: 'last',
      header: 'Last tick',
      width: 'minmax(140px, 1.2fr)',
      cell: ({ sensor }) => <LastTickCell tick={sensor.sensorState.ticks[0]} />,
    },
  ];
}
