import { CronText } from '../../components/cron-text';
import type { GridColumn } from '../../components/data-grid-types';
import { Icon } from '../../components/icon';
import type { IconName } from '../../components/icon-paths';
import { NextTick } from '../../components/next-tick';
import { tickStatus } from '../../components/status';
import { StatusText } from '../../components/status-text';
import { Time } from '../../components/time';
import { TwoLines } from '../../components/two-lines';
import type { OptimisticSwitch } from '../../graphql/use-optimistic-switch';
import { LastTickCell, TicksCell } from '../instigators/tick-cells';
import { ScheduleSwitch } from '../schedules/schedule-switch';
import { SensorSwitch } from '../sensors/sensor-switch';
import styles from './automation-page.module.css';
import {
  type AutomationKind,
  type AutomationRow,
  isOn,
  nextAt,
  rowName,
  rowTarget,
  rowTicks,
  rowTiming,
} from './automation-row';

/** The switches of schedules and of sensors. */
export interface Toggles {
  readonly schedules: OptimisticSwitch;
  readonly sensors: OptimisticSwitch;
}

export const kindLooks: Readonly<Record<AutomationKind, { readonly icon: IconName; readonly word: string }>> =
  {
    schedule: { icon: 'schedules', word: 'Schedule' },
    sensor: { icon: 'sensors', word: 'Sensor' },
    condition: { icon: 'bolt', word: 'Condition' },
  };

/** The switch of a row; a condition is on while its sensor is, and has none of its own. */
export function RowSwitch({ row, toggles }: { readonly row: AutomationRow; readonly toggles: Toggles }) {
  if (row.kind === 'schedule') return <ScheduleSwitch row={row.schedule} toggles={toggles.schedules} />;
  if (row.kind === 'sensor') return <SensorSwitch row={row.sensor} toggles={toggles.sensors} />;
  return <span className={styles.state}>{isOn(row) ? 'on' : 'off'}</span>;
}

function Last({ row }: { readonly row: AutomationRow }) {
  const [tick] = rowTicks(row);
  if (!tick) return <span className="t3">never evaluated</span>;
  if (row.kind === 'condition') {
    return (
      <TwoLines first={<Time at={tick.timestamp * 1_000} />} second="with its sensor; open it to see why" />
    );
  }
  return <LastTickCell tick={tick} />;
}

export function automationColumns(toggles: Toggles): readonly GridColumn<AutomationRow>[] {
  return [
    { id: 'on', header: 'On', width: '32px', cell: (row) => <RowSwitch row={row} toggles={toggles} /> },
    {
      id: 'name',
      header: 'Name and target',
      width: 'minmax(150px, 1.2fr)',
      cell: (row) => (
        <TwoLines
          first={
            <span className="strong" title={rowName(row)}>
              {rowName(row)}
            </span>
          }
          second={rowTarget(row)}
        />
      ),
    },
    {
      id: 'kind',
      header: 'Type',
      width: '96px',
      cell: (row) => (
        <span className={styles.kind}>
          <Icon name={kindLooks[row.kind].icon} size={14} />
          {kindLooks[row.kind].word}
        </span>
      ),
    },
    {
      id: 'timing',
      header: 'When',
      width: 'minmax(150px, 1.2fr)',
      cell: (row) => {
        const [first, second] = rowTiming(row);
        return (
          <TwoLines
            first={<span title={first}>{first}</span>}
            second={
              <span title={second}>
                {row.kind === 'schedule' ? <CronText schedule={row.schedule.schedule} /> : second}
              </span>
            }
          />
        );
      },
    },
    {
      id: 'next',
      header: 'Next evaluation',
      width: '124px',
      cell: (row) => <NextTick at={nextAt(row)} isOn={isOn(row)} untimed="with the next event" />,
    },
    {
      id: 'ticks',
      header: 'Last 20 ticks',
      width: '124px',
      cell: (row) => {
        if (row.kind === 'condition') return <span className="t3">as its sensor</span>;
        return <TicksCell ticks={rowTicks(row)} />;
      },
    },
    { id: 'last', header: 'Last evaluation', width: 'minmax(120px, 1fr)', cell: (row) => <Last row={row} /> },
  ];
}

/** One row on a phone. */
export function AutomationNarrow({
  row,
  toggles,
}: {
  readonly row: AutomationRow;
  readonly toggles: Toggles;
}) {
  const [tick] = rowTicks(row);
  return (
    <>
      <RowSwitch row={row} toggles={toggles} />
      <span className="grow">
        <TwoLines
          first={<span className="strong">{rowName(row)}</span>}
          second={`${kindLooks[row.kind].word} · ${rowTiming(row)[0]}`}
        />
      </span>
      {tick && row.kind !== 'condition' && <StatusText status={tickStatus(tick.status)} />}
    </>
  );
}
