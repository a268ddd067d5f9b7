import { useState } from 'react';
import { Button } from '../../components/button';
import { isAdHocJob } from '../../components/format/asset-key';
import { cronWords } from '../../components/format/cron-words';
import { formatTime } from '../../components/format/time';
import { Facts, Section } from '../../components/section';
import { SidePanel } from '../../components/side-panel';
import { tickStatus } from '../../components/status';
import { StatusBadge } from '../../components/status-text';
import { Time, useZone } from '../../components/time';
import { TimeUntil } from '../../components/time-until';
import { useNow } from '../../components/use-now';
import { expectType } from '../../graphql/api-error';
import { pollInterval, useLiveQuery } from '../../graphql/use-live-query';
import type { OptimisticSwitch } from '../../graphql/use-optimistic-switch';
import { useRefusal } from '../../graphql/use-refusal';
import { CodeDefault } from '../instigators/code-default';
import { instigationSelector, scheduleInstigator } from '../instigators/instigator';
import { scheduleTargetsDocument } from '../instigators/instigator-details.graphql';
import { InstigatorRuns } from '../instigators/instigator-runs';
import { TargetAssets, TargetJobs } from '../instigators/instigator-targets';
import { TickSection } from '../instigators/tick-section';
import { MissedTicksDialog } from './missed-ticks-dialog';
import { PreviewTickDialog } from './preview-tick-dialog';
import styles from './schedule-panel.module.css';
import { type ScheduleRow, scheduleSelector } from './schedule-row';
import { ScheduleSwitch } from './schedule-switch';
import { scheduleMissedTicksDocument, schedulesDocument } from './schedules.graphql';

/** A schedule beside the list: what it launches and when, its runs, and why its ticks went as they did. */
export function SchedulePanel({
  row,
  toggles,
  onClose,
}: {
  readonly row: ScheduleRow;
  readonly toggles: OptimisticSwitch;
  readonly onClose: () => void;
}) {
  const { schedule } = row;
  const [asking, setAsking] = useState<'missed' | 'preview'>();
  const instigator = scheduleInstigator(row);
  const { data: missed = [] } = useLiveQuery(
    scheduleMissedTicksDocument,
    { selector: instigationSelector(instigator) },
    {
      interval: pollInterval.slow,
      select: (answer) => expectType(answer.instigationStateOrError, 'InstigationState').missedTicks,
    },
  );
  const refusal = useRefusal('launch_pipeline_execution', row.locationName);
  const [last] = row.ticks;
  return (
    <SidePanel
      onClose={onClose}
      title={
        <>
          <ScheduleSwitch row={row} toggles={toggles} />
          <h2 className={styles.name}>{schedule.name}</h2>
          {last && badged.has(last.status) && <StatusBadge status={tickStatus(last.status)} />}
        </>
      }
    >
      <p className={styles.lead}>
        {cronWords(schedule.cronSchedule) ?? 'At'} · <span className="mono">{schedule.cronSchedule}</span> ·{' '}
        {schedule.executionTimezone ?? 'UTC'}
        {schedule.description && <span className={styles.description}>{schedule.description}</span>}
      </p>
      <CodeDefault instigator={instigator} list={schedulesDocument} />
      <div className={styles.actions}>
        {missed.length > 0 && (
          <Button
            look="primary"
            small
            icon="backfills"
            disabled={refusal !== undefined}
            title={refusal}
            onClick={() => setAsking('missed')}
          >
            Backfill {missed.length} missed…
          </Button>
        )}
        <Button small disabled={refusal !== undefined} title={refusal} onClick={() => setAsking('preview')}>
          Preview a tick…
        </Button>
      </div>
      {asking === 'missed' && (
        <MissedTicksDialog row={row} missed={missed} onClose={() => setAsking(undefined)} />
      )}
      {asking === 'preview' && <PreviewTickDialog row={row} onClose={() => setAsking(undefined)} />}
      <Targets row={row} />
      <Section title="Next ticks" padded>
        {schedule.scheduleState.status === 'RUNNING' ? (
          <NextTicks row={row} />
        ) : (
          <p className="t2 small">{schedule.scheduleState.stopReason ?? 'Off: no tick is due.'}</p>
        )}
      </Section>
      <InstigatorRuns instigator={instigator} />
      <TickSection instigator={instigator} />
    </SidePanel>
  );
}

/** What the last tick came to, where the reader should know. */
const badged: ReadonlySet<string> = new Set(['FAILURE', 'MISSED', 'LATE']);

/** The job and the assets that a tick launches. */
function Targets({ row }: { readonly row: ScheduleRow }) {
  const { pipelineName } = row.schedule;
  const { data: assets = [] } = useLiveQuery(
    scheduleTargetsDocument,
    { selector: scheduleSelector(row) },
    {
      interval: pollInterval.still,
      select: (answer) => expectType(answer.scheduleOrError, 'Schedule').assetSelection?.assetKeys ?? [],
    },
  );
  return (
    <Section title="Launches" padded>
      <Facts
        rows={[
          !isAdHocJob(pipelineName) && [
            'Job',
            <TargetJobs key="job" names={[pipelineName]} location={row.locationName} />,
          ],
          assets.length > 0 && ['Assets', <TargetAssets key="assets" keys={assets} />],
          ['Location', row.locationName],
        ]}
      />
    </Section>
  );
}

function NextTicks({ row }: { readonly row: ScheduleRow }) {
  const zone = useZone();
  const now = useNow();
  const own = row.schedule.executionTimezone ?? 'UTC';
  return (
    <ul className={styles.ticks}>
      {row.schedule.futureTicks.results.map(
        ({ timestamp }) =>
          timestamp !== null && (
            <li key={timestamp}>
              <b className="strong">
                <Time at={timestamp * 1_000} focusable />
              </b>{' '}
              <span className="t2">
                <TimeUntil at={timestamp * 1_000} />
                {own !== zone && ` · ${formatTime(timestamp * 1_000, { zone: own, now })} ${own}`}
              </span>
            </li>
          ),
      )}
    </ul>
  );
}
