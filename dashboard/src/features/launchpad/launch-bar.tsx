import { Button } from '../../components/button';
import { formatCount, plural } from '../../components/format/number';
import { Icon } from '../../components/icon';
import { type TagPair, tagValue } from '../../components/run-tags';
import { StatusIcon } from '../../components/status-icon';
import type { LaunchTarget } from './launch-target';
import { type LaunchLimits, launchWait } from './launch-wait';
import styles from './launchpad.module.css';

/** What would run, where, after what wait; and what is still wrong. */
export function LaunchBar({
  target,
  partitions,
  selected,
  selection,
  tags,
  pools,
  limits,
  errors,
  first,
  blocked,
  pending,
  onFirst,
  onLaunch,
}: {
  readonly target: LaunchTarget;
  /** Undefined: the job has none. */
  readonly partitions: readonly string[] | undefined;
  readonly selected: number;
  readonly selection: string;
  readonly tags: readonly TagPair[];
  readonly pools: readonly string[];
  readonly limits: LaunchLimits | undefined;
  readonly errors: number;
  readonly first: string | undefined;
  readonly blocked: string | undefined;
  readonly pending: boolean;
  readonly onFirst: (() => void) | undefined;
  readonly onLaunch: () => void;
}) {
  const count = partitions?.length ?? 1;
  const lengths = target.runs.flatMap((run) =>
    run.startTime === null || run.endTime === null || run.status !== 'SUCCESS'
      ? []
      : [(run.endTime - run.startTime) * 1_000],
  );
  const wait = limits && launchWait(limits, pools, lengths);
  const command = [
    count > 1 ? `npx headrace backfill launch ${target.jobName}` : `npx headrace run ${target.jobName}`,
    ...(partitions ?? []).map((key) => `--partition ${key}`),
    ...tags.map((tag) => `--tag ${tag.key}=${tag.value}`),
  ]
    .filter(Boolean)
    .join(' ');
  return (
    <footer className={styles.launchBar}>
      <span>
        Launches <b className="strong">{count > 1 ? '1 backfill' : '1 run'}</b> of{' '}
        <b className="strong">{target.jobName}</b>
      </span>
      <span>
        <b className="strong">{plural(selected, target.isAssetJob ? 'asset' : 'op')}</b>
        {partitions && count > 0 && (
          <>
            , {count > 1 ? 'partitions' : 'partition'}{' '}
            <b className="strong">{count > 1 ? formatCount(count) : partitions[0]?.replace('|', ', ')}</b>
          </>
        )}
      </span>
      <span className="wide-only">
        {placeOf(target.tags, tags)} <b className="strong">{target.locationName}</b>
      </span>
      {wait && (
        <span className={styles.wait}>
          <StatusIcon kind={wait.waits ? 'queued' : 'success'} size={13} />
          {wait.text}
        </span>
      )}
      <div className={styles.launchActions}>
        {errors > 0 && (
          <span className={styles.error} role="status">
            <StatusIcon kind="failure" size={12} />
            {first ?? plural(errors, 'error')}
            {onFirst && !first && (
              <Button look="ghost" small onClick={onFirst}>
                Go to the first
              </Button>
            )}
          </span>
        )}
        {!selection && count > 0 && (
          <Button
            className="wide-only"
            onClick={() => void navigator.clipboard.writeText(command)}
            title={command}
          >
            <Icon name="copy" size={14} />
            Copy as CLI
          </Button>
        )}
        <Button
          look="primary"
          icon="play"
          busy={pending}
          disabled={Boolean(blocked)}
          title={blocked}
          onClick={onLaunch}
        >
          {count > 1 ? `Launch ${plural(count, 'partition')}` : 'Launch 1 run'}
        </Button>
      </div>
    </footer>
  );
}

/** The units of a virtual CPU that task sizes count in. */
const cpuUnits = 1_024;

function placeOf(jobTags: readonly TagPair[], tags: readonly TagPair[]): string {
  const all = [...tags, ...jobTags];
  const units = tagValue(all, 'ecs/cpu') ?? tagValue(all, 'headrace/cpu');
  const launcher = tagValue(all, 'headrace/launcher');
  const where = launcher ?? (units ? 'a task' : undefined);
  if (!where) return 'in';
  const size = units && Number(units) > 0 ? ` with ${Number(units) / cpuUnits} vCPU` : '';
  return `on ${where}${size} in`;
}
