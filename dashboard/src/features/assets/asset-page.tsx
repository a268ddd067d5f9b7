import { Link, useNavigate, useParams } from '@tanstack/react-router';
import { lazy, Suspense, useMemo, useState } from 'react';
import { assetStatus, ownerText } from '../../components/asset-status';
import { Button, buttonClass } from '../../components/button';
import { CopyButton, CopyId } from '../../components/copy-text';
import { keyFromUrl, keyText, keyToUrl } from '../../components/format/asset-key';
import { formatCount, formatShare, plural } from '../../components/format/number';
import { Icon } from '../../components/icon';
import { MaterializeDialog } from '../../components/materialize-dialog';
import { PageHeader, Scroll } from '../../components/page';
import { PageTitle } from '../../components/page-title';
import { PanelBoundary } from '../../components/panel-boundary';
import { EmptyState, LoadingRows, QueryPanel } from '../../components/panel-states';
import { Facts, Section } from '../../components/section';
import { SimpleTable } from '../../components/simple-table';
import { type Stat, StatStrip } from '../../components/stat-strip';
import { checkStatus } from '../../components/status';
import { StatusBadge, StatusText } from '../../components/status-text';
import { Tabs } from '../../components/tabs';
import { Tag } from '../../components/tag';
import { Time } from '../../components/time';
import { showToast } from '../../components/toast';
import { useUrlState } from '../../components/use-url-state';
import { expectType } from '../../graphql/api-error';
import type { AssetDetailResult } from '../../graphql/generated';
import { useAssetsLatest } from '../../graphql/use-assets';
import { pollInterval, useLiveQuery } from '../../graphql/use-live-query';
import { useMaterialize } from '../../graphql/use-materialize';
import { assetDetailDocument, assetPartitionsDocument } from './asset.graphql';
import styles from './asset-page.module.css';
import { type Materialization, metadataSeries, numericLabels } from './metadata-series';
import { MetadataValue } from './metadata-value';
import { partitionCells } from './partition-grid';
import { PartitionMap } from './partition-map';

const MetadataPlot = lazy(() => import('./metadata-plot'));

type Node = Extract<AssetDetailResult['assetNodeOrError'], { readonly __typename: 'AssetNode' }>;
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
      <PageTitle title={path.at(-1) ?? ''} crumbs={[{ text: 'Assets', to: '/assets' }]} />
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
        return partitionCells(found.partitionKeys, found.assetPartitionStatuses);
      },
    },
  );
}

function Asset({ node, materializations }: Detail) {
  const [search] = useUrlState();
  const [launching, setLaunching] = useState<readonly string[]>();
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
  const columns = latestColumns(materializations);
  return (
    <>
      <PageHeader
        actions={
          <>
            <Link to="/lineage" search={{ focus: keyText(node.assetKey) }} className={buttonClass('ghost')}>
              <Icon name="lineage" size={14} />
              Lineage
            </Link>
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
        <span className="t2 ellipsis wide-only">{node.description?.split('\n')[0]}</span>
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
          <Checks checks={checks} />
        </Scroll>
      ) : tab === 'columns' ? (
        <Scroll>
          <SimpleTable
            label="Columns"
            columns={[
              { header: 'Column' },
              { header: 'Type' },
              { header: 'Constraints' },
              { header: 'Description' },
            ]}
            rows={columns.map((column) => ({
              id: column.name,
              cells: [
                <span key="name" className="mono">
                  {column.name}
                </span>,
                column.type,
                [
                  column.constraints.unique && 'unique',
                  !column.constraints.nullable && 'not null',
                  ...column.constraints.other,
                ]
                  .filter(Boolean)
                  .join(', ') || '—',
                column.description ?? '—',
              ],
            }))}
          />
        </Scroll>
      ) : (
        <Scroll>
          <div className={styles.split}>
            <div className={styles.main}>
              <PlotSection materializations={materializations} />
              {node.isPartitioned && (
                <Section title="Partitions" detail={node.partitionDefinition?.description} padded>
                  <QueryPanel query={partitions} title="Partitions could not be loaded">
                    {(cells) =>
                      cells.length === 0 ? (
                        <p className="t2 small">
                          No partition yet: the first one is not due, or none was added.
                        </p>
                      ) : (
                        <PartitionMap cells={cells} onMaterialize={reason ? undefined : setLaunching} />
                      )
                    }
                  </QueryPanel>
                </Section>
              )}
              <Section title="Checks" detail={checks.length}>
                <Checks checks={checks} />
              </Section>
            </div>
            <AssetAside node={node} latest={materializations[0]} />
          </div>
        </Scroll>
      )}
      {launching && (
        <Launch
          node={node}
          partitions={partitions.data?.map((cell) => cell.key)}
          initial={launching}
          onClose={() => setLaunching(undefined)}
        />
      )}
    </>
  );
}

