import { Link } from '@tanstack/react-router';
import { formatShare } from '../../components/format/number';
import { Facts, Section } from '../../components/section';
import { runStatus } from '../../components/status';
import { StatusIcon } from '../../components/status-icon';
import { Tag } from '../../components/tag';
import { Duration, Time } from '../../components/time';
import styles from './job-overview.module.css';
import type { Job } from './job-page';
import { JobConfig } from './op-config';
import { successRate } from './success-rate';
import type { JobParts, JobSelector } from './use-job-graph';

/** Runs that are named. */
const named = 8;

/** What there is to know of a job at a glance. */
export function JobAside({
  job,
  parts,
  selector,
}: {
  readonly job: Job;
  readonly parts: JobParts;
  readonly selector: JobSelector;
}) {
  const rate = successRate(job.runs);
  const resources = parts.modes.flatMap((mode) => mode.resources);
  return (
    <aside className={styles.aside} aria-label="About this job">
      <Section title="About" padded>
        {job.description?.includes('\n') && <p className={styles.description}>{job.description}</p>}
        <Facts
          rows={[
            ['Kind', job.isAssetJob ? 'asset job' : 'op job'],
            parts.owners.length > 0 && ['Owner', parts.owners.map(ownerText).join(', ')],
            rate && ['Success', `${formatShare(rate.share)} of the last ${rate.finished}`],
            parts.runTags.length > 0 && [
              'Tags of runs',
              <span key="tags" className={styles.tags}>
                {parts.runTags.map((tag) => (
                  <Tag key={tag.key} k={tag.key} value={tag.value} />
                ))}
              </span>,
            ],
            ['Code location', selector.repositoryLocationName],
          ]}
        />
      </Section>
      <Section
        title="Last runs"
        padded
        actions={
          <Link to="/runs" search={{ q: `job:${job.name}` }} className="link">
            All runs
          </Link>
        }
      >
        <ul className={styles.runs}>
          {job.runs.slice(0, named).map((run) => (
            <li key={run.runId}>
              <StatusIcon {...iconOf(run.status)} size={13} />
              <Link to="/runs/$runId" params={{ runId: run.runId }} className="link mono">
                {run.runId.slice(0, 8)}
              </Link>
              <span className="push t2">
                <Duration
                  from={run.startTime === null ? null : run.startTime * 1_000}
                  to={run.endTime === null ? null : run.endTime * 1_000}
                />
              </span>
              <Time at={run.creationTime * 1_000} />
            </li>
          ))}
          {job.runs.length === 0 && (
            <li className="t2">
              None yet.{' '}
              <Link to="." search={{ tab: 'launch' }} className="link" activeProps={{}}>
                Launch the first
              </Link>
            </li>
          )}
        </ul>
      </Section>
      <JobConfig selector={selector} />
      <Section title="Resources" detail={resources.length} padded>
        <ul className={styles.list}>
          {resources.map(({ name, description }) => (
            <li key={name}>
              <span className="mono">{name}</span>
              {description && <p className="t2">{description}</p>}
            </li>
          ))}
          {resources.length === 0 && <li className="t2">It needs none.</li>}
        </ul>
      </Section>
    </aside>
  );
}

const ownerText = (owner: JobParts['owners'][number]) =>
  owner.__typename === 'UserDefinitionOwner' ? owner.email : `team:${owner.team}`;

function iconOf(status: string) {
  const { kind, word } = runStatus(status);
  return { kind, label: word };
}
