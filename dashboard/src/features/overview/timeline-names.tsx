import { Link } from '@tanstack/react-router';
import { cx } from '../../components/cx';
import { isAdHocJob, keyFromUrl, keyToUrl } from '../../components/format/asset-key';
import { formatCount, plural } from '../../components/format/number';
import { Icon } from '../../components/icon';
import { StatusIcon } from '../../components/status-icon';
import styles from './timeline.module.css';
import type { TimelineLine, TimelineRow } from './timeline-rows';

/** What the lines of the timeline are: jobs and assets, under code locations that can be closed. */
export function TimelineNames({
  lines,
  summary,
  narrow,
  onToggle,
}: {
  readonly lines: readonly TimelineLine[];
  readonly summary: string;
  readonly narrow: boolean;
  readonly onToggle: (location: string) => void;
}) {
  const isGrouped = lines.some(({ kind }) => kind === 'group');
  return (
    <div className={styles.names}>
      <div className={styles.namesHead}>{summary}</div>
      {lines.map((line) =>
        line.kind === 'group' ? (
          <Head key={line.location} line={line} onToggle={() => onToggle(line.location)} />
        ) : (
          <div
            key={`${line.row.location}:${line.row.name}`}
            className={cx(styles.nameRow, isGrouped && styles.inGroup)}
          >
            <Name row={line.row} />
            {!narrow && (
              <span className={styles.rowDetail} title={line.row.detail || line.row.location}>
                {line.row.detail || (isGrouped ? '' : line.row.location)}
              </span>
            )}
          </div>
        ),
      )}
    </div>
  );
}

function Head({
  line: { location, rows, isClosed },
  onToggle,
}: {
  readonly line: Extract<TimelineLine, { readonly kind: 'group' }>;
  readonly onToggle: () => void;
}) {
  const failed = rows
    .flatMap(({ counts }) => counts)
    .reduce((sum, { status, count }) => (status === 'FAILURE' ? sum + count : sum), 0);
  return (
    <div className={cx(styles.nameRow, styles.group)}>
      <button
        type="button"
        className={styles.toggle}
        aria-expanded={!isClosed}
        onClick={onToggle}
        title={location}
      >
        <Icon name={isClosed ? 'chevronRight' : 'chevronDown'} size={14} />
        <span className="ellipsis">{location}</span>
      </button>
      <span className={styles.groupDetail}>
        {isClosed && failed > 0 && (
          <span className={styles.failed}>
            <StatusIcon kind="failure" label="Failed" size={12} />
            {formatCount(failed)}
          </span>
        )}
        {plural(rows.length, 'job')}
      </span>
    </div>
  );
}

/** Leads to the job, or to the asset of runs that no job describes. */
function Name({ row: { location, name, jobName } }: { readonly row: TimelineRow }) {
  const title = `${name} in ${location}`;
  if (!isAdHocJob(jobName))
    return (
      <Link
        to="/jobs/$location/$name"
        params={{ location, name: jobName }}
        className={styles.rowName}
        title={title}
      >
        {name}
      </Link>
    );
  if (name.includes('/') || jobName !== name)
    return (
      <Link
        to="/assets/$"
        params={{ _splat: keyToUrl(keyFromUrl(name)) }}
        className={styles.rowName}
        title={title}
      >
        {name}
      </Link>
    );
  return (
    <span className={styles.rowName} title={title}>
      {name}
    </span>
  );
}
