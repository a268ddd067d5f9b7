interface Entry {
  readonly at: number;
  readonly order: number;
  readonly action: () => void | Promise<void>;
  isCanceled: boolean;
}

export interface Scheduled {
  cancel(): void;
}

/**
 * Virtual time. Everything that happens is an entry here, and one entry at a time is carried out: together with what
 * it lets go on, until all of that waits for other entries. So the same entries always happen in the same order.
 */
export class Timeline {
  now: number;
  private readonly heap: Entry[] = [];
  private order = 0;

  constructor(start: number) {
    this.now = start;
  }

  /** Equal instants happen in the order in which they were asked for. */
  after(delayMs: number, action: () => void | Promise<void>): Scheduled {
    const entry: Entry = {
      at: this.now + Math.max(0, delayMs),
      order: this.order++,
      action,
      isCanceled: false,
    };
    this.push(entry);
    return {
      cancel: () => {
        entry.isCanceled = true;
      },
    };
  }

  /** Carries out the next entry; false when nothing is left that is due by `until`. */
  async step(until: number): Promise<boolean> {
    for (;;) {
      const next = this.heap[0];
      if (next === undefined || next.at > until) {
        this.now = Math.max(this.now, until);
        return false;
      }
      this.pop();
      if (next.isCanceled) continue;
      this.now = Math.max(this.now, next.at);
      await next.action();
      await settle();
      return true;
    }
  }

  private push(entry: Entry): void {
    const { heap } = this;
    let index = heap.push(entry) - 1;
    for (
      let parent = (index - 1) >> 1;
      index > 0 && isBefore(entry, heap[parent]);
      parent = (index - 1) >> 1
    ) {
      heap[index] = heap[parent] as Entry;
      index = parent;
    }
    heap[index] = entry;
  }

  private pop(): void {
    const { heap } = this;
    const last = heap.pop() as Entry;
    if (heap.length === 0) return;
    let index = 0;
    for (;;) {
      let child = 2 * index + 1;
      if (child >= heap.length) break;
      if (isBefore(heap[child + 1], heap[child])) child += 1;
      if (!isBefore(heap[child], last)) break;
      heap[index] = heap[child] as Entry;
      index = child;
    }
    heap[index] = last;
  }
}

function isBefore(a: Entry | undefined, b: Entry | undefined): boolean {
  if (a === undefined || b === undefined) return false;
  return a.at < b.at || (a.at === b.at && a.order < b.order);
}

/** Microtasks are all done before an immediate comes; nothing here waits for anything else. */
function settle(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}
