import { useVirtualizer } from '@tanstack/react-virtual';
import { type UIEvent, useCallback, useEffect, useLayoutEffect, useRef, useState } from 'react';
import type { LogLine } from './log-filter';

/**
 * The virtual list of a log: it follows the end while the run is live, stops when the reader scrolls up or jumps
 * to a line, and counts what came since.
 *
 * Whose scrolling it was is told by positions, not by time. While it follows, only this sets the position, and keeps
 * what it set: whatever is above that was the reader. After a jump no scrolling counts until the reader touches the log.
 */
export function useLogScroll(shown: readonly LogLine[], live: boolean, selected: number | undefined) {
  const [following, setFollowing] = useState(selected === undefined && live);
  const [seen, setSeen] = useState(0);
  const scroller = useRef<HTMLElement>(null);
  /** Where following has put the log. */
  const ownTop = useRef(0);
  /** The reader has not touched the log since it jumped to a line. */
  const jumping = useRef(false);
  const virtualizer = useVirtualizer({
    count: shown.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => 24,
    getItemKey: (position) => shown[position]?.index ?? position,
    overscan: 20,
  });
  virtualizer.shouldAdjustScrollPositionOnItemSizeChange = following ? () => false : undefined;

  const height = virtualizer.getTotalSize();
  // biome-ignore lint/correctness/useExhaustiveDependencies: the end moves with the height
  useLayoutEffect(() => {
    const log = scroller.current;
    if (!following || !log) return;
    log.scrollTop = log.scrollHeight;
    ownTop.current = log.scrollTop;
  }, [following, height]);
  useEffect(() => {
    if (following) setSeen(shown.length);
  }, [following, shown.length]);

  const jumpTo = useCallback(
    (position: number) => {
      jumping.current = true;
      setFollowing(false);
      virtualizer.scrollToIndex(position, { align: 'center' });
    },
    [virtualizer],
  );
  const jumped = useRef<number>(undefined);
  useEffect(() => {
    if (selected === undefined || jumped.current === selected) return;
    const position = shown.findIndex((line) => line.index === selected);
    if (position < 0) return;
    jumped.current = selected;
    setSeen(shown.length);
    jumpTo(position);
  }, [selected, shown, jumpTo]);

  return {
    scroller,
    virtualizer,
    /** Events that came since the reader stopped following. */
    unseen: following || !live ? 0 : Math.max(0, shown.length - seen),
    jumpTo,
    follow: () => setFollowing(true),
    toggleFollowing: useCallback(() => setFollowing((on) => !on), []),
    /** The reader does something with the log. */
    onTouch: () => {
      jumping.current = false;
    },
    onScroll: (event: UIEvent<HTMLElement>) => {
      const { scrollHeight, scrollTop, clientHeight } = event.currentTarget;
      const atEnd = scrollHeight - scrollTop - clientHeight < 8;
      if (following) {
        if (atEnd || scrollTop >= ownTop.current) return;
        setFollowing(false);
        setSeen(shown.length);
      } else if (atEnd && live && !jumping.current) setFollowing(true);
    },
  };
}
