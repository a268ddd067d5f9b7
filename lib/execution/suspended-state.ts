import type { JsonObject } from '../model/json';
import type { RunSuspension } from '../ports/worker-storage';
import type { AttemptJournal } from './attempt-journal';
import type { Suspension } from './long-waits';
import type { RunState } from './run-state';

/** A suspension as storage takes it. */
export function toRunSuspension(
  { resumeAt, cause }: Suspension,
  journal: Pick<AttemptJournal, 'ledger' | 'text'>,
  now: number,
): RunSuspension {
  return { resumeAt, cause: journal.text(cause), state: toSuspendedState(journal.ledger.state(now), now) };
}

/**
 * What the attempt after a suspension cannot know from the run's events alone: steps that have failed for good, retries
 * that are used up, and when steps are due, as instants, because nobody knows when it begins.
 */
export function toSuspendedState(state: RunState, now: number): JsonObject {
  const { failed, retriesUsed, secondsToWait, failedBlockingChecks, reportedNotExecuted } = state;
  const dueAt = Object.entries(secondsToWait).map(([step, seconds]) => [step, now + seconds * 1_000]);
  return {
    failed,
    retriesUsed,
    dueAt: Object.fromEntries(dueAt),
    failedBlockingChecks,
    reportedNotExecuted,
  };
}

/** The state of a run that begins from storage, with what a suspended attempt left. */
export function withSuspendedState(initial: RunState, stored: JsonObject | null, now: number): RunState {
  if (stored === null) return initial;
  const suspended = stored as Partial<Omit<RunState, 'secondsToWait'>> & {
    readonly dueAt?: Readonly<Record<string, number>>;
  };
  const done = new Set(initial.completed.map(({ stepKey }) => stepKey));
  const open = <T>(entries: Readonly<Record<string, T>> = {}): [string, T][] =>
    Object.entries(entries).filter(([step]) => !done.has(step));
  return {
    ...initial,
    failed: Object.fromEntries(open(suspended.failed)),
    retriesUsed: Object.fromEntries(open(suspended.retriesUsed)),
    secondsToWait: Object.fromEntries(
      open(suspended.dueAt).map(([step, due]) => [step, Math.max(0, (due - now) / 1_000)]),
    ),
    failedBlockingChecks: suspended.failedBlockingChecks ?? [],
    reportedNotExecuted: suspended.reportedNotExecuted ?? [],
  };
}
