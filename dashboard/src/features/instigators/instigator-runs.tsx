import { Link } from '@tanstack/react-router';
import { isAdHocJob } from '../../components/format/asset-key';
import { formatRunCount } from '../../components/format/number';
import { QueryPanel } from '../../components/panel-states';
import { Section } from '../../components/section';
import { runStatus } from '../../components/status';
import { StatusIcon } from '../../components/status-icon';
import { Duration, Time } from '../../components/time';
import { expectType } from '../../graphql/api-error';
import { pollInterval, useLiveQuery } from '../../graphql/use-live-query';
import { type Instigator, instigationSelector } from './instigator';
import { instigatorRunsDocument } from './instigator-details.graphql';
import styles from './instigators.module.css';

/** Runs that are shown; the list of runs has them all. */
const SHOWN = 6;

const milliseconds = (seconds: number | null) => (seconds === null ? null : seconds * 1_000);

/** What a schedule or sensor launched last, and the way to all of it. */
export function InstigatorRuns({ instigator }: { readonly instigator: Instigator }) {
  const query = useLiveQuery(
    instigatorRunsDocument,
    { selector: instigationSelector(instigator), limit: SHOWN },
    {
      interval: pollInterval.slow,
      select: (answer) => expectType(answer.instigationStateOrError, 'InstigationState'),
    },
  );
  const count = query.data?.runsCount ?? 0;
  return (
    <Section
      title="Runs"
      padded
      actions={
        count > SHOWN && (
          <Link to="/runs" search={{ q: `${instigator.kind}:${instigator.name}` }} className="link">
            All {formatRunCount(count)} runs
          </Link>
        )
      }
    >
      <QueryPanel query={query} title="Runs could not be loaded" rows={2}>
        {({ runs }) =>
          runs.length === 0 ? (
            <p className="t2 small">None yet.</p>
          ) : (
            <ul className={styles.runs} aria-label={`Runs of ${instigator.name}`}>
              {runs.map((run) => {
                const { kind, word } = runStatus(run.status);
                return (
                  <li key={run.runId}>
                    <StatusIcon kind={kind} label={word} />
                    <Link to="/runs/$runId" params={{ runId: run.runId }} className="link mono">
                      {run.runId.slice(0, 8)}
                    </Link>
                    <span className="ellipsis t2">{isAdHocJob(run.jobName) ? 'assets' : run.jobName}</span>
                    <Time at={run.creationTime * 1_000} />
                    <span className="t2">
                      <Duration from={milliseconds(run.startTime)} to={milliseconds(run.endTime)} />
                    </span>
                  </li>
                );
              })}
            </ul>
          )
        }
      </QueryPanel>
    </Section>
  );
}
