import { useVirtualizer } from '@tanstack/react-virtual';
import { useCallback, useEffect, useMemo, useRef, useState } from 'react';
import { Button } from '../../components/button';
import { CodeBlock } from '../../components/code-block';
import { cx } from '../../components/cx';
import { formatCount } from '../../components/format/number';
import { Icon } from '../../components/icon';
import { isTyping } from '../../components/is-typing';
import { ScrollRegion } from '../../components/scroll-region';
import { Segmented } from '../../components/segmented';
import { TextInput } from '../../components/text-input';
import { Time } from '../../components/time';
import styles from './event-log.module.css';
import { findMatches, type LogLevelFilter, type LogLine, passes } from './log-filter';

const levelWord: Readonly<Record<string, string>> = { WARNING: 'warn', CRITICAL: 'error' };

export interface EventLogProps {
  readonly lines: readonly LogLine[];
  readonly live: boolean;
  readonly steps: ReadonlySet<string> | undefined;
  readonly stepsLabel: string | undefined;
  readonly onClearSteps: () => void;
  readonly level: LogLevelFilter;
  readonly onLevel: (level: LogLevelFilter) => void;
  readonly search: string;
  readonly onSearch: (search: string) => void;
  /** The event of the deep link, by its position in the run's log. */
  readonly selected: number | undefined;
  readonly onSelect: (index: number | undefined) => void;
  readonly onDownload: () => void;
}

/** A run's events: one line each; follows the end until scrolled up; the selected one opens its error. */
export function EventLog(props: EventLogProps) {
  const { lines, level, steps, selected, search } = props;
  const shown = useMemo(() => lines.filter((line) => passes(line, level, steps)), [lines, level, steps]);
  const matches = useMemo(() => findMatches(shown, search), [shown, search]);
  const [match, setMatch] = useState(0);
  const [following, setFollowing] = useState(selected === undefined && props.live);
  const [seen, setSeen] = useState(0);
  const scroller = useRef<HTMLElement>(null);
  const ownScroll = useRef(0);
  const virtualizer = useVirtualizer({
    count: shown.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => 24,
    getItemKey: (position) => shown[position]?.index ?? position,
    overscan: 20,
  });

  useEffect(() => {
    if (!following || shown.length === 0) return;
    ownScroll.current = performance.now();
    virtualizer.scrollToIndex(shown.length - 1, { align: 'end' });
    setSeen(shown.length);
  }, [following, shown.length, virtualizer]);

  const jumped = useRef<number>(undefined);
  useEffect(() => {
    if (selected === undefined || jumped.current === selected) return;
    const position = shown.findIndex((line) => line.index === selected);
    if (position < 0) return;
    jumped.current = selected;
    setFollowing(false);
    setSeen(shown.length);
    virtualizer.scrollToIndex(position, { align: 'center' });
  }, [selected, shown, virtualizer]);

  const toMatch = useCallback(
    (step: number) => {
      if (matches.length === 0) return;
      const next = (match + step + matches.length) % matches.length;
      setMatch(next);
      setFollowing(false);
      virtualizer.scrollToIndex(matches[next] ?? 0, { align: 'center' });
    },
    [match, matches, virtualizer],
  );
  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      if (isTyping(event)) return;
      if (event.key === 'f') setFollowing((on) => !on);
      else if (event.key === 'n') toMatch(1);
      else if (event.key === 'p') toMatch(-1);
    };
    document.addEventListener('keydown', onKey);
    return () => document.removeEventListener('keydown', onKey);
  }, [toMatch]);

  const unseen = following || !props.live ? 0 : Math.max(0, shown.length - seen);
  return (
    <section className={styles.log} aria-label="Events">
      <div className={styles.bar}>
        {props.stepsLabel && (
          <span className={styles.token}>
            <span className="t2">step:</span> <b className="strong ellipsis">{props.stepsLabel}</b>
            <button type="button" aria-label="Show all steps" onClick={props.onClearSteps}>
              <Icon name="close" size={12} />
            </button>
          </span>
        )}
        <Segmented
          label="Level"
          value={level}
          options={[
            { value: 'all', text: 'All' },
            { value: 'info', text: 'Info' },
            { value: 'warn', text: 'Warn' },
            { value: 'error', text: 'Error' },
          ]}
          onChange={props.onLevel}
        />
        <TextInput
          label="Search events"
          icon="search"
          placeholder="Search events"
          className={styles.search}
          value={search}
          onChange={(event) => {
            props.onSearch(event.target.value);
            setMatch(0);
          }}
          onKeyDown={(event) => {
            if (event.key === 'Enter') toMatch(event.shiftKey ? -1 : 1);
          }}
          after={
            search ? (
              <span className="tiny t3 nowrap" role="status">
                {matches.length === 0
                  ? 'no match'
                  : `${Math.min(match + 1, matches.length)} of ${matches.length}`}
              </span>
            ) : undefined
          }
        />
        {search && (
          <>
            <Button
              look="ghost"
              small
              icon="chevronUp"
              aria-label="Previous match"
              onClick={() => toMatch(-1)}
            />
            <Button
              look="ghost"
              small
              icon="chevronDown"
              aria-label="Next match"
              onClick={() => toMatch(1)}
            />
          </>
        )}
        <span className="push" />
        <Button look="ghost" small icon="download" aria-label="Download events" onClick={props.onDownload} />
      </div>
      <ScrollRegion
        regionRef={scroller}
        label="Event lines"
        className={styles.scroller}
        onWheel={(event) => event.deltaY < 0 && stopFollowing()}
        onKeyDown={(event) => ['ArrowUp', 'PageUp', 'Home'].includes(event.key) && stopFollowing()}
        onPointerDown={() => {
          ownScroll.current = 0;
        }}
        onScroll={(event) => {
          const { scrollHeight, scrollTop, clientHeight } = event.currentTarget;
          const atEnd = scrollHeight - scrollTop - clientHeight < 8;
          if (atEnd && props.live && !following) setFollowing(true);
          else if (!atEnd && following && performance.now() - ownScroll.current > 300) stopFollowing();
        }}
      >
        {shown.length === 0 ? (
          <p className={styles.none}>
            {lines.length === 0
              ? 'No events yet.'
              : `None of ${formatCount(lines.length)} events pass the filter.`}
          </p>
        ) : (
          <div className={styles.lines} style={{ height: virtualizer.getTotalSize() }}>
            {virtualizer.getVirtualItems().map((item) => {
              const line = shown[item.index];
              if (!line) return null;
              return (
                <div
                  key={item.key}
                  ref={virtualizer.measureElement}
                  data-index={item.index}
                  className={styles.item}
                  style={{ transform: `translateY(${item.start}px)` }}
                >
                  <Line
                    line={line}
                    search={search}
                    currentMatch={matches[match] === item.index}
                    selected={line.index === selected}
                    onSelect={props.onSelect}
                  />
                </div>
              );
            })}
          </div>
        )}
      </ScrollRegion>
      {unseen > 0 && (
        <button type="button" className={styles.new} onClick={() => setFollowing(true)}>
          <Icon name="arrowDown" size={14} />
          {formatCount(unseen)} new {unseen === 1 ? 'event' : 'events'}
        </button>
      )}
    </section>
  );

  function stopFollowing(): void {
    if (!following) return;
    setFollowing(false);
    setSeen(shown.length);
  }
}

