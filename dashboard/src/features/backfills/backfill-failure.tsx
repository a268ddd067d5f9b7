import { Link } from '@tanstack/react-router';
import { causeText } from '../../components/cause-text';
import { formatCount } from '../../components/format/number';
import { Note } from '../../components/panel-states';
import { runTag } from '../../components/run-tags';
import { runTargetText } from '../../components/run-target-text';
import { pollInterval, useLiveQuery } from '../../graphql/use-live-query';
import { runsDocument } from '../runs/runs.graphql';
import styles from './backfill-page.module.css';

/** Why its last failed run failed, and the way to it; nothing as long as that is not known. */
export function BackfillFailure({ backfillId }: { readonly backfillId: string }) {
  const { data } = useLiveQuery(
    runsDocument,
    { filter: { tags: [{ key: runTag.backfill, value: backfillId }], statuses: ['FAILURE'] }, limit: 1 },
    {
      interval: pollInterval.slow,
      select: ({ runsOrError }) => (runsOrError.__typename === 'Runs' ? runsOrError : undefined),
    },
  );
  const run = data?.results[0];
  if (!data || !run?.cause) return null;
  return (
    <Note kind="failure" className={styles.note}>
      <p>
        <b className="strong">{runTargetText(run).detail || run.runId.slice(0, 8)}</b> {causeText(run.cause)}{' '}
        <Link to="/runs/$runId" params={{ runId: run.runId }} className="link">
          Show run
        </Link>
        {data.count > 1 && <span className="t2"> · the last of {formatCount(data.count)} failed runs</span>}
      </p>
    </Note>
  );
}
