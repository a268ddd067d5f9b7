import { Button } from '../../components/button';
import { CodeBlock } from '../../components/code-block';
import { cx } from '../../components/cx';
import { truncateMiddle } from '../../components/format/number';
import { stackText } from '../../components/format/stack-text';
import { Time } from '../../components/time';
import styles from './event-log.module.css';
import { EventMetadata } from './event-metadata';
import type { LogLine } from './log-filter';

/** Characters of a type that its column holds; the end tells PLANNED from the event itself. */
const TYPE_LENGTH = 21;

const levelWord: Readonly<Record<string, string>> = { WARNING: 'warn', CRITICAL: 'error' };

/** One event; selected, it opens its error with causes and stack, and a link to itself. */
export function LogLineRow({
  runId,
  line,
  before,
  since,
  stepTitle,
  search,
  currentMatch,
  selected,
  onSelect,
}: {
  readonly runId: string;
  readonly line: LogLine;
  /** Cursor of the event before. */
  readonly before: string | undefined;
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
      {selected && <Detail runId={runId} line={line} before={before} />}
    </div>
  );
}

function Detail({
  runId,
  line,
  before,
}: {
  readonly runId: string;
  readonly line: LogLine;
  readonly before: string | undefined;
}) {
  const error = 'error' in line.event ? line.event.error : null;
  const text =
    error &&
    [error, ...error.causes]
      .map((each, index) => `${index > 0 ? 'caused by: ' : ''}${stackText(each)}`)
      .join('\n');
  return (
    <div className={styles.detail}>
      <EventMetadata runId={runId} event={line.event} before={before} />
      {text && <CodeBlock label="error" text={text} />}
      <span className="row">
        {text && (
          <Button small icon="copy" onClick={() => void navigator.clipboard.writeText(text)}>
            Copy error
          </Button>
        )}
        <Button small icon="link" onClick={() => void navigator.clipboard.writeText(location.href)}>
          Copy link to this event
        </Button>
      </span>
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
