import { useState } from 'react';
import { QueryPanel } from '../../components/panel-states';
import { Facts, Section } from '../../components/section';
import { Segmented } from '../../components/segmented';
import { SidePanel } from '../../components/side-panel';
import { tickStatus } from '../../components/status';
import { StatusBadge } from '../../components/status-text';
import { TickChart } from '../../components/tick-chart';
import { TickHistory } from '../../components/tick-history';
import { expectType } from '../../graphql/api-error';
import { useLiveQuery } from '../../graphql/use-live-query';
import type { OptimisticSwitch } from '../../graphql/use-optimistic-switch';
import { TickLog } from '../instigators/tick-log';
import { SensorCursor } from './sensor-cursor';
import { SensorEventSource } from './sensor-event-source';
import styles from './sensor-panel.module.css';
import { type SensorRow, sensorTarget, sensorTimingText, sensorTypeText } from './sensor-row';
import { SensorSwitch } from './sensor-switch';
import { sensorTicksDocument } from './sensors.graphql';

/** A sensor beside the list: its history, and the cursor that it continues from. */
export function SensorPanel({
  row,
  toggles,
  onClose,
}: {
  readonly row: SensorRow;
  readonly toggles: OptimisticSwitch;
  readonly onClose: () => void;
}) {
  const { sensor } = row;
  const [problems, setProblems] = useState(false);
  const selector = {
    name: sensor.name,
    repositoryName: row.repositoryName,
    repositoryLocationName: row.locationName,
  };
  const query = useLiveQuery(
    sensorTicksDocument,
    {
      selector,
      limit: 40,
      ...(problems ? { statuses: ['FAILURE', 'SKIPPED'] as const } : {}),
    },
    { interval: 2_000, select: (answer) => expectType(answer.instigationStateOrError, 'InstigationState') },
  );
  const last = sensor.sensorState.ticks[0];
  const data = query.data?.typeSpecificData;
  const cursor = data?.__typename === 'SensorData' ? data.lastCursor : null;
  return (
    <SidePanel
      onClose={onClose}
      title={
        <>
          <SensorSwitch row={row} toggles={toggles} />
          <h2 className={styles.name}>{sensor.name}</h2>
          {last?.status === 'FAILURE' && <StatusBadge status={tickStatus(last.status)} />}
        </>
      }
    >
      {sensor.description && <p className={styles.lead}>{sensor.description}</p>}
      {query.data?.stopReason && <p className={styles.lead}>{query.data.stopReason}</p>}
      <Section title="Definition" padded>
        <Facts
          rows={[
            ['Kind', sensorTypeText(sensor)],
            ['Target', sensorTarget(sensor)],
            ['Evaluated', sensorTimingText(sensor)],
            ['Location', row.locationName],
          ]}
        />
      </Section>
      <SensorEventSource row={row} />
      {query.data && <SensorCursor row={row} cursor={cursor} />}
      <Section
        title="History"
        padded
        actions={
          <Segmented
            label="Ticks"
            value={problems ? 'problems' : 'all'}
            options={[
              { value: 'all', text: 'All' },
              { value: 'problems', text: 'Problems' },
            ]}
            onChange={(value) => setProblems(value === 'problems')}
          />
        }
      >
        <QueryPanel query={query} title="Ticks could not be loaded">
          {({ ticks }) =>
            ticks.length === 0 ? (
              <p className="t2 small">{problems ? 'No tick failed or was skipped.' : 'No tick yet.'}</p>
            ) : (
              <>
                <TickChart ticks={ticks} />
                <TickHistory
                  ticks={ticks}
                  log={(tickId) => <TickLog selector={selector} tickId={tickId} />}
                />
              </>
            )
          }
        </QueryPanel>
      </Section>
    </SidePanel>
  );
}
