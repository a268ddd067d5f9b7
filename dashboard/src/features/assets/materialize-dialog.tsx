import { useState } from 'react';
import { Button } from '../../components/button';
import { Choices } from '../../components/choices';
import { Dialog } from '../../components/dialog';
import { formatCount, plural } from '../../components/format/number';
import { Note } from '../../components/panel-states';
import { Tag } from '../../components/tag';
import { undone } from '../../graphql/undone';
import styles from './materialize-dialog.module.css';
import { PartitionFields, usePartitionFields } from './partition-fields';
import { type Partitioning, policyText } from './partitioning';

const named = 12;

/** Says what will run, asks for partitions where they are needed, and launches. */
export function MaterializeDialog({
  assets,
  partitioned,
  partitioning,
  initialPartitions = [],
  pending,
  error,
  children,
  onLaunch,
  onClose,
}: {
  readonly assets: readonly string[];
  readonly partitioned: boolean;
  /** Undefined where several assets have partitions of their own: keys are typed. */
  readonly partitioning?: Partitioning | undefined;
  readonly initialPartitions?: readonly string[];
  readonly pending: boolean;
  readonly error: Error | null;
  /** More choices. */
  readonly children?: React.ReactNode;
  readonly onLaunch: (partitions: readonly string[]) => void;
  readonly onClose: () => void;
}) {
  const choice = usePartitions(partitioned, partitioning, initialPartitions);
  const { keys, problem } = choice;
  return (
    <Dialog
      title={`Materialize ${plural(assets.length, 'asset')}?`}
      onClose={onClose}
      footer={
        <>
          <Button onClick={onClose}>Not now</Button>
          <Button
            look="primary"
            icon="play"
            busy={pending}
            disabled={problem !== undefined}
            title={problem}
            onClick={() => onLaunch(keys)}
          >
            {keys.length > 1 ? `Launch ${plural(keys.length, 'partition')}` : 'Launch 1 run'}
          </Button>
        </>
      }
    >
      <p className={styles.assets}>
        {assets.slice(0, named).map((asset) => (
          <Tag key={asset} value={asset} />
        ))}
        {assets.length > named && <span>and {formatCount(assets.length - named)} more</span>}
      </p>
      {children}
      {choice.fields}
      {partitioned && keys.length > 1 && problem === undefined && (
        <p className={styles.outcome}>
          A backfill makes {plural(keys.length, 'partition')}
          {partitioning && `, ${policyText(partitioning.maxPerRun)}`}.
        </p>
      )}
      {error && <Note kind="failure">{`${error.message} ${undone(error, 'launched')}.`}</Note>}
    </Dialog>
  );
}

type By = 'key' | 'missing' | 'failure';

interface Chosen {
  readonly keys: readonly string[];
  readonly problem: string | undefined;
  readonly fields: React.ReactNode;
}

/** The partitions that are chosen, and the fields that choose them. */
function usePartitions(
  partitioned: boolean,
  partitioning: Partitioning | undefined,
  initial: readonly string[],
): Chosen {
  const cells = partitioning?.cells ?? [];
  const [by, setBy] = useState<By>('key');
  const [typed, setTyped] = useState(initial.join(', '));
  const [keys] = useState(() => cells.map((cell) => cell.key));
  const state = usePartitionFields(keys, initial);
  if (!partitioned) return { keys: [], problem: undefined, fields: null };
  if (!partitioning) {
    const chosen = typed.split(/[\s,]+/).filter(Boolean);
    const problem = chosen.length === 0 ? 'Choose a partition' : undefined;
    return {
      keys: chosen,
      problem,
      fields: <TypedKeys text={typed} problem={problem} onChange={setTyped} />,
    };
  }
  const ofKind = (kind: By) => cells.filter((cell) => cell.kind === kind).map((cell) => cell.key);
  const options = [
    ['key', 'By key', undefined],
    ['missing', 'What is missing', ofKind('missing').length],
    ['failure', 'What failed', ofKind('failure').length],
  ] as const;
  const chosen = by === 'key' ? state.choice.keys : ofKind(by);
  return {
    keys: chosen,
    problem: by === 'key' ? state.choice.problem : undefined,
    fields: (
      <>
        <div className={styles.which}>
          <Choices label="Which ones" name="which" options={options} value={by} onChange={setBy} />
        </div>
        {by === 'key' && <PartitionFields state={state} names={partitioning.names} />}
      </>
    ),
  };
}

function TypedKeys({
  text,
  problem,
  onChange,
}: {
  readonly text: string;
  readonly problem: string | undefined;
  readonly onChange: (text: string) => void;
}) {
  return (
    <label className={styles.field}>
      <span>Partition</span>
      <input value={text} onChange={(event) => onChange(event.target.value)} spellCheck={false} />
      <small>{problem ?? 'Several, separated by commas, launch a backfill.'}</small>
    </label>
  );
}
