import { useParams } from '@tanstack/react-router';
import { useMemo } from 'react';
import { CodeBlock } from '../../components/code-block';
import { CopyId } from '../../components/copy-text';
import { stackText } from '../../components/format/stack-text';
import { PageHeader, Scroll } from '../../components/page';
import { PageTitle } from '../../components/page-title';
import { Note, QueryPanel } from '../../components/panel-states';
import { Section } from '../../components/section';
import { StatStrip } from '../../components/stat-strip';
import { StatusBadge } from '../../components/status-text';
import { Tabs } from '../../components/tabs';
import { useUrlState } from '../../components/use-url-state';
import { expectType } from '../../graphql/api-error';
import type { BackfillDetailResult } from '../../graphql/generated';
import { pollInterval, useLiveQuery } from '../../graphql/use-live-query';
import { AssetProgress } from './asset-progress';
import { BackfillActions } from './backfill-actions';
import { BackfillAside } from './backfill-aside';
import { BackfillEvents } from './backfill-events';
import { BackfillFailure } from './backfill-failure';
import styles from './backfill-page.module.css';
import { countTargets } from './backfill-progress';
import { BackfillRuns } from './backfill-runs';
import { backfillStats } from './backfill-stats';
import { backfillStatus, isLive, targetText } from './backfill-words';
import { backfillDetailDocument, backfillTargetsDocument } from './backfills.graphql';
import { targetLines } from './target-lines';
import { TargetMap } from './target-map';

export type BackfillDetail = Extract<
  BackfillDetailResult['partitionBackfillOrError'],
  { readonly __typename: 'PartitionBackfill' }
>;

export function BackfillPage() {
  const { backfillId = '' } = useParams({ strict: false });
  const query = useLiveQuery(
    backfillDetailDocument,
    { backfillId },
    {
      interval: (backfill: BackfillDetail | undefined) =>
        backfill && !isLive(backfill) ? pollInterval.slow : pollInterval.live,
      keepPrevious: false,
      select: (answer) => expectType(answer.partitionBackfillOrError, 'PartitionBackfill'),
    },
  );
  return (
    <>
      <PageTitle title={backfillId} crumbs={[{ text: 'Backfills', to: '/backfills' }]} mono />
      <QueryPanel query={query} title="This backfill could not be loaded" rows={12}>
        {(backfill) => <Detail key={backfillId} backfill={backfill} />}
      </QueryPanel>
    </>
  );
}

function Detail({ backfill }: { readonly backfill: BackfillDetail }) {
  const [search] = useUrlState();
  const tab = search.tab;
  return (
    <>
      <PageHeader actions={<BackfillActions backfill={backfill} />}>
        <StatusBadge status={backfillStatus(backfill)} />
        <h2 className={styles.name} title={targetText(backfill)}>
          {targetText(backfill)}
        </h2>
        <CopyId id={backfill.id} />
        <span className="t2 ellipsis wide-only">{backfill.title}</span>
      </PageHeader>
      <Cause backfill={backfill} />
      {countTargets(backfill.targetCounts).FAILED > 0 && <BackfillFailure backfillId={backfill.id} />}
      <StatStrip label="Progress" stats={backfillStats(backfill)} />
      <Tabs
        label="Backfill sections"
        tabs={[
          { text: 'Overview', current: !tab, search: { ...search, tab: undefined } },
          { text: 'Runs', current: tab === 'runs', search: { ...search, tab: 'runs' } },
          { text: 'Events', current: tab === 'events', search: { ...search, tab: 'events' } },
        ]}
      />
      {tab === 'runs' ? (
        <BackfillRuns backfillId={backfill.id} />
      ) : tab === 'events' ? (
        <Scroll>
          <BackfillEvents backfillId={backfill.id} live={isLive(backfill)} />
        </Scroll>
      ) : (
        <Overview backfill={backfill} />
      )}
    </>
  );
}

/** The first line under a red thing says why. */
function Cause({ backfill }: { readonly backfill: BackfillDetail }) {
  const { cause, error } = backfill;
  if (cause === null && error === null) {
    return backfill.isPaused && isLive(backfill) ? (
      <Note kind="waiting" className={styles.note}>
        Paused: none of its runs is started until it is resumed. Those in progress go on.
      </Note>
    ) : null;
  }
  const { kind } = backfillStatus(backfill);
  return (
    <Note kind={kind} className={styles.note}>
      {cause ?? error?.message}
      {error && error.stack.length > 0 && (
        <details>
          <summary>Show the error</summary>
          <CodeBlock label="error of the backfill" text={stackText(error)} />
        </details>
      )}
    </Note>
  );
}

function Overview({ backfill }: { readonly backfill: BackfillDetail }) {
  const live = isLive(backfill);
  const query = useLiveQuery(
    backfillTargetsDocument,
    { backfillId: backfill.id },
    {
      interval: live ? 3_000 : pollInterval.still,
      select: (answer) => expectType(answer.partitionBackfillOrError, 'PartitionBackfill').targets,
    },
  );
  const lines = useMemo(() => query.data && targetLines(query.data), [query.data]);
  return (
    <Scroll>
      <div className={styles.split}>
        <div className={styles.main}>
          <Section title="Partitions" padded>
            <QueryPanel query={query} title="Its partitions could not be loaded" rows={4}>
              {() => lines && <TargetMap lines={lines} />}
            </QueryPanel>
          </Section>
          <Section title={backfill.isAssetBackfill ? 'By asset' : 'By status'}>
            <AssetProgress targetCounts={backfill.targetCounts} jobName={backfill.jobName} />
          </Section>
        </div>
        <BackfillAside backfill={backfill} />
      </div>
    </Scroll>
  );
}