function latestColumns(materializations: readonly Materialization[]) {
  for (const entry of materializations[0]?.metadataEntries ?? []) {
    if (entry.__typename === 'TableSchemaMetadataEntry') return entry.schema.columns;
  }
  return [];
}

type Check = Extract<Node['assetChecksOrError'], { readonly __typename: 'AssetChecks' }>['checks'][number];

function resolveCheck(check: Check) {
  const execution = check.executionForLatestMaterialization;
  return checkStatus(execution?.status, execution?.evaluation?.severity);
}

function healthStats(
  node: Node,
  materializations: readonly Materialization[],
  checks: readonly Check[],
  kind: Stat['kind'],
): Stat[] {
  const passed = checks.filter((check) => resolveCheck(check).kind === 'success').length;
  const failed = checks.filter((check) => resolveCheck(check).kind === 'failure').length;
  const stats = node.partitionStats;
  const last = materializations[0];
  return [
    {
      label: 'Materialization',
      kind,
      value: last ? (last.partition ?? `Run ${last.runId.slice(0, 8)}`) : 'Never',
      detail: last
        ? `${plural(materializations.length, 'event')} kept`
        : 'Materialize it to see its data here',
      small: true,
    },
    {
      label: 'Checks',
      kind:
        checks.length === 0 ? 'none' : failed > 0 ? 'failure' : passed === checks.length ? 'success' : 'warn',
      value: checks.length === 0 ? 'None' : `${passed} of ${checks.length} pass`,
      detail: failed > 0 ? `${failed} failed` : undefined,
      small: true,
    },
    {
      label: 'Data',
      kind: node.staleStatus === 'FRESH' ? 'success' : node.staleStatus === 'STALE' ? 'stale' : 'missing',
      value: node.staleStatus === 'FRESH' ? 'Up to date' : node.staleStatus === 'STALE' ? 'Stale' : 'Missing',
      detail: node.staleCauses[0]?.reason,
      small: true,
    },
    ...(stats
      ? [
          {
            label: 'Partitions',
            kind:
              stats.numFailed > 0
                ? ('failure' as const)
                : stats.numMaterialized === stats.numPartitions
                  ? ('success' as const)
                  : ('missing' as const),
            value: `${formatCount(stats.numMaterialized)} of ${formatCount(stats.numPartitions)}`,
            detail: `${formatShare(stats.numMaterialized / Math.max(1, stats.numPartitions))}${stats.numFailed > 0 ? ` · ${stats.numFailed} failed` : ''}`,
            small: true,
          },
        ]
      : []),
  ];
}

