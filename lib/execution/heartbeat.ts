import type { AttemptRef } from '../model/run';
import { StaleAttemptError, type WorkerStorage } from '../ports/worker-storage';

/** Milliseconds between beats. */
const INTERVAL = 5_000;

export interface HeartbeatOptions {
  readonly ref: AttemptRef;
  readonly storage: Pick<WorkerStorage, 'heartbeat'>;
  onCancel(): void;
  /** A queued run waits for what this attempt gave back. */
  onDequeue(): void;
  /** The attempt belongs to another worker, or is over. */
  onStale(error: StaleAttemptError): void;
}

/** Tells storage every 5 seconds that the worker lives, and hears what is wanted of it. */
export class Heartbeat {
  private readonly options: HeartbeatOptions;
  private readonly timer: NodeJS.Timeout;
  private beating: Promise<void> | null = null;

  constructor(options: HeartbeatOptions) {
    this.options = options;
    this.timer = setInterval(() => void this.beat(), INTERVAL);
  }

  /** Beats now; resolves when storage has answered. Never throws. */
  beat(): Promise<void> {
    this.beating ??= this.beatOnce().finally(() => {
      this.beating = null;
    });
    return this.beating;
  }

  stop(): void {
    clearInterval(this.timer);
  }

  private async beatOnce(): Promise<void> {
    const { ref, storage, onCancel, onDequeue, onStale } = this.options;
    try {
      const instruction = await storage.heartbeat(ref);
      if (instruction === 'cancel') onCancel();
      if (instruction === 'dequeue') onDequeue();
    } catch (error) {
      // A fault that passes is tried again with the next beat; the run is late only after many.
      if (error instanceof StaleAttemptError) onStale(error);
    }
  }
}
