import { useState } from 'react';
import { Button } from '../../components/button';
import { Dialog } from '../../components/dialog';
import { plural } from '../../components/format/number';
import { Note } from '../../components/panel-states';
import { Tag } from '../../components/tag';
import styles from './materialize-dialog.module.css';

/** Says what will run, asks for a partition where one is needed, and launches. */
export function MaterializeDialog({
  assets,
  partitioned,
  partitions,
  initialPartitions = [],
  pending,
  error,
  onLaunch,
  onClose,
}: {
  readonly assets: readonly string[];
  readonly partitioned: boolean;
  /** Keys to choose from, newest last; unknown ones may be typed. */
  readonly partitions?: readonly string[] | undefined;
  readonly initialPartitions?: readonly string[];
  readonly pending: boolean;
  readonly error: Error | null;
  readonly onLaunch: (partitions: readonly string[]) => void;
  readonly onClose: () => void;
}) {
  const [text, setText] = useState(initialPartitions.join(', ') || (partitions?.at(-1) ?? ''));
  const chosen = partitioned ? text.split(/[\s,]+/).filter(Boolean) : [];
  const unknown = partitions ? chosen.filter((key) => !partitions.includes(key)) : [];
  const problem =
    partitioned && chosen.length === 0
      ? 'Choose a partition'
      : unknown.length > 0
        ? `No partition “${unknown[0]}”`
        : undefined;
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
            onClick={() => onLaunch(chosen)}
          >
            {chosen.length > 1 ? `Launch ${plural(chosen.length, 'partition')}` : 'Launch 1 run'}
          </Button>
        </>
      }
    >
      <p className={styles.assets}>
        {assets.slice(0, 12).map((asset) => (
          <Tag key={asset} value={asset} />
        ))}
        {assets.length > 12 && <span>and {assets.length - 12} more</span>}
      </p>
      {partitioned && (
        <label className={styles.field}>
          <span>Partition</span>
          <input
            value={text}
            onChange={(event) => setText(event.target.value)}
            list="materialize-partitions"
            aria-invalid={unknown.length > 0 || undefined}
            spellCheck={false}
          />
          <small>{problem ?? 'Several, separated by commas, launch a backfill.'}</small>
          <datalist id="materialize-partitions">
            {(partitions ?? [])
              .slice(-60)
              .reverse()
              .map((key) => (
                <option key={key} value={key} />
              ))}
          </datalist>
        </label>
      )}
      {error && <Note kind="failure">{error.message} Nothing was launched.</Note>}
    </Dialog>
  );
}
