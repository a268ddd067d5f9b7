import { Link } from '@tanstack/react-router';
import { useMemo, useState } from 'react';
import { Button } from '../../components/button';
import { formatCount, plural } from '../../components/format/number';
import { EmptyState, QueryPanel } from '../../components/panel-states';
import { Section } from '../../components/section';
import { StatusIcon } from '../../components/status-icon';
import { Time } from '../../components/time';
import { ApiError } from '../../graphql/api-error';
import { useLiveQuery } from '../../graphql/use-live-query';
import { evaluationsDocument } from './automation.graphql';
import styles from './automation-page.module.css';
import { type EvaluationRecord, evaluationTree, whatHeldBack } from './evaluation-tree';
import { EvaluationTreeView } from './evaluation-tree-view';

/** Evaluations asked for at first, and by which the list grows. */
const pageSize = 25;

/** Why a condition did or did not ask for an asset or a job: its evaluations, and the chosen one as a tree. */
export function EvaluationHistory({
  asset,
  jobName,
}: {
  readonly asset: { readonly path: readonly string[] } | null;
  readonly jobName: string | null;
}) {
  const [limit, setLimit] = useState(pageSize);
  const [chosen, setChosen] = useState<string>();
  const query = useLiveQuery(
    evaluationsDocument,
    {
      ...(asset === null
        ? { assetJobKey: { jobName: jobName ?? '' } }
        : { assetKey: { path: [...asset.path] } }),
      limit,
    },
    {
      interval: 5_000,
      select: (answer) => {
        const found = answer.assetConditionEvaluationRecordsOrError;
        if (found?.__typename === 'AssetConditionEvaluationRecords') return found.records;
        throw new ApiError('refused', found?.message ?? 'The API sent no evaluations.');
      },
    },
  );
  return (
    <QueryPanel query={query} title="Evaluations could not be loaded" rows={6}>
      {(records) => {
        const [latest] = records;
        const shown = records.find(({ evaluationId }) => evaluationId === chosen) ?? latest;
        if (!shown) {
          return (
            <EmptyState icon="bolt" title="Not evaluated yet">
              Once its automation sensor is on and has evaluated it, this says what was requested and why.
            </EmptyState>
          );
        }
        return (
          <div className={styles.history}>
            <div className={styles.columns}>
              <Why key={shown.id} record={shown} asset={asset} isLatest={shown === latest} />
              <Section title="Evaluations" detail="where the outcome changed">
                <ol className={styles.records} aria-label="Evaluations">
                  {records.map((record) => (
                    <li key={record.id}>
                      <button
                        type="button"
                        aria-pressed={record === shown}
                        onClick={() => setChosen(record.evaluationId)}
                      >
                        <StatusIcon kind={(record.numRequested ?? 0) > 0 ? 'success' : 'none'} />
                        <Time at={record.timestamp * 1_000} seconds />
                        <span className="t2">{requestedText(record)}</span>
                      </button>
                    </li>
                  ))}
                </ol>
                {records.length === limit && (
                  <div className={styles.more}>
                    <Button small busy={query.isFetching} onClick={() => setLimit(limit + pageSize)}>
                      Show older
                    </Button>
                  </div>
                )}
              </Section>
            </div>
          </div>
        );
      }}
    </QueryPanel>
  );
}

function isPartitioned(record: EvaluationRecord): boolean {
  return record.evaluationNodes.some((node) => node.uniqueId === record.rootUniqueId && node.isPartitioned);
}

function requestedText(record: EvaluationRecord): string {
  const requested = record.numRequested ?? 0;
  if (requested === 0) return 'not requested';
  return isPartitioned(record) ? `requested ${plural(requested, 'partition')}` : 'requested';
}

function Why({
  record,
  asset,
  isLatest,
}: {
  readonly record: EvaluationRecord;
  readonly asset: { readonly path: readonly string[] } | null;
  readonly isLatest: boolean;
}) {
  const root = useMemo(() => evaluationTree(record), [record]);
  if (!root) return null;
  const asked = (record.numRequested ?? 0) > 0;
  const heldBack = whatHeldBack(root);
  return (
    <Section
      title={asked ? 'Why it was requested' : 'Why it was not requested'}
      detail={
        <>
          {isLatest ? 'since' : 'evaluated'} <Time at={record.timestamp * 1_000} seconds />
        </>
      }
      padded
    >
      <p className={styles.why}>
        {asked ? (
          <>
            {isPartitioned(record)
              ? `Requested ${plural(record.numRequested ?? 0, 'partition')}`
              : 'Requested'}
            {record.runIds.length > 0 && (
              <>
                {' in '}
                {record.runIds.slice(0, 3).map((runId, index) => (
                  <span key={runId}>
                    {index > 0 && ', '}
                    <Link to="/runs/$runId" params={{ runId }} search={{}} className="link mono">
                      {runId.slice(0, 8)}
                    </Link>
                  </span>
                ))}
                {record.runIds.length > 3 && ` and ${formatCount(record.runIds.length - 3)} more`}
              </>
            )}
            .
          </>
        ) : heldBack ? (
          <>
            Held back: <b className="strong">{heldBack.text}</b> is {heldBack.is}.
          </>
        ) : (
          'True, but a run for it was requested already.'
        )}
      </p>
      <EvaluationTreeView root={root} partitionsOf={asset && { asset, evaluationId: record.evaluationId }} />
    </Section>
  );
}
