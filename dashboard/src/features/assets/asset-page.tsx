import { useParams } from '@tanstack/react-router';
import { lazy, Suspense, useMemo } from 'react';
import { assetStatus } from '../../components/asset-status';
import { Button } from '../../components/button';
import { CopyButton } from '../../components/copy-text';
import { cx } from '../../components/cx';
import { keyFromUrl, keyText } from '../../components/format/asset-key';
import { formatCount } from '../../components/format/number';
import { PageHeader, Scroll } from '../../components/page';
import { type Crumb, PageTitle } from '../../components/page-title';
import { LoadingRows, QueryPanel } from '../../components/panel-states';
import { partitionCells } from '../../components/partition-grid';
import { Section } from '../../components/section';
import { StatStrip } from '../../components/stat-strip';
import { StatusBadge } from '../../components/status-text';
import { Tabs } from '../../components/tabs';
import { useUrlState } from '../../components/use-url-state';
import { expectType } from '../../graphql/api-error';
import type { AssetDetailResult } from '../../graphql/generated';
import { useAssetsLatest } from '../../graphql/use-assets';
import { pollInterval, useLiveQuery } from '../../graphql/use-live-query';
import { EvaluationHistory } from '../automation/evaluation-history';
import { assetDetailDocument, assetPartitionsDocument } from './asset.graphql';
import { Checks, RunChecksButton } from './asset-checks';
import { Columns, latestColumns } from './asset-columns-table';
import { AssetEvents } from './asset-events';
import { healthStats } from './asset-health';
import { AssetOverview } from './asset-overview';
import styles from './asset-page.module.css';
import { AssetPartitions } from './asset-partitions';
import type { AssetActions, Node, Observation } from './asset-types';
import type { Materialization } from './metadata-series';
import { ObserveButton } from './observe-button';
import { useAssetActions } from './use-asset-actions';

const AssetLineage = lazy(() => import('./asset-lineage'));

/** Partitions from which on their keys are asked for rarely: they are many bytes. */
const manyPartitions = 2_000;

interface Detail {
  readonly node: Node;
  readonly materializations: readonly Materialization[];
  /** The last one, if nothing was materialized since. */
  readonly observation: Observation | undefined;
}

export function AssetPage() {
  const { _splat = '' } = useParams({ strict: false });
  const assetKey = useMemo(() => keyFromUrl(_splat), [_splat]);
  const query = useLiveQuery(
    assetDetailDocument,
    { assetKey, limit: 200 },
    {
      interval: pollInterval.slow,
      keepPrevious: false,
      select: readDetail,
    },
  );
  const path = assetKey.path;
  return (
    <>
      <PageTitle
        title={path.at(-1) ?? ''}
        crumbs={[{ text: 'Assets', to: '/assets' }, ...prefixCrumbs(path)]}
      />
      <QueryPanel query={query} title="This asset could not be loaded" rows={12}>
        {(detail) => <Asset key={_splat} {...detail} />}
      </QueryPanel>
    </>
  );
}

/** Parts of a key that stand before its last one in the top bar; of more, the first are left out. */
const mostCrumbs = 2;

/** The way to an asset: each part of its key leads to what begins like that. */
function prefixCrumbs(path: readonly string[]): readonly Crumb[] {
  const crumbs = path.slice(0, -1).map((part, index) => ({
    text: part,
    to: '/assets' as const,
    search: { q: `key:${path.slice(0, index + 1).join('/')}/*` },
  }));
  const [first, ...rest] = crumbs.slice(-mostCrumbs);
  return first && crumbs.length > mostCrumbs ? [{ ...first, text: '…' }, ...rest] : crumbs;
}

function readDetail({ assetNodeOrError, assetOrError }: AssetDetailResult): Detail {
  const node = expectType(assetNodeOrError, 'AssetNode');
  const { assetMaterializations: materializations, assetObservations } =
    assetOrError.__typename === 'Asset' ? assetOrError : { assetMaterializations: [], assetObservations: [] };
  const [observation] = assetObservations;
  const since = Number(materializations[0]?.timestamp ?? 0);
  return {
    node,
    materializations,
    observation: observation && Number(observation.timestamp) > since ? observation : undefined,
  };
}

function usePartitions(node: Node) {
  return useLiveQuery(
    assetPartitionsDocument,
    { assetKey: { path: node.assetKey.path } },
    {
      enabled: node.isPartitioned,
      interval: (cells: readonly unknown[] | undefined) =>
        (cells?.length ?? 0) > manyPartitions ? pollInterval.still : pollInterval.slow,
      select: (answer) => {
        const found = expectType(answer.assetNodeOrError, 'AssetNode');
        const dimensions = found.partitionDefinition?.dimensionTypes ?? [];
        const primary = Math.max(
          0,
          dimensions.findIndex(({ isPrimaryDimension }) => isPrimaryDimension),
        );
        return partitionCells(found.partitionKeys, found.assetPartitionStatuses, primary);
      },
    },
  );
}

