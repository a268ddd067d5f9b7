import { useCallback, useEffect, useMemo, useState } from 'react';
import { formatCount } from '../../components/format/number';
import { Icon } from '../../components/icon';
import { isTyping } from '../../components/is-typing';
import { ScrollRegion } from '../../components/scroll-region';
import styles from './event-log.module.css';
import { EventLogBar, type EventLogBarProps } from './event-log-bar';
import { findMatches, type LogLine, passes } from './log-filter';
import { LogLineRow } from './log-line-row';
import type { StepTitles } from './step-titles';
import { useLogScroll } from './use-log-scroll';

export interface EventLogProps extends EventLogBarProps {
  readonly runId: string;
  readonly lines: readonly LogLine[];
  readonly live: boolean;
  readonly steps: ReadonlySet<string> | undefined;
  readonly titles: StepTitles;
  /** More of the log is on its way. */
  readonly isReading: boolean;
  /** The event of the deep link, by its position in the run's log. */
  readonly selected: number | undefined;
  readonly onSelect: (index: number | undefined) => void;
}

/** A run's events: one line each; follows the end until scrolled up; the selected one opens its error. */
export function EventLog(props: EventLogProps) {
  const { lines, live, level, type, steps, selected, search, onSearch } = props;
  const shown = useMemo(
    () => lines.filter((line) => passes(line, level, steps) && (type === undefined || line.type === type)),
    [lines, level, type, steps],
  );
  const types = useMemo(() => {
    const counts = new Map<string, number>();
    for (const line of lines) counts.set(line.type, (counts.get(line.type) ?? 0) + 1);
    return counts;
  }, [lines]);
  const matches = useMemo(() => findMatches(shown, search), [shown, search]);
  const [match, setMatch] = useState(0);
  const scroll = useLogScroll(shown, live, selected);
  const { virtualizer, jumpTo, toggleFollowing } = scroll;

  const toMatch = useCallback(
    (step: number) => {
      if (matches.length === 0) return;
      const next = (match + step + matches.length) % matches.length;
      setMatch(next);
      jumpTo(matches[next] ?? 0);
    },
    [match, matches, jumpTo],
  );
  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      if (isTyping(event)) return;
      if (event.key === 'f') toggleFollowing();
      else if (event.key === 'n') toMatch(1);
      else if (event.key === 'p') toMatch(-1);
    };
    document.addEventListener('keydown', onKey);
    return () => document.removeEventListener('keydown', onKey);
  }, [toMatch, toggleFollowing]);

  return (
    <section className={styles.log} aria-label="Events">
      <EventLogBar
        {...props}
        types={types}
        onSearch={(text) => {
          onSearch(text);
          setMatch(0);
        }}
        match={match}
        matchCount={matches.length}
        toMatch={toMatch}
      />
      <ScrollRegion
        regionRef={scroll.scroller}
        label="Event lines"
        className={styles.scroller}
        onWheel={scroll.onTouch}
        onKeyDown={scroll.onTouch}
        onPointerDown={scroll.onTouch}
        onTouchMove={scroll.onTouch}
        onScroll={scroll.onScroll}
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
                  <LogLineRow
                    runId={props.runId}
                    line={line}
                    before={lines[line.index - 1]?.event.cursor}
                    since={lines[0]?.at}
                    stepTitle={line.stepKey && (props.titles.get(line.stepKey) ?? line.stepKey)}
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
      {props.isReading && (
        <p className={styles.reading} role="status">
          Reading… {formatCount(lines.length)} events so far
        </p>
      )}
      {scroll.unseen > 0 && (
        <button type="button" className={styles.new} onClick={scroll.follow}>
          <Icon name="arrowDown" size={14} />
          {formatCount(scroll.unseen)} new {scroll.unseen === 1 ? 'event' : 'events'}
        </button>
      )}
    </section>
  );
}