function Line({
  line,
  search,
  currentMatch,
  selected,
  onSelect,
}: {
  readonly line: LogLine;
  readonly search: string;
  readonly currentMatch: boolean;
  readonly selected: boolean;
  readonly onSelect: (index: number | undefined) => void;
}) {
  const level = levelWord[line.level] ?? line.level.toLowerCase();
  const error = 'error' in line.event ? line.event.error : null;
  return (
    <div className={cx(styles.line, selected && styles.selected)} data-level={level}>
      <button
        type="button"
        className={styles.head}
        aria-expanded={selected}
        onClick={() => onSelect(selected ? undefined : line.index)}
      >
        <span className={styles.time}>
          <Time at={line.at} milliseconds />
        </span>
        <span className={styles.level}>{level}</span>
        <span className={styles.type} title={line.type}>
          {line.type}
        </span>
        <span className={styles.text}>
          {line.stepKey && <span className={styles.step}>{line.stepKey} </span>}
          <Highlighted text={line.text} search={search} current={currentMatch} />
        </span>
      </button>
      {selected && (
        <div className={styles.detail}>
          {error && (
            <CodeBlock
              label="error"
              text={[error, ...error.causes]
                .map((each, index) =>
                  `${index > 0 ? 'caused by: ' : ''}${each.message}\n${each.stack.join('')}`.trimEnd(),
                )
                .join('\n')}
            />
          )}
          <Button small icon="link" onClick={() => void navigator.clipboard.writeText(location.href)}>
            Copy link to this event
          </Button>
        </div>
      )}
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
