import type { Clock } from '../../../lib/ports/clock';
import type { Scheduled, Timeline } from './timeline';

/**
 * Something that runs code and may die between any two steps of it: what it waits for then never comes. Its clock may
 * be wrong.
 */
export class Process {
  readonly name: string;
  readonly clock: Clock;
  private readonly deaths: (() => void)[] = [];
  isAlive = true;

  constructor(name: string, timeline: Timeline, skewMs = 0) {
    this.name = name;
    this.clock = {
      now: () => Math.floor(timeline.now + skewMs),
      sleep: (ms, signal) =>
        new Promise((resolve, reject) => {
          if (signal?.aborted) {
            reject(signal.reason);
            return;
          }
          const timer: Scheduled = timeline.after(ms, () => {
            signal?.removeEventListener('abort', stop);
            if (this.isAlive) resolve();
          });
          const stop = (): void => {
            timer.cancel();
            if (this.isAlive) reject(signal?.reason);
          };
          signal?.addEventListener('abort', stop, { once: true });
        }),
    };
  }

  kill(): void {
    if (!this.isAlive) return;
    this.isAlive = false;
    for (const death of this.deaths.splice(0)) death();
  }

  /** Called once, when the process dies; at once if it has. */
  onDeath(call: () => void): void {
    if (this.isAlive) this.deaths.push(call);
    else call();
  }
}
