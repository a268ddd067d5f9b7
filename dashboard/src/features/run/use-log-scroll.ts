import { useVirtualizer } from '@tanstack/react-virtual';
import { type UIEvent, useCallback, useEffect, useRef, useState } from 'react';
import type { LogLine } from './log-filter';

/** Scroll events this long after our own scrolling, in ms, are taken for its echo. */
const echoMs = 300;

/**
 * The virtual list of a log: it follows the end while the run is live, stops when the reader scrolls up or jumps
 * to a line, and counts what came since.
 */
export function useLogScroll(shown: readonly LogLine[], live: boolean, selected: number | undefined) {
  const [following, setFollowing] = useState(selected === undefined && live);
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

  const jumpTo = useCallback(
    (position: number) => {
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

  const stopFollowing = () => {
    if (!following) return;
    setFollowing(false);
    setSeen(shown.length);
  };
  return {
    scroller,
    virtualizer,
    /** Events that came since the reader stopped following. */
    unseen: following || !live ? 0 : Math.max(0, shown.length - seen),
    jumpTo,
    stopFollowing,
    follow: () => setFollowing(true),
    toggleFollowing: useCallback(() => setFollowing((on) => !on), []),
    onPointerDown: () => {
      ownScroll.current = 0;
    },
    onScroll: (event: UIEvent<HTMLElement>) => {
      const { scrollHeight, scrollTop, clientHeight } = event.currentTarget;
      const atEnd = scrollHeight - scrollTop - clientHeight < 8;
      if (atEnd && live && !following) setFollowing(true);
      else if (!atEnd && following && performance.now() - ownScroll.current > echoMs) stopFollowing();
    },
  };
}