function Asset({ node, materializations, observation }: Detail) {
  const [search] = useUrlState();
  const nodes = useMemo(() => [{ assetKey: { path: node.assetKey.path } }], [node.assetKey.path]);
  const info = useAssetsLatest(nodes)?.get(keyText(node.assetKey));
  const status = assetStatus(node.staleStatus, info);
  const partitions = usePartitions(node);
  const { actions, dialog } = useAssetActions(node, partitions.data);
  const checks = node.assetChecksOrError.__typename === 'AssetChecks' ? node.assetChecksOrError.checks : [];
  const path = node.assetKey.path;
  const names = node.partitionDefinition?.dimensionTypes.map(({ name }) => name) ?? [];
  const columns = latestColumns(materializations[0], node);
  const tabs = [
    { text: 'Overview', tab: undefined },
    ...(node.isPartitioned
      ? [
          {
            text: 'Partitions',
            tab: 'partitions',
            count: formatCount(node.partitionStats?.numPartitions ?? 0),
          },
        ]
      : []),
    { text: 'Events', tab: 'events' },
    { text: 'Checks', tab: 'checks', count: checks.length },
    ...(columns.length > 0 ? [{ text: 'Columns', tab: 'columns', count: columns.length }] : []),
    { text: 'Lineage', tab: 'lineage' },
    ...(node.automationCondition === null ? [] : [{ text: 'Automation', tab: 'automation' }]),
  ];
  const current = tabs.find(({ tab }) => tab === search.tab)?.tab;
  return (
    <>
      <PageHeader actions={<AssetButtons node={node} actions={actions} />}>
        <StatusBadge status={status} />
        <h2 className={styles.name} title={keyText(node.assetKey)}>
          {path.length > 1 && (
            <>
              <span className={cx('t3', styles.prefix)}>{path.slice(0, -1).join('/')}</span>
              <span className="t3">/</span>
            </>
          )}
          <span className={styles.leaf}>{path.at(-1)}</span>
        </h2>
        <CopyButton text={keyText(node.assetKey)} />
        <span className="t2 ellipsis wide-only" title={node.description ?? undefined}>
          {node.description?.split('\n')[0]}
        </span>
      </PageHeader>
      <StatStrip
        label="Health"
        stats={healthStats(node, materializations, observation, checks, status.kind)}
      />
      <Tabs
        label="Asset sections"
        tabs={tabs.map(({ text, tab, ...count }) => ({
          text,
          ...count,
          current: tab === current,
          search: { tab },
        }))}
      />
      {section()}
      {dialog}
    </>
  );

  function section() {
    switch (current) {
      case 'partitions':
        return (
          <QueryPanel query={partitions} title="Partitions could not be loaded" rows={12}>
            {(cells) => <AssetPartitions path={path} cells={cells} names={names} actions={actions} />}
          </QueryPanel>
        );
      case 'events':
        return (
          <AssetEvents
            path={path}
            partitions={node.isPartitioned ? (partitions.data ?? []).map(({ key }) => key) : undefined}
          />
        );
      case 'checks':
        return (
          <Scroll>
            <Section
              title="Checks"
              detail={checks.length}
              actions={<RunChecksButton node={node} checks={checks} />}
            >
              <Checks node={node} checks={checks} />
            </Section>
          </Scroll>
        );
      case 'columns':
        return (
          <Scroll>
            <Columns asset={keyText(node.assetKey)} columns={columns} />
          </Scroll>
        );
      case 'lineage':
        return (
          <Suspense fallback={<LoadingRows rows={8} />}>
            <AssetLineage assetKey={keyText(node.assetKey)} />
          </Suspense>
        );
      case 'automation':
        return (
          <Scroll>
            <EvaluationHistory asset={node.assetKey} jobName={null} />
          </Scroll>
        );
      default:
        return (
          <AssetOverview
            node={node}
            materializations={materializations}
            observation={observation}
            partitions={partitions}
            names={names}
            checks={checks}
            actions={actions}
          />
        );
    }
  }
}

/** What an asset is mostly opened for: making it, or where nothing here makes it, reporting what happened to it. */
function AssetButtons({ node, actions }: { readonly node: Node; readonly actions: AssetActions }) {
  if (!node.isMaterializable)
    return (
      <>
        <Button
          disabled={!actions.report}
          title={actions.report ? undefined : 'Your role may not report events here'}
          onClick={actions.report}
        >
          Report an event…
        </Button>
        {node.isObservable && <ObserveButton node={node} />}
      </>
    );
  const reason = node.hasMaterializePermission ? undefined : 'Your role may not materialize assets here';
  return (
    <>
      {node.isPartitioned && (
        <Button icon="backfills" disabled={!actions.backfill} title={reason} onClick={actions.backfill}>
          Backfill…
        </Button>
      )}
      <Button
        look="primary"
        icon="play"
        disabled={!actions.materialize}
        title={reason}
        onClick={() => actions.materialize?.([])}
      >
        Materialize…
      </Button>
    </>
  );
}
