import { Button } from '../../components/button';
import { formatCount, plural } from '../../components/format/number';
import { Note } from '../../components/panel-states';
import styles from './step-output.module.css';

export interface UnreadablePart {
  /** Bytes from the beginning of the stream. */
  readonly offset: number;
  readonly bytes: number;
  readonly reason: string;
}

/** Parts listed; the lines in the output name every one. */
const LISTED = 3;

/** Which parts of a step's output cannot be read, and why; the rest stands below, with a line in place of each. */
export function UnreadableOutput({
  parts,
  onReadAgain,
}: {
  readonly parts: readonly UnreadablePart[];
  readonly onReadAgain: () => void;
}) {
  if (parts.length === 0) return null;
  const listed = parts
    .slice(0, LISTED)
    .map(
      ({ offset, bytes, reason }) =>
        `bytes ${formatCount(offset)} to ${formatCount(offset + bytes)} (${reason})`,
    );
  const more = parts.length - listed.length;
  return (
    <Note kind="warn" className={styles.note}>
      <b>{plural(parts.length, 'part')} of this output cannot be read:</b> {listed.join('; ')}
      {more > 0 && ` and ${more} more`}. The rest is below.{' '}
      <Button look="ghost" small onClick={onReadAgain}>
        Read again
      </Button>
    </Note>
  );
}
