import { useMutation } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useState } from 'react';
import { Button } from '../../components/button';
import { formatCount, plural } from '../../components/format/number';
import { Menu } from '../../components/menu';
import { Meter } from '../../components/meter';
import { SimpleTable } from '../../components/simple-table';
import { Time } from '../../components/time';
import { showToast } from '../../components/toast';
import { TwoLines } from '../../components/two-lines';
import type { InstanceStatusResult, WaitingRunsResult } from '../../graphql/generated';
import { request } from '../../graphql/request';
import { setPoolLimitDocument } from './deployment.graphql';
import styles from './deployment-page.module.css';
import { useRefreshPools } from './pool-dialogs';

export type Pool = InstanceStatusResult['instance']['concurrencyLimits'][number];
export type WaitingRun = Extract<
  WaitingRunsResult['runsOrError'],
  { readonly __typename: 'Runs' }
>['results'][number];

/** Runs named in a cell. */
const namedRuns = 3;

/** Who holds what of each pool, and who waits for it. */
export function PoolTable({
  pools,
  waiting,
  refusal,
  onRemove,
  onFree,
}: {
  readonly pools: readonly Pool[];
  readonly waiting: readonly WaitingRun[];
  /** Why the reader may not change limits. */
  readonly refusal: string | undefined;
  readonly onRemove: (pool: Pool) => void;
  readonly onFree: (pool: Pool) => void;
}) {
  const queuedFor = (pool: Pool) => waiting.filter((run) => run.allPools?.includes(pool.concurrencyKey));
  return (
    <SimpleTable
      label="Pools"
      columns={[
        { header: 'Pool' },
        { header: 'Slots', width: '130px' },
        { header: 'Limit' },
        { header: 'Held by' },
        { header: 'Queued for it' },
        { header: 'Actions', right: true },
      ]}
      empty="No pool has a limit. Give an asset `pool: 'snowflake'`, or add a pool here, to limit what runs at once."
      rows={pools.map((pool) => ({
        id: pool.concurrencyKey,
        cells: [
          <span key="name" className="strong">
            {pool.concurrencyKey}
          </span>,
          <PoolSlots key="slots" pool={pool} />,
          <PoolLimit key="limit" pool={pool} refusal={refusal} />,
          <Holders key="held" pool={pool} />,
          <Waiting key="waiting" runs={queuedFor(pool)} />,
          <PoolActions key="actions" pool={pool} refusal={refusal} onRemove={onRemove} onFree={onFree} />,
        ],
        narrow: (
          <>
            <span className="grow">
              <TwoLines
                first={<span className="strong">{pool.concurrencyKey}</span>}
                second={<PoolSummary pool={pool} queued={queuedFor(pool).length} />}
              />
            </span>
            <PoolLimit pool={pool} refusal={refusal} />
            <PoolActions pool={pool} refusal={refusal} onRemove={onRemove} onFree={onFree} />
          </>
        ),
      }))}
    />
  );
}

/** What can be done to a pool beside changing its limit. */
function PoolActions({
  pool,
  refusal,
  onRemove,
  onFree,
}: {
  readonly pool: Pool;
  readonly refusal: string | undefined;
  readonly onRemove: (pool: Pool) => void;
  readonly onFree: (pool: Pool) => void;
}) {
  return (
    <Menu
      trigger={
        <Button look="ghost" small icon="more" aria-label={`Actions for the pool ${pool.concurrencyKey}`} />
      }
      items={[
        {
          text: 'Free slots…',
          disabled: refusal ?? (pool.claimedSlots.length === 0 && 'none is held'),
          onSelect: () => onFree(pool),
        },
        {
          text: 'Remove the limit…',
          danger: true,
          disabled: refusal ?? (pool.usingDefaultLimit === true && 'it has the default'),
          onSelect: () => onRemove(pool),
        },
      ]}
    />
  );
}

