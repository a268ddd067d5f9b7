import { Link } from '@tanstack/react-router';
import { Button } from '../../components/button';
import { QueryPanel } from '../../components/panel-states';
import type { PartitionCell } from '../../components/partition-grid';
import { Facts, Section } from '../../components/section';
import { SidePanel } from '../../components/side-panel';
import { runStatus } from '../../components/status';
import { StatusBadge, StatusText } from '../../components/status-text';
import { Duration, Time } from '../../components/time';
import { pollInterval, useLiveQuery } from '../../graphql/use-live-query';
import { eventStatus } from './asset-event';
import { assetPartitionDocument } from './asset-events.graphql';
import styles from './asset-page.module.css';
import { readPartition } from './asset-partition';
import type { AssetActions } from './asset-types';
import { EventFacts, MetadataEntries } from './event-facts';
import { partitionStatus } from './partition-rows';
import { RunReference } from './run-reference';

/** One partition: how it stands, what was last made of it, by which run, and what happened before. */
export function PartitionPanel({
  path,
  cell,
  actions,
  onClose,
}: {
  readonly path: readonly string[];
  readonly cell: PartitionCell;
  readonly actions: AssetActions;
  readonly onClose: () => void;
}) {
  const query = useLiveQuery(
    assetPartitionDocument,
    { assetKey: { path }, partition: cell.key, partitions: [cell.key] },
    { interval: pollInterval.slow, keepPrevious: false, select: readPartition },
  );
  return (
    <SidePanel
      title={
        <>
          <h2>{cell.key}</h2>
          <StatusBadge status={partitionStatus(cell.kind)} />
        </>
      }
      onClose={onClose}
    >
      <div className={styles.panelActions}>
        {actions.materialize && (
          <Button icon="play" onClick={() => actions.materialize?.([cell.key])}>
            Materialize…
          </Button>
        )}
        {actions.wipe && (
          <Button look="danger" onClick={() => actions.wipe?.([cell.key])}>
            Wipe…
          </Button>
        )}
      </div>
      <QueryPanel query={query} title="This partition could not be loaded" rows={5}>
        {({ latest, run, history }) => (
          <>
            {run && (
              <Section title="Last run" padded>
                <Facts
                  rows={[
                    ['Run', <RunReference key="run" runId={run.runId} />],
                    ['Status', <StatusText key="status" status={runStatus(run.status)} />],
                    run.startTime !== null && [
                      'Took',
                      <Duration
                        key="took"
                        from={run.startTime * 1_000}
                        to={run.endTime === null ? null : run.endTime * 1_000}
                      />,
                    ],
                  ]}
                />
              </Section>
            )}
            <Section title="Latest materialization" padded>
              {latest ? <EventFacts event={latest} /> : <p className="t2 small">Never materialized.</p>}
            </Section>
            {latest && latest.metadataEntries.length > 0 && (
              <Section title="Metadata" detail={latest.metadataEntries.length} padded>
                <MetadataEntries entries={latest.metadataEntries} />
              </Section>
            )}
            <Section
              title="Events"
              actions={
                <Link
                  to="."
                  search={{ tab: 'events', partition: cell.key }}
                  className="link"
                  activeProps={{}}
                >
                  All
                </Link>
              }
              padded
            >
              <ul className={styles.causes}>
                {history.map((event) => (
                  <li key={event.id} className="row">
                    <StatusText status={eventStatus(event)} />
                    <Link
                      to="."
                      search={{ tab: 'events', partition: cell.key, event: event.id }}
                      className="link push"
                      activeProps={{}}
                    >
                      <Time at={Number(event.timestamp)} seconds />
                    </Link>
                  </li>
                ))}
                {history.length === 0 && <li className="t2">Nothing happened to it yet.</li>}
              </ul>
            </Section>
          </>
        )}
      </QueryPanel>
    </SidePanel>
  );
}
