import { useMemo, useRef } from 'react';
import { type LogLine, toLogLine } from './log-filter';
import type { RunEventLog } from './use-run-events';

/** The events of a log as its lines. Those that were there before stay what they were: only new ones are made. */
export function useLogLines(log: RunEventLog | undefined): readonly LogLine[] {
  const made = useRef<readonly LogLine[]>([]);
  return useMemo(() => {
    const events = log?.events ?? [];
    const known = made.current;
    const isSame = known.length <= events.length && known.at(-1)?.event === events[known.length - 1];
    const kept = isSame ? known : [];
    const lines = [
      ...kept,
      ...events.slice(kept.length).map((event, i) => toLogLine(event, kept.length + i)),
    ];
    made.current = lines;
    return lines;
  }, [log]);
}
