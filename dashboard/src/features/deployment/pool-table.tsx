import { useMutation } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useState } from 'react';
import { Button } from '../../components/button';
import { formatCount, plural } from '../../components/format/number';
import { Meter } from '../../components/meter';
import { SimpleTable } from '../../components/simple-table';
import { Time } from '../../components/time';
import { showToast } from '../../components/toast';
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
}: {
  readonly pools: readonly Pool[];
  readonly waiting: readonly WaitingRun[];
  /** Why the reader may not change limits. */
  readonly refusal: string | undefined;
  readonly onRemove: (pool: Pool) => void;
}) {
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
          <Waiting
            key="waiting"
            runs={waiting.filter((run) => run.allPools?.includes(pool.concurrencyKey))}
          />,
          <Button
            key="remove"
            look="ghost"
            small
            icon="minus"
            disabled={refusal !== undefined || pool.usingDefaultLimit === true}
            title={refusal ?? (pool.usingDefaultLimit ? 'It has the default limit' : undefined)}
            aria-label={`Remove the limit of ${pool.concurrencyKey}`}
            onClick={() => onRemove(pool)}
          />,
        ],
      }))}
    />
  );
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
