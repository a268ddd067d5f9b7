import { TextInput } from '../../components/text-input';
import type { LaunchSelection } from './launch-selection';
import type { Draft } from './launch-sessions';
import type { LaunchTarget } from './launch-target';
import styles from './launchpad.module.css';
import type { DimensionChoices } from './partition-choice';
import { PartitionPicker } from './partition-picker';
import { StartFrom } from './start-from';

/** What of a job is launched, and with which tags. */
export function LaunchFields({
  target,
  draft,
  partitions,
  selection,
  tagProblem,
  ownTags,
  onChange,
  onStartFrom,
}: {
  readonly target: LaunchTarget;
  readonly draft: Draft;
  /** Undefined: the job has none. */
  readonly partitions:
    | (DimensionChoices & {
        readonly names: readonly string[];
        readonly keys: readonly string[];
        readonly dimensions: readonly [readonly string[], readonly string[]] | undefined;
      })
    | undefined;
  readonly selection: LaunchSelection;
  readonly tagProblem: string | undefined;
  /** Tags that the job puts on each run. */
  readonly ownTags: LaunchTarget['tags'];
  readonly onChange: (change: Partial<Draft>) => void;
  readonly onStartFrom: (runId: string) => void;
}) {
  const { first, second, names = [], keys = [], dimensions } = partitions ?? {};
  const label = (index: number) => (names[index] ? `Partition · ${names[index]}` : 'Partition');
  const what = target.isAssetJob ? 'Assets' : 'Ops';
  return (
    <div className={styles.fields}>
      {first && (
        <PartitionPicker
          label={second ? label(0) : 'Partition'}
          text={draft.partitions}
          keys={second && dimensions ? dimensions[0] : keys}
          count={first.keys.length}
          problem={first.problem}
          onChange={(text) => onChange({ partitions: text })}
        />
      )}
      {second && dimensions && (
        <PartitionPicker
          label={label(1)}
          text={draft.second}
          keys={dimensions[1]}
          count={second.keys.length}
          problem={second.problem}
          onChange={(text) => onChange({ second: text })}
        />
      )}
      <StartFrom runs={target.runs} from={draft.from} onChange={onStartFrom} />
      <div className={styles.field}>
        <span className={styles.label}>{what}</span>
        <TextInput
          label={what}
          mono
          placeholder={target.isAssetJob ? 'all, or key+, group:a' : 'all, or *op, op+'}
          value={draft.selection}
          invalid={selection.problem !== undefined}
          onChange={(event) => onChange({ selection: event.target.value })}
          after={
            <span className="t3 tiny nowrap">
              {selection.count} of {target.isAssetJob ? target.assets.length : target.ops.length}
            </span>
          }
        />
        {selection.problem && <span className={styles.error}>{selection.problem}</span>}
      </div>
      <div className={styles.field}>
        <span className={styles.label}>Tags</span>
        <TextInput
          label="Tags"
          mono
          placeholder="priority=5, reason=replay"
          value={draft.tags}
          invalid={tagProblem !== undefined}
          onChange={(event) => onChange({ tags: event.target.value })}
        />
        {tagProblem ? (
          <span className={styles.error}>{tagProblem}</span>
        ) : (
          ownTags.length > 0 && (
            <span className={styles.hint}>
              and the job’s own: {ownTags.map((tag) => `${tag.key}=${tag.value}`).join(', ')}
            </span>
          )
        )}
      </div>
    </div>
  );
}
