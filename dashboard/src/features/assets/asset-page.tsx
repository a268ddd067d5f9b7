import { Link, useParams } from '@tanstack/react-router';
import { useMemo, useState } from 'react';
import { assetStatus } from '../../components/asset-status';
import { Button, buttonClass } from '../../components/button';
import { CopyButton } from '../../components/copy-text';
import { keyFromUrl, keyText } from '../../components/format/asset-key';
import { Icon } from '../../components/icon';
import { PageHeader, Scroll } from '../../components/page';
import { PageTitle } from '../../components/page-title';
import { QueryPanel } from '../../components/panel-states';
import { partitionCells, partitionWords } from '../../components/partition-grid';
import { PartitionMap } from '../../components/partition-map';
import { Section } from '../../components/section';
import { StatStrip } from '../../components/stat-strip';
import { StatusBadge } from '../../components/status-text';
import { Tabs } from '../../components/tabs';
import { useUrlState } from '../../components/use-url-state';
import { expectType } from '../../graphql/api-error';
import { useAssetsLatest } from '../../graphql/use-assets';
import { pollInterval, useLiveQuery } from '../../graphql/use-live-query';
import { materializeTarget } from '../../graphql/use-materialize';
import { EvaluationHistory } from '../automation/evaluation-history';
import { LaunchBackfillDialog } from '../backfills/launch-backfill-dialog';
import { fillChoice, type LaunchChoice } from '../backfills/launch-choice';
import { assetDetailDocument, assetPartitionsDocument } from './asset.graphql';
import { AssetAside } from './asset-aside';
import { Columns, latestColumns } from './asset-columns-table';
import { healthStats } from './asset-health';
import styles from './asset-page.module.css';
import { Checks, Materializations } from './asset-tables';
import type { Node } from './asset-types';
import { Materialize } from './materialize';
import type { Materialization } from './metadata-series';
import { PlotSection } from './plot-section';
import { ReportEventDialog } from './report-event-dialog';
import { WipeDialog } from './wipe-dialog';

interface Detail {
  readonly node: Node;
  readonly materializations: readonly Materialization[];
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
      select: (answer): Detail => ({
        node: expectType(answer.assetNodeOrError, 'AssetNode'),
        materializations:
          answer.assetOrError.__typename === 'Asset' ? answer.assetOrError.assetMaterializations : [],
      }),
    },
  );
  const path = assetKey.path;
  return (
    <>
      <PageTitle
        title={path.at(-1) ?? ''}
        crumbs={[
          { text: 'Assets', to: '/assets' },
          ...path.slice(0, -1).map((part, index) => ({
            text: part,
            to: '/assets' as const,
            search: { q: `key:${path.slice(0, index + 1).join('/')}/*` },
          })),
        ]}
      />
      <QueryPanel query={query} title="This asset could not be loaded" rows={12}>
        {(detail) => <Asset key={_splat} {...detail} />}
      </QueryPanel>
    </>
  );
}

