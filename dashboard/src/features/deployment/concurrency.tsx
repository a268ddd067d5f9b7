import { useMutation, useQueryClient } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useState } from 'react';
import { CodeBlock } from '../../components/code-block';
import { formatCount, plural } from '../../components/format/number';
import { Meter } from '../../components/meter';
import { Section } from '../../components/section';
import { SimpleTable } from '../../components/simple-table';
import { showToast } from '../../components/toast';
import type { InstanceStatusResult } from '../../graphql/generated';
import { request } from '../../graphql/request';
import { queryKey } from '../../graphql/use-live-query';
import { setPoolLimitDocument } from './deployment.graphql';
import styles from './deployment-page.module.css';
import { instanceStatusDocument } from './instance.graphql';

export type Instance = InstanceStatusResult['instance'];

export type Pool = Instance['concurrencyLimits'][number];

export function Concurrency({ instance }: { readonly instance: Instance }) {
  const config = instance.runQueueConfig;
  const limits = config?.tagConcurrencyLimitsYaml?.trim();
  return (
    <Section title="Concurrency" detail="limits hold when runs are claimed from the queue">
      <p className={styles.limits}>
        <span>
          Runs at once{' '}
          <b className="strong">
            {config
              ? config.maxConcurrentRuns < 0
                ? 'no limit'
                : formatCount(config.maxConcurrentRuns)
              : 'no queue'}
          </b>
        </span>
        {instance.poolConfig?.defaultPoolLimit != null && (
          <span>
            Default of a pool <b className="strong">{formatCount(instance.poolConfig.defaultPoolLimit)}</b>
          </span>
        )}
        <Link to="/runs" search={{ tab: 'queued' }} className="link">
          Queued runs
        </Link>
      </p>
      {limits && limits !== '[]' && (
        <div className={styles.tagLimits}>
          <h3>Limits by tag</h3>
          <CodeBlock label="tag limits" text={limits} />
        </div>
      )}
      <SimpleTable
        label="Pools"
        columns={[
          { header: 'Pool' },
          { header: 'Slots', width: '220px' },
          { header: 'Limit' },
          { header: 'Held by' },
        ]}
        empty="No pool has a limit. Give an asset `pool: 'snowflake'` to limit what runs at once."
        rows={instance.concurrencyLimits.map((pool) => ({
          id: pool.concurrencyKey,
          cells: [
            <span key="name" className="strong">
              {pool.concurrencyKey}
            </span>,
            <PoolSlots key="slots" pool={pool} />,
            <PoolLimit key="limit" pool={pool} />,
            <span key="held" className="row">
              {pool.activeRunIds.length === 0 && <span className="t3">free</span>}
              {pool.activeRunIds.slice(0, 2).map((runId) => (
                <Link key={runId} to="/runs/$runId" params={{ runId }} className="link mono">
                  {runId.slice(0, 8)}
                </Link>
              ))}
              {pool.activeRunIds.length > 2 && <span className="t3">+{pool.activeRunIds.length - 2}</span>}
              {pool.pendingStepCount > 0 && (
                <span className="t2">{plural(pool.pendingStepCount, 'step')} waiting</span>
              )}
            </span>,
          ],
        }))}
      />
    </Section>
  );
}

export function PoolSlots({ pool }: { readonly pool: Pool }) {
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

export function PoolLimit({ pool }: { readonly pool: Pool }) {
  const client = useQueryClient();
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
      await client.invalidateQueries({ queryKey: queryKey(instanceStatusDocument, {}) });
    },
  });
  const current = String(pool.limit ?? pool.slotCount);
  const commit = () => {
    const limit = Number(draft);
    if (draft === undefined || draft === current || !Number.isInteger(limit) || limit < 0)
      setDraft(undefined);
    else save.mutate(limit);
  };
  return (
    <input
      className={styles.limit}
      type="number"
      min={0}
      aria-label={`Limit of ${pool.concurrencyKey}`}
      value={draft ?? current}
      disabled={save.isPending}
      onChange={(event) => setDraft(event.target.value)}
      onBlur={commit}
      onKeyDown={(event) => {
        if (event.key === 'Enter') commit();
        if (event.key === 'Escape') setDraft(undefined);
      }}
    />
  );
}