function PlotSection({ materializations }: { readonly materializations: readonly Materialization[] }) {
  const [search, patch] = useUrlState();
  const labels = useMemo(() => numericLabels(materializations), [materializations]);
  const label = labels.find((each) => each === search.metric) ?? labels[0];
  const points = useMemo(
    () => (label ? metadataSeries(materializations, label) : []),
    [materializations, label],
  );
  const asTable = search.plot === 'table';
  if (!label) {
    return (
      <EmptyState icon="assets" title="No numbers to plot yet">
        Numbers that a materialization returns as metadata, such as row counts, are drawn here over time.
      </EmptyState>
    );
  }
  return (
    <Section
      title={label}
      detail={`last ${plural(points.length, 'materialization')} · band: expected from the 28 before`}
      actions={
        <>
          {labels.length > 1 && (
            <select
              className={styles.metric}
              aria-label="Metadata"
              value={label}
              onChange={(event) => patch({ metric: event.target.value })}
            >
              {labels.map((each) => (
                <option key={each}>{each}</option>
              ))}
            </select>
          )}
          <Button
            look="ghost"
            small
            icon="table"
            aria-pressed={asTable}
            onClick={() => patch({ plot: asTable ? undefined : 'table' })}
          >
            {asTable ? 'Chart' : 'Table'}
          </Button>
        </>
      }
    >
      {asTable ? (
        <SimpleTable
          label={label}
          columns={[
            { header: 'When' },
            { header: 'Partition' },
            { header: label, right: true },
            { header: 'Run' },
          ]}
          rows={points.toReversed().map((point) => ({
            id: `${point.at}-${point.partition}`,
            cells: [
              <Time key="at" at={point.at} seconds />,
              point.partition ?? '—',
              formatCount(point.value),
              <Link key="run" to="/runs/$runId" params={{ runId: point.runId }} className="link mono">
                {point.runId.slice(0, 8)}
              </Link>,
            ],
          }))}
        />
      ) : (
        <div className={styles.plotBox}>
          <PanelBoundary title="The plot could not be drawn">
            <Suspense fallback={<LoadingRows rows={4} />}>
              <MetadataPlot points={points} label={label} />
            </Suspense>
          </PanelBoundary>
        </div>
      )}
    </Section>
  );
}

function Checks({ checks }: { readonly checks: readonly Check[] }) {
  return (
    <SimpleTable
      label="Checks"
      columns={[{ header: 'Check' }, { header: 'Result' }, { header: 'Ran' }, { header: 'Says' }]}
      empty="No checks. A check tests the data after each materialization; declare one beside the asset."
      rows={checks.map((check) => {
        const execution = check.executionForLatestMaterialization;
        return {
          id: check.name,
          cells: [
            <span key="name" className="row">
              <span className="strong" title={check.description ?? undefined}>
                {check.name}
              </span>
              {check.blocking && <Tag value="blocking" />}
            </span>,
            <StatusText key="status" status={resolveCheck(check)} />,
            <Time key="at" at={execution ? execution.timestamp * 1_000 : null} />,
            <span key="text" className="t2">
              {execution?.evaluation?.description ?? '—'}
            </span>,
          ],
        };
      })}
    />
  );
}

function Materializations({ materializations }: { readonly materializations: readonly Materialization[] }) {
  return (
    <SimpleTable
      label="Materializations"
      columns={[{ header: 'When' }, { header: 'Partition' }, { header: 'Run' }, { header: 'Metadata' }]}
      empty="Never materialized."
      rows={materializations.map((each) => ({
        id: `${each.timestamp}-${each.partition}`,
        cells: [
          <Time key="at" at={Number(each.timestamp)} seconds />,
          each.partition ?? '—',
          <Link key="run" to="/runs/$runId" params={{ runId: each.runId }} className="link mono">
            {each.runId.slice(0, 8)}
          </Link>,
          <span key="metadata" className={styles.metadata}>
            {each.metadataEntries.slice(0, 5).map((entry) => (
              <span key={entry.label}>
                <span className="t3">{entry.label}</span> <MetadataValue entry={entry} />
              </span>
            ))}
          </span>,
        ],
      }))}
    />
  );
}

