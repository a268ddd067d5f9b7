import { Button } from '../../components/button';
import { CodeBlock } from '../../components/code-block';
import { cx } from '../../components/cx';
import { metadataLabel } from '../../components/format/metadata-label';
import { truncateMiddle } from '../../components/format/number';
import { stackText } from '../../components/format/stack-text';
import { Facts } from '../../components/section';
import { Time } from '../../components/time';
import styles from './event-log.module.css';
import type { LogLine } from './log-filter';
import { metadataOfEvent, readMetadata } from './read-metadata';

/** Characters of a type that its column holds; the end tells PLANNED from the event itself. */
const TYPE_LENGTH = 21;

const levelWord: Readonly<Record<string, string>> = { WARNING: 'warn', CRITICAL: 'error' };

/** One event; selected, it opens its error with causes and stack, and a link to itself. */
export function LogLineRow({
  line,
  since,
  stepTitle,
  search,
  currentMatch,
  selected,
  onSelect,
}: {
  readonly line: LogLine;
  /** When the log begins, epoch ms. */
  readonly since: number | undefined;
  readonly stepTitle: string | null;
  readonly search: string;
  readonly currentMatch: boolean;
  readonly selected: boolean;
  readonly onSelect: (index: number | undefined) => void;
}) {
  const level = levelWord[line.level] ?? line.level.toLowerCase();
  return (
    <div className={cx(styles.line, selected && styles.selected)} data-level={level}>
      <button
        type="button"
        className={styles.head}
        aria-expanded={selected}
        onClick={() => onSelect(selected ? undefined : line.index)}
      >
        <span className={styles.time}>
          <Time at={line.at} since={since} milliseconds />
        </span>
        <span className={styles.said}>
          <span className={styles.level}>{level}</span>
          <span className={styles.type} title={line.type}>
            {truncateMiddle(line.type, TYPE_LENGTH)}
          </span>
          <span className={styles.text}>
            {stepTitle && <span className={styles.step}>{stepTitle} </span>}
            <Highlighted text={line.text} search={search} current={currentMatch} />
          </span>
        </span>
      </button>
      {selected && <Detail line={line} />}
    </div>
  );
}

function Detail({ line }: { readonly line: LogLine }) {
  const error = 'error' in line.event ? line.event.error : null;
  const metadata = metadataOfEvent(line.event).flatMap((entry) => {
    const value = readMetadata(entry);
    return value === undefined ? [] : [[metadataLabel(entry.label), value.text] as const];
  });
  return (
    <div className={styles.detail}>
      {metadata.length > 0 && <Facts rows={metadata} />}
      {error && (
        <CodeBlock
          label="error"
          text={[error, ...error.causes]
            .map((each, index) => `${index > 0 ? 'caused by: ' : ''}${stackText(each)}`)
            .join('\n')}
        />
      )}
      <Button small icon="link" onClick={() => void navigator.clipboard.writeText(location.href)}>
        Copy link to this event
      </Button>
    </div>
  );
}

function Highlighted({
  text,
  search,
  current,
}: {
  readonly text: string;
  readonly search: string;
  readonly current: boolean;
}) {
  const wanted = search.trim();
  const at = wanted ? text.toLowerCase().indexOf(wanted.toLowerCase()) : -1;
  if (at < 0) return text;
  return (
    <>
      {text.slice(0, at)}
      <mark data-current={current || undefined}>{text.slice(at, at + wanted.length)}</mark>
      {text.slice(at + wanted.length)}
    </>
  );
}
