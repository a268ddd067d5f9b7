import type { Clock } from '../../ports/clock';
import type { Scheduler } from '../../ports/scheduler';

export interface TimerSchedulerOptions {
  readonly clock: Clock;
  /** What an alarm leads to; the entry point hands it in. It sets the next alarm itself. */
  wakeUp(): Promise<void>;
  onError(error: unknown): void;
}

/**
 * The wall clock is looked at this often, in milliseconds: a machine that slept, or whose clock was set, is late by
 * no more than this. It also keeps every timer far below the 24.8 days that one can count.
 */
const MAX_SLEEP_MS = 15_000;
/** A wake-up that failed and set no alarm is tried again after this. */
const RETRY_MS = 30_000;

/** Alarms by timers, for a process that stays. */
export class TimerScheduler implements Scheduler {
  readonly precisionMs = 1;
  private readonly options: TimerSchedulerOptions;
  private alarm: AbortController | null = null;
  private isClosed = false;

  constructor(options: TimerSchedulerOptions) {
    this.options = options;
  }

  async setAlarm(at: number | null): Promise<void> {
    this.alarm?.abort();
    this.alarm = null;
    if (at === null || this.isClosed) return;
    const alarm = new AbortController();
    this.alarm = alarm;
    void this.wait(at, alarm);
  }

  /** A timer can be set to any instant, so there is nothing to prepare. */
  async setTimings(): Promise<void> {}

  /** No alarm goes off any more. */
  close(): void {
    this.isClosed = true;
    this.alarm?.abort();
    this.alarm = null;
  }

  private async wait(at: number, alarm: AbortController): Promise<void> {
    const { clock, wakeUp, onError } = this.options;
    try {
      for (let left = at - clock.now(); left > 0; left = at - clock.now()) {
        await clock.sleep(Math.min(left, MAX_SLEEP_MS), alarm.signal);
      }
    } catch {
      return;
    }
    if (alarm.signal.aborted) return;
    this.alarm = null;
    try {
      await wakeUp();
    } catch (error) {
      onError(error);
      if (this.alarm === null) await this.setAlarm(clock.now() + RETRY_MS);
    }
  }
}