function usePartitions(node: Node) {
  return useLiveQuery(
    assetPartitionsDocument,
    { assetKey: { path: node.assetKey.path } },
    {
      enabled: node.isPartitioned,
      interval: pollInterval.slow,
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

function Asset({ node, materializations }: Detail) {
  const [search] = useUrlState();
  const [launching, setLaunching] = useState<readonly string[]>();
  const [wiping, setWiping] = useState<readonly string[]>();
  const [backfilling, setBackfilling] = useState<LaunchChoice['by']>();
  const [reporting, setReporting] = useState(false);
  const nodes = useMemo(() => [{ assetKey: { path: node.assetKey.path } }], [node.assetKey.path]);
  const info = useAssetsLatest(nodes)?.get(keyText(node.assetKey));
  const status = assetStatus(node.staleStatus, info);
  const partitions = usePartitions(node);
  const checks = node.assetChecksOrError.__typename === 'AssetChecks' ? node.assetChecksOrError.checks : [];
  const reason = !node.isMaterializable
    ? 'This asset is external: nothing here makes it'
    : node.hasMaterializePermission
      ? undefined
      : 'Your role may not materialize assets here';
  const tab = search.tab;
  const path = node.assetKey.path;
  const names = node.partitionDefinition?.dimensionTypes.map(({ name }) => name) ?? [];
  const maxPerRun = node.backfillPolicy ? node.backfillPolicy.maxPartitionsPerRun : 1;
  const partitioning = partitions.data && { cells: partitions.data, names, maxPerRun };
  const columns = latestColumns(materializations[0], node);
  return (
    <>
      <PageHeader
        actions={
          <>
            <Link to="/lineage" search={{ focus: keyText(node.assetKey) }} className={buttonClass('ghost')}>
              <Icon name="lineage" size={14} />
              Lineage
            </Link>
            {node.isPartitioned && (
              <Button
                icon="backfills"
                disabled={Boolean(reason) || !partitions.data}
                title={reason}
                onClick={() => setBackfilling('range')}
              >
                Backfill…
              </Button>
            )}
            <Button
              look="primary"
              icon="play"
              disabled={Boolean(reason)}
              title={reason}
              onClick={() => setLaunching([])}
            >
              Materialize…
            </Button>
          </>
        }
      >
        <StatusBadge status={status} />
        <h2 className={styles.name} title={keyText(node.assetKey)}>
          {path.length > 1 && <span className="t3">{path.slice(0, -1).join('/')}/</span>}
          {path.at(-1)}
        </h2>
        <CopyButton text={keyText(node.assetKey)} />
        <span className="t2 ellipsis wide-only" title={node.description ?? undefined}>
          {node.description?.split('\n')[0]}
        </span>
      </PageHeader>
      <StatStrip label="Health" stats={healthStats(node, materializations, checks, status.kind)} />
      <Tabs
        label="Asset sections"
        tabs={[
          { text: 'Overview', current: !tab, search: { ...search, tab: undefined } },
          {
            text: 'Materializations',
            count: materializations.length,
            current: tab === 'events',
            search: { ...search, tab: 'events' },
          },
          {
            text: 'Checks',
            count: checks.length,
            current: tab === 'checks',
            search: { ...search, tab: 'checks' },
          },
          ...(node.automationCondition === null
            ? []
            : [
                {
                  text: 'Automation',
                  current: tab === 'automation',
                  search: { ...search, tab: 'automation' },
                },
              ]),
          ...(columns.length > 0
            ? [
                {
                  text: 'Columns',
                  count: columns.length,
                  current: tab === 'columns',
                  search: { ...search, tab: 'columns' },
                },
              ]
            : []),
        ]}
      />
      {tab === 'events' ? (
        <Scroll>
          <Materializations materializations={materializations} />
        </Scroll>
      ) : tab === 'checks' ? (
        <Scroll>
          <Checks path={path} checks={checks} />
        </Scroll>
      ) : tab === 'automation' ? (
        <Scroll>
          <EvaluationHistory asset={node.assetKey} jobName={null} />
        </Scroll>
      ) : tab === 'columns' ? (
        <Scroll>
          <Columns asset={keyText(node.assetKey)} columns={columns} />
        </Scroll>
      ) : (
        <Scroll>
          <div className={styles.split}>
            <div className={styles.main}>
              <PlotSection materializations={materializations} />
              {node.isPartitioned && (
                <Section
                  title="Partitions"
                  detail={partitionWords(node.partitionDefinition?.description)}
                  padded
                >
                  <QueryPanel query={partitions} title="Partitions could not be loaded">
                    {(cells) =>
                      cells.length === 0 ? (
                        <p className="t2 small">
                          No partition yet: the first one is not due, or none was added.
                        </p>
                      ) : (
                        <PartitionMap
                          cells={cells}
                          names={names}
                          onMaterialize={reason ? undefined : setLaunching}
                          onBackfill={reason ? undefined : () => setBackfilling(fillChoice(cells))}
                          onWipe={node.hasWipePermission ? setWiping : undefined}
                        />
                      )
                    }
                  </QueryPanel>
                </Section>
              )}
              <Section title="Checks" detail={checks.length}>
                <Checks path={path} checks={checks} />
              </Section>
            </div>
            <AssetAside
              node={node}
              latest={materializations[0]}
              onWipe={() => setWiping([])}
              onReport={() => setReporting(true)}
            />
          </div>
        </Scroll>
      )}
      {backfilling && partitions.data && (
        <LaunchBackfillDialog
          target={{ kind: 'assets', paths: [path] }}
          partitions={partitions.data}
          names={names}
          maxPerRun={maxPerRun}
          initial={backfilling}
          onClose={() => setBackfilling(undefined)}
        />
      )}
      {reporting && (!node.isPartitioned || partitioning) && (
        <ReportEventDialog path={path} partitioning={partitioning} onClose={() => setReporting(false)} />
      )}
      {wiping && (
        <WipeDialog
          path={path}
          keys={wiping}
          all={partitions.data?.map((cell) => cell.key) ?? []}
          onClose={() => setWiping(undefined)}
        />
      )}
      {launching && (!node.isPartitioned || partitioning) && (
        <Materialize
          targets={[materializeTarget(node)]}
          partitioned={node.isPartitioned}
          partitioning={partitioning}
          initialPartitions={launching}
          onClose={() => setLaunching(undefined)}
        />
      )}
    </>
  );
}