/** `8 of 8 slots · 2 runs · 3 wait` */
function PoolSummary({ pool, queued }: { readonly pool: Pool; readonly queued: number }) {
  const waiting = pool.pendingStepCount + queued;
  return [
    `${formatCount(pool.activeSlotCount)} of ${formatCount(pool.limit ?? pool.slotCount)} slots`,
    pool.activeRunIds.length > 0 && plural(pool.activeRunIds.length, 'run'),
    waiting > 0 && `${formatCount(waiting)} ${waiting === 1 ? 'waits' : 'wait'}`,
  ]
    .filter(Boolean)
    .join(' · ');
}

function RunLink({ runId }: { readonly runId: string }) {
  return (
    <Link to="/runs/$runId" params={{ runId }} className="link mono">
      {runId.slice(0, 8)}
    </Link>
  );
}

function Holders({ pool }: { readonly pool: Pool }) {
  if (pool.activeRunIds.length === 0) return <span className="t3">free</span>;
  return (
    <span className="row">
      {pool.activeRunIds.slice(0, namedRuns).map((runId) => (
        <RunLink key={runId} runId={runId} />
      ))}
      {pool.activeRunIds.length > namedRuns && (
        <span className="t3">+{pool.activeRunIds.length - namedRuns}</span>
      )}
      {pool.pendingStepCount > 0 && (
        <span className="t2">{plural(pool.pendingStepCount, 'step')} waiting</span>
      )}
    </span>
  );
}

function Waiting({ runs }: { readonly runs: readonly WaitingRun[] }) {
  const oldest = runs.at(-1);
  if (!oldest) return <span className="t3">none</span>;
  return (
    <span className="row" title={oldest.waitingFor ?? undefined}>
      <RunLink runId={oldest.runId} />
      {runs.length > 1 && <span className="t3">+{runs.length - 1}</span>}
      <span className="t2">
        since <Time at={oldest.creationTime * 1_000} />
      </span>
    </span>
  );
}

function PoolSlots({ pool }: { readonly pool: Pool }) {
  const limit = pool.limit ?? pool.slotCount;
  const used = pool.activeSlotCount;
  const text = `${formatCount(used)} of ${formatCount(limit)}`;
  return (
    <span className={styles.slots}>
      <Meter
        label={`${text} slots in use, ${pool.pendingStepCount} waiting`}
        total={Math.max(limit, used) + pool.pendingStepCount}
        parts={[
          { kind: 'running', value: used },
          { kind: 'waiting', value: pool.pendingStepCount },
        ]}
      />
      <span className="t2 nowrap">{text}</span>
    </span>
  );
}

function PoolLimit({ pool, refusal }: { readonly pool: Pool; readonly refusal: string | undefined }) {
  const refresh = useRefreshPools();
  const [draft, setDraft] = useState<string>();
  const save = useMutation({
    mutationFn: (limit: number) => request(setPoolLimitDocument, { key: pool.concurrencyKey, limit }),
    onSuccess: (_, limit) =>
      showToast({ kind: 'success', title: `${pool.concurrencyKey} now has ${plural(limit, 'slot')}` }),
    onError: (error) =>
      showToast({
        kind: 'failure',
        title: `The limit of ${pool.concurrencyKey} is unchanged`,
        detail: error.message,
      }),
    onSettled: async () => {
      setDraft(undefined);
      await refresh();
    },
  });
  const current = String(pool.limit ?? pool.slotCount);
  const commit = () => {
    const limit = Number(draft);
    if (draft === undefined || draft === '' || draft === current || !Number.isInteger(limit) || limit < 0)
      setDraft(undefined);
    else save.mutate(limit);
  };
  return (
    <input
      className={styles.limit}
      type="number"
      min={0}
      aria-label={`Limit of ${pool.concurrencyKey}`}
      title={refusal}
      value={draft ?? current}
      disabled={save.isPending || refusal !== undefined}
      onChange={(event) => setDraft(event.target.value)}
      onBlur={commit}
      onKeyDown={(event) => {
        if (event.key === 'Enter') commit();
        if (event.key === 'Escape') setDraft(undefined);
      }}
    />
  );
}
