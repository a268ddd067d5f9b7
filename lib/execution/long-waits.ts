import type { Clock } from '../ports/clock';
import { inSeconds } from './retry-decision';

/** When the first of the waits ends, and what for, in one line. */
export interface Suspension {
  /** Epoch ms. */
  readonly resumeAt: number;
  readonly cause: string;
}

/** The run is suspended: the wait goes on without this process. */
class SuspendedError extends Error {
  override readonly name = 'SuspendedError';
}

/**
 * Waits of a run's steps, and the decision that the run needs no process while they last: when nothing else of it is
 * under way, and the first of them ends no sooner than the threshold.
 */
export class LongWaits {
  private readonly clock: Clock;
  private readonly thresholdMs: number;
  private readonly dueAt = new Map<string, number>();
  private readonly ending = new AbortController();
  private decided: Suspension | null = null;

  /** @param thresholdMs infinite: never suspend */
  constructor(clock: Clock, thresholdMs: number) {
    this.clock = clock;
    this.thresholdMs = thresholdMs;
  }

  get suspension(): Suspension | null {
    return this.decided;
  }

  /** Waits before a step's next try. False when the run was suspended instead; rejects when aborted. */
  async wait(
    stepKey: string,
    seconds: number,
    underWay: () => number,
    signal: AbortSignal,
  ): Promise<boolean> {
    this.dueAt.set(stepKey, this.clock.now() + seconds * 1_000);
    this.decide(underWay());
    try {
      await this.clock.sleep(seconds * 1_000, AbortSignal.any([signal, this.ending.signal]));
      return true;
    } catch (error) {
      if (this.ending.signal.aborted && !signal.aborted) return false;
      throw error;
    } finally {
      this.dueAt.delete(stepKey);
    }
  }

  /** @param underWay steps that are under way, those that wait included */
  decide(underWay: number): void {
    if (this.decided !== null || this.dueAt.size === 0 || this.dueAt.size < underWay) return;
    const [first] = [...this.dueAt].sort(([, a], [, b]) => a - b);
    if (first === undefined) return;
    const [stepKey, resumeAt] = first;
    const left = resumeAt - this.clock.now();
    if (left < this.thresholdMs) return;
    const others = this.dueAt.size === 1 ? '' : ` (and ${this.dueAt.size - 1} more steps wait longer)`;
    const cause = `waiting until ${new Date(resumeAt).toISOString()} (${inSeconds(left / 1_000)}) for the next try of step "${stepKey}"${others}; no process is kept`;
    this.decided = { resumeAt, cause };
    this.ending.abort(new SuspendedError(cause));
  }
}
