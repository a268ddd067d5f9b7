import { EmptyState, QueryPanel } from '../../components/panel-states';
import { StatusIcon } from '../../components/status-icon';
import { Time } from '../../components/time';
import styles from './backfill-page.module.css';
import { useBackfillEvents } from './use-backfill-events';

/** What a backfill said as it went on, newest last. */
export function BackfillEvents({
  backfillId,
  live,
}: {
  readonly backfillId: string;
  readonly live: boolean;
}) {
  const query = useBackfillEvents(backfillId, live);
  return (
    <QueryPanel query={query} title="Its events could not be loaded">
      {({ events }) =>
        events.length === 0 ? (
          <EmptyState icon="backfills" title="Nothing said yet">
            What it requests, what it waits for and how it ends appears here.
          </EmptyState>
        ) : (
          <ol className={styles.events} aria-label="Events">
            {events.map((event, index) => (
              // biome-ignore lint/suspicious/noArrayIndexKey: events are only ever appended
              <li key={index}>
                <span className="t2 nowrap">
                  <Time at={Number(event.timestamp)} seconds />
                </span>
                <StatusIcon
                  kind={event.level === 'ERROR' ? 'failure' : 'none'}
                  label={event.level === 'ERROR' ? 'Error' : 'Information'}
                />
                <span>{event.message}</span>
              </li>
            ))}
          </ol>
        )
      }
    </QueryPanel>
  );
}
