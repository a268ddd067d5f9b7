import { Link } from '@tanstack/react-router';
import { useState } from 'react';
import { Button } from '../../components/button';
import { isAdHocJob } from '../../components/format/asset-key';
import { cronWords } from '../../components/format/cron-words';
import { formatTime } from '../../components/format/time';
import { QueryPanel } from '../../components/panel-states';
import { Section } from '../../components/section';
import { Segmented } from '../../components/segmented';
import { SidePanel } from '../../components/side-panel';
import { tickStatus } from '../../components/status';
import { StatusBadge } from '../../components/status-text';
import { TickChart } from '../../components/tick-chart';
import { TickHistory, type TickLike } from '../../components/tick-history';
import { Time, useZone } from '../../components/time';
import { TimeUntil } from '../../components/time-until';
import { useNow } from '../../components/use-now';
import { expectType } from '../../graphql/api-error';
import type { ScheduleTicksResult } from '../../graphql/generated';
import { useLiveQuery } from '../../graphql/use-live-query';
import type { OptimisticSwitch } from '../../graphql/use-optimistic-switch';
import { TickLog } from '../instigators/tick-log';
import { MissedTicksDialog } from './missed-ticks-dialog';
import { PreviewTickDialog } from './preview-tick-dialog';
import styles from './schedule-panel.module.css';
import type { ScheduleRow } from './schedule-row';
import { ScheduleSwitch } from './schedule-switch';
import { scheduleTicksDocument } from './schedules.graphql';

/** Ticks shown, of which those missed come in addition. */
const HISTORY = 40;

type TicksOfSchedule = Extract<
  ScheduleTicksResult['instigationStateOrError'],
  { readonly __typename: 'InstigationState' }
>;

/** A schedule beside the list: why its last tick went as it did, its history and the ticks to come. */
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
  const [problems, setProblems] = useState(false);
  const [asking, setAsking] = useState<'missed' | 'preview'>();
  const selector = {
    name: schedule.name,
    repositoryName: row.repositoryName,
    repositoryLocationName: row.locationName,
  };
  const query = useLiveQuery(
    scheduleTicksDocument,
    {
      selector,
      limit: HISTORY,
      ...(problems ? { statuses: ['FAILURE', 'SKIPPED'] as const } : {}),
    },
    {
      interval: 2_000,
      select: (answer) => {
        const state = expectType(answer.instigationStateOrError, 'InstigationState');
        return { ticks: withMissed(state), missed: state.missedTicks };
      },
    },
  );
  const last = schedule.scheduleState.ticks[0];
  const missed = query.data?.missed ?? [];
  return (
    <SidePanel
      onClose={onClose}
      title={
        <>
          <ScheduleSwitch row={row} toggles={toggles} />
          <h2 className={styles.name}>{schedule.name}</h2>
          {last?.status === 'FAILURE' && <StatusBadge status={tickStatus(last.status)} />}
        </>
      }
    >
      <p className={styles.lead}>
        {cronWords(schedule.cronSchedule) ?? 'At'} · <span className="mono">{schedule.cronSchedule}</span> ·{' '}
        {schedule.executionTimezone ?? 'UTC'} · launches{' '}
        {isAdHocJob(schedule.pipelineName) ? (
          'a selection of assets'
        ) : (
          <Link
            to="/jobs/$location/$name"
            params={{ location: row.locationName, name: schedule.pipelineName }}
            className="link"
          >
            {schedule.pipelineName}
          </Link>
        )}
        {schedule.description && <span className={styles.description}>{schedule.description}</span>}
      </p>
      <div className={styles.actions}>
        {missed.length > 0 && (
          <Button look="primary" small icon="backfills" onClick={() => setAsking('missed')}>
            Backfill {missed.length} missed…
          </Button>
        )}
        <Button small onClick={() => setAsking('preview')}>
          Preview a tick…
        </Button>
      </div>
      {asking === 'missed' && (
        <MissedTicksDialog row={row} missed={missed} onClose={() => setAsking(undefined)} />
      )}
      {asking === 'preview' && <PreviewTickDialog row={row} onClose={() => setAsking(undefined)} />}
      <Section title="Next ticks" padded>
        {schedule.scheduleState.status === 'RUNNING' ? (
          <NextTicks row={row} />
        ) : (
          <p className="t2 small">{schedule.scheduleState.stopReason ?? 'Off: no tick is due.'}</p>
        )}
      </Section>
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
              <p className="t2 small">
                {problems ? 'No tick failed, was skipped or missed.' : 'No tick yet.'}
              </p>
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

/** Ticks and those that were missed between them, newest first. */
function withMissed({ ticks, missedTicks }: TicksOfSchedule): readonly TickLike[] {
  // Beyond the oldest tick shown there may be ticks that are not.
  const oldest = ticks.length < HISTORY ? 0 : (ticks.at(-1)?.timestamp ?? 0);
  const missed = missedTicks
    .filter(({ timestamp }) => timestamp >= oldest)
    .map(
      ({ timestamp, reason }): TickLike => ({
        id: `missed-${timestamp}`,
        status: 'MISSED',
        timestamp,
        runIds: [],
        skipReason: reason,
        error: null,
      }),
    );
  return [...ticks, ...missed].sort((a, b) => b.timestamp - a.timestamp);
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
