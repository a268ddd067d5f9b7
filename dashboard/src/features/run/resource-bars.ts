import type { GanttBar } from './gantt-layout';
import { metadataOfEvent, readMetadata } from './read-metadata';
import type { RunEvent } from './run-types';

/** When a run prepared resources, by the events that end it; those tell how long it took. */
export function resourceBars(events: readonly RunEvent[]): readonly GanttBar[] {
  return events.flatMap((event) => {
    const isReady = event.__typename === 'ResourceInitSuccessEvent';
    if (!isReady && event.__typename !== 'ResourceInitFailureEvent') return [];
    const to = Number(event.timestamp);
    const entry = metadataOfEvent(event).find(({ label }) => label === 'seconds');
    const seconds = (entry && readMetadata(entry)?.number) ?? 0;
    const bar: GanttBar = {
      from: to - seconds * 1_000,
      to,
      kind: isReady ? 'success' : 'failure',
      outlined: false,
      text: event.message,
    };
    return [bar];
  });
}
