import { metadataLabel } from '../../components/format/metadata-label';
import type { RunEvent } from './run-types';

export type LogLevelFilter = 'all' | 'info' | 'warn' | 'error';

export interface LogLine {
  /** Position in the run's log; the deep link. */
  readonly index: number;
  readonly at: number;
  readonly level: string;
  readonly type: string;
  readonly stepKey: string | null;
  readonly text: string;
  readonly event: RunEvent;
}

const ranks: Readonly<Record<string, number>> = { DEBUG: 0, INFO: 1, WARNING: 2, ERROR: 3, CRITICAL: 4 };
const minimum: Readonly<Record<LogLevelFilter, number>> = { all: 0, info: 1, warn: 2, error: 3 };

/** The metadata that fits on the line: numbers first, three at most. */
function metadataText(event: RunEvent): string {
  if (event.__typename !== 'MaterializationEvent') return '';
  return event.metadataEntries
    .flatMap((entry) =>
      entry.__typename === 'IntMetadataEntry'
        ? [`${metadataLabel(entry.label)} ${Number(entry.intRepr).toLocaleString('en-US')}`]
        : entry.__typename === 'FloatMetadataEntry'
          ? [`${metadataLabel(entry.label)} ${entry.floatRepr}`]
          : [],
    )
    .slice(0, 3)
    .join(' · ');
}

/** An event as a line of the log. Events that fail count as errors whatever level they carry. */
export function toLogLine(event: RunEvent, index: number): LogLine {
  const type = event.eventType ?? 'LOGS';
  const failed = /FAILURE$|ERRORED$/.test(type);
  const extra = metadataText(event);
  return {
    index,
    at: Number(event.timestamp),
    level: failed ? 'ERROR' : type === 'STEP_UP_FOR_RETRY' ? 'WARNING' : event.level,
    type: type === 'LOGS' ? 'LOG' : type,
    stepKey: event.stepKey,
    text: extra ? `${event.message || type} · ${extra}` : event.message || type,
    event,
  };
}

/** Whether a line passes the level and the steps; events of the run itself pass any steps only when none are set. */
export function passes(
  line: LogLine,
  level: LogLevelFilter,
  steps: ReadonlySet<string> | undefined,
): boolean {
  if ((ranks[line.level] ?? 1) < minimum[level]) return false;
  return !steps || (line.stepKey !== null && steps.has(line.stepKey));
}

/** Positions in `lines` whose text, type or step holds the search text. */
export function findMatches(lines: readonly LogLine[], text: string): number[] {
  const wanted = text.trim().toLowerCase();
  if (!wanted) return [];
  const found: number[] = [];
  lines.forEach((line, position) => {
    if (`${line.type} ${line.stepKey ?? ''} ${line.text}`.toLowerCase().includes(wanted))
      found.push(position);
  });
  return found;
}

/** The first line that tells why a run failed: a step's failure before the run's own. */
export function findCause(lines: readonly LogLine[]): LogLine | undefined {
  return (
    lines.find(
      (line) => line.type === 'STEP_FAILURE' && Boolean('error' in line.event && line.event.error),
    ) ??
    lines.find((line) => line.type === 'STEP_FAILURE') ??
    lines.find((line) => line.type === 'PIPELINE_FAILURE' || line.type === 'RUN_FAILURE')
  );
}

/** The error of an event, in one line. */
export function errorText(line: LogLine): string {
  const error = 'error' in line.event ? line.event.error : null;
  if (!error) return line.text;
  const deepest = error.causes.at(-1) ?? error;
  return deepest.message.split('\n')[0]?.trim() || line.text;
}
