interface Waiter {
  readonly priority: number;
  readonly order: number;
  resolve(): void;
  reject(reason: unknown): void;
}

/** Lets a limited number of holders in at once: highest priority first, then lowest order. */
export class PrioritySemaphore {
  private free: number;
  private readonly waiters: Waiter[] = [];
  private isWaking = false;

  constructor(limit: number) {
    this.free = limit;
  }

  /** Resolves when there is room; rejects with the signal's reason when aborted before. */
  acquire(priority: number, order: number, signal: AbortSignal): Promise<void> {
    if (signal.aborted) return Promise.reject(signal.reason as Error);
    return new Promise<void>((resolve, reject) => {
      const onAbort = (): void => {
        const index = this.waiters.indexOf(waiter);
        if (index >= 0) this.waiters.splice(index, 1);
        reject(signal.reason as Error);
      };
      const waiter: Waiter = {
        priority,
        order,
        resolve: () => {
          signal.removeEventListener('abort', onAbort);
          resolve();
        },
        reject,
      };
      signal.addEventListener('abort', onAbort, { once: true });
      const after = this.waiters.findIndex((other) => isBefore(waiter, other));
      this.waiters.splice(after < 0 ? this.waiters.length : after, 0, waiter);
      this.wakeSoon();
    });
  }

  release(): void {
    this.free += 1;
    this.wakeSoon();
  }

  /** Steps that become ready together are compared before any of them gets in. */
  private wakeSoon(): void {
    if (this.isWaking) return;
    this.isWaking = true;
    queueMicrotask(() => {
      this.isWaking = false;
      while (this.free > 0) {
        const waiter = this.waiters.shift();
        if (waiter === undefined) return;
        this.free -= 1;
        waiter.resolve();
      }
    });
  }
}

function isBefore(a: Waiter, b: Waiter): boolean {
  return a.priority === b.priority ? a.order < b.order : a.priority > b.priority;
}
