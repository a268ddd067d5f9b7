import { keyText } from '../../components/format/asset-key';
import { Facts, Section } from '../../components/section';
import { SidePanel } from '../../components/side-panel';
import { tickStatus } from '../../components/status';
import { StatusBadge } from '../../components/status-text';
import { expectType } from '../../graphql/api-error';
import { pollInterval, useLiveQuery } from '../../graphql/use-live-query';
import type { OptimisticSwitch } from '../../graphql/use-optimistic-switch';
import { CodeDefault } from '../instigators/code-default';
import { instigationSelector, sensorInstigator } from '../instigators/instigator';
import { sensorTargetsDocument } from '../instigators/instigator-details.graphql';
import { InstigatorRuns } from '../instigators/instigator-runs';
import { TargetAssets, TargetJobs } from '../instigators/instigator-targets';
import { TickSection } from '../instigators/tick-section';
import { SensorCursor } from './sensor-cursor';
import { SensorEventSource } from './sensor-event-source';
import styles from './sensor-panel.module.css';
import { type SensorRow, sensorJobs, sensorSelector, sensorTimingText, sensorTypeText } from './sensor-row';
import { SensorSwitch } from './sensor-switch';
import { sensorCursorDocument, sensorsDocument } from './sensors.graphql';

/** A sensor beside the list: what it watches and launches, the cursor that it continues from, its runs and ticks. */
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
  const instigator = sensorInstigator(row);
  const { data } = useLiveQuery(
    sensorCursorDocument,
    { selector: instigationSelector(instigator) },
    { interval: 2_000, select: (answer) => expectType(answer.instigationStateOrError, 'InstigationState') },
  );
  const last = sensor.sensorState.ticks[0];
  const specific = data?.typeSpecificData;
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
      {data?.stopReason && <p className={styles.lead}>{data.stopReason}</p>}
      <CodeDefault instigator={instigator} list={sensorsDocument} />
      <Definition row={row} />
      <SensorEventSource row={row} />
      {data && (
        <SensorCursor row={row} cursor={specific?.__typename === 'SensorData' ? specific.lastCursor : null} />
      )}
      <InstigatorRuns instigator={instigator} />
      <TickSection instigator={instigator} />
    </SidePanel>
  );
}

/** What it is, what it watches, and what it launches. */
function Definition({ row }: { readonly row: SensorRow }) {
  const { sensor } = row;
  const { data: conditions = [] } = useLiveQuery(
    sensorTargetsDocument,
    { selector: sensorSelector(row) },
    {
      interval: pollInterval.still,
      select: (answer) => expectType(answer.sensorOrError, 'Sensor').assetSelection?.assetKeys ?? [],
    },
  );
  const jobs = sensorJobs(sensor);
  const evaluated = new Set(conditions.map(keyText));
  const watched = (sensor.metadata.assetKeys ?? []).filter((key) => !evaluated.has(keyText(key)));
  return (
    <Section title="Definition" padded>
      <Facts
        rows={[
          ['Kind', sensorTypeText(sensor)],
          ['Evaluated', sensorTimingText(sensor)],
          watched.length > 0 && ['Watches', <TargetAssets key="watched" keys={watched} />],
          jobs.length > 0 && ['Launches', <TargetJobs key="jobs" names={jobs} location={row.locationName} />],
          conditions.length > 0 && ['Conditions of', <TargetAssets key="conditions" keys={conditions} />],
          ['Location', row.locationName],
        ]}
      />
    </Section>
  );
}
