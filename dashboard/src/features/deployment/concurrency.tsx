import { Link } from '@tanstack/react-router';
import { useState } from 'react';
import { Button } from '../../components/button';
import { CodeBlock } from '../../components/code-block';
import { formatCount } from '../../components/format/number';
import { Section } from '../../components/section';
import { expectType } from '../../graphql/api-error';
import type { InstanceStatusResult } from '../../graphql/generated';
import { pollInterval, useLiveQuery } from '../../graphql/use-live-query';
import { waitingRunsDocument } from './deployment.graphql';
import styles from './deployment-page.module.css';
import { FreeSlotsDialog } from './free-slots-dialog';
import { NewPoolDialog, RemoveLimitDialog } from './pool-dialogs';
import { type Pool, PoolTable } from './pool-table';
import { useAdminRefusal } from './use-deployment-role';

export type Instance = InstanceStatusResult['instance'];

const queued = { filter: { statuses: ['QUEUED'] } } as const;

/** Limits of runs and pools, who holds them and who waits. */
export function Concurrency({ instance }: { readonly instance: Instance }) {
  const refusal = useAdminRefusal();
  const waiting = useLiveQuery(waitingRunsDocument, queued, {
    interval: pollInterval.slow,
    select: (answer) => expectType(answer.runsOrError, 'Runs'),
  });
  const [isAdding, setAdding] = useState(false);
  const [removing, setRemoving] = useState<Pool>();
  const [freeing, setFreeing] = useState<Pool>();
  const config = instance.runQueueConfig;
  const defaultLimit = instance.poolConfig?.defaultPoolLimit ?? null;
  const limits = config?.tagConcurrencyLimitsYaml?.trim();
  return (
    <Section
      title="Concurrency"
      detail="limits hold when runs are claimed from the queue"
      actions={
        <Button icon="plus" disabled={refusal !== undefined} title={refusal} onClick={() => setAdding(true)}>
          New pool…
        </Button>
      }
    >
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
        {instance.poolConfig?.poolGranularity && (
          <span>
            A pool is held by{' '}
            <b className="strong">{instance.poolConfig.poolGranularity === 'run' ? 'runs' : 'steps'}</b>
          </span>
        )}
        {defaultLimit !== null && (
          <span>
            Default of a pool <b className="strong">{formatCount(defaultLimit)}</b>
          </span>
        )}
        <Link to="/runs" search={{ tab: 'queued' }} className="link">
          {waiting.data ? `${formatCount(waiting.data.count)} queued` : 'Queued runs'}
        </Link>
      </p>
      {limits && limits !== '[]' && (
        <div className={styles.tagLimits}>
          <h3>Limits by tag</h3>
          <CodeBlock label="tag limits" text={limits} />
        </div>
      )}
      <PoolTable
        pools={instance.concurrencyLimits}
        waiting={waiting.data?.results ?? []}
        refusal={refusal}
        onRemove={setRemoving}
        onFree={setFreeing}
      />
      {isAdding && (
        <NewPoolDialog
          names={instance.concurrencyLimits
            .filter((pool) => pool.usingDefaultLimit !== true)
            .map((pool) => pool.concurrencyKey)}
          onClose={() => setAdding(false)}
        />
      )}
      {freeing && <FreeSlotsDialog pool={freeing} onClose={() => setFreeing(undefined)} />}
      {removing && (
        <RemoveLimitDialog
          name={removing.concurrencyKey}
          defaultLimit={defaultLimit}
          onClose={() => setRemoving(undefined)}
        />
      )}
    </Section>
  );
}