function AssetAside({ node, latest }: { readonly node: Node; readonly latest: Materialization | undefined }) {
  return (
    <aside className={styles.aside} aria-label="About this asset">
      {node.staleCauses.length > 0 && (
        <Section title="Why it is stale" padded>
          <ul className={styles.causes}>
            {node.staleCauses.slice(0, 5).map((cause) => (
              <li key={`${keyText(cause.key)}-${cause.reason}`}>
                {cause.dependency && <AssetLink path={cause.dependency.path} />}{' '}
                <span className="t2">{cause.reason}</span>
              </li>
            ))}
          </ul>
        </Section>
      )}
      <Section title="Latest materialization" padded>
        {latest ? (
          <Facts
            rows={[
              ['When', <Time key="at" at={Number(latest.timestamp)} seconds focusable />],
              [
                'Run',
                <span key="run" className="row">
                  <Link
                    to="/runs/$runId"
                    params={{ runId: latest.runId }}
                    className="link"
                    aria-label={`Open run ${latest.runId.slice(0, 8)}`}
                  >
                    Open
                  </Link>
                  <CopyId id={latest.runId} />
                </span>,
              ],
              latest.partition !== null && ['Partition', latest.partition],
              ...latest.metadataEntries.map(
                (entry) => [entry.label, <MetadataValue key="value" entry={entry} />] as const,
              ),
            ]}
          />
        ) : (
          <p className="t2 small">Never materialized.</p>
        )}
      </Section>
      <Section title="Definition" padded>
        <Facts
          rows={[
            [
              'Group',
              <Link key="group" to="/assets" search={{ q: `group:${node.groupName}` }} className="link">
                {node.groupName}
              </Link>,
            ],
            ['Location', node.repository.location.name],
            node.kinds.length > 0 && ['Kind', node.kinds.join(', ')],
            node.owners.length > 0 && ['Owner', node.owners.map(ownerText).join(', ')],
            node.pools.length > 0 && ['Pool', node.pools.join(', ')],
            node.opVersion !== null && [
              'Code version',
              <span key="version" className="mono">
                {node.opVersion}
              </span>,
            ],
            node.jobNames.length > 0 && [
              'Jobs',
              node.jobNames.filter((name) => !name.startsWith('__')).join(', ') || '—',
            ],
            node.tags.length > 0 && [
              'Tags',
              <span key="tags" className={styles.tags}>
                {node.tags.map((tag) => (
                  <Tag key={tag.key} k={tag.value ? tag.key : undefined} value={tag.value || tag.key} />
                ))}
              </span>,
            ],
          ]}
        />
      </Section>
      <KeyList title="Upstream" keys={node.dependencyKeys} />
      <KeyList title="Downstream" keys={node.dependedByKeys} />
    </aside>
  );
}

function KeyList({
  title,
  keys,
}: {
  readonly title: string;
  readonly keys: readonly { readonly path: readonly string[] }[];
}) {
  if (keys.length === 0) return null;
  return (
    <Section title={title} detail={keys.length} padded>
      <ul className={styles.causes}>
        {keys.slice(0, 12).map((key) => (
          <li key={keyText(key)}>
            <AssetLink path={key.path} />
          </li>
        ))}
      </ul>
      {keys.length > 12 && <p className="t3 small">and {keys.length - 12} more in the lineage</p>}
    </Section>
  );
}

function AssetLink({ path }: { readonly path: readonly string[] }) {
  return (
    <Link to="/assets/$" params={{ _splat: keyToUrl({ path }) }} className="link">
      {path.join('/')}
    </Link>
  );
}

function Launch({
  node,
  partitions,
  initial,
  onClose,
}: {
  readonly node: Node;
  readonly partitions: readonly string[] | undefined;
  readonly initial: readonly string[];
  readonly onClose: () => void;
}) {
  const navigate = useNavigate();
  const materialize = useMaterialize();
  return (
    <MaterializeDialog
      assets={[keyText(node.assetKey)]}
      partitioned={node.isPartitioned}
      partitions={partitions}
      initialPartitions={initial}
      pending={materialize.isPending}
      error={materialize.error}
      onClose={onClose}
      onLaunch={(chosen) =>
        materialize.mutate(
          {
            partitions: chosen,
            targets: [
              {
                path: node.assetKey.path,
                repositoryName: node.repository.name,
                locationName: node.repository.location.name,
              },
            ],
          },
          {
            onSuccess: ({ runIds: [runId], backfillId }) => {
              showToast({
                kind: 'success',
                title: runId ? `Launched run ${runId.slice(0, 8)}` : `Launched backfill ${backfillId}`,
                detail: keyText(node.assetKey),
                ...(runId
                  ? {
                      action: {
                        text: 'Open',
                        run: () => void navigate({ to: '/runs/$runId', params: { runId } }),
                      },
                    }
                  : {}),
              });
              onClose();
            },
          },
        )
      }
    />
  );
}
