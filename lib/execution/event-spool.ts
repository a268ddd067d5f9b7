import type { NewEvent } from '../model/event';
import { overflowObjectKey } from '../model/event-overflow';
import type { AttemptRef } from '../model/run';
import type { Clock } from '../ports/clock';
import type { ObjectStore } from '../ports/object-store';
import type { WorkerStorage } from '../ports/worker-storage';
import { type EventRow, toEventRow } from './event-row';
import { retryTransient } from './retry-transient';

/** Milliseconds that an event may wait for others to go with it. */
const MAX_DELAY = 50;
/** Bytes and rows of one append; the Data API takes 4 MiB a request. */
const MAX_BATCH_BYTES = 512 * 1_024;
const MAX_BATCH_ROWS = 1_000;
/** Unstored bytes above which the producer is held back, and below which it goes on. */
const HIGH_WATER = 4 * 1_024 * 1_024;
const LOW_WATER = 1_024 * 1_024;

export interface EventSpoolOptions {
  readonly ref: AttemptRef;
  /** Sequence number of the last event stored. */
  readonly lastSeq: number;
  readonly storage: Pick<WorkerStorage, 'appendEvents'>;
  readonly objectStore: Pick<ObjectStore, 'put'>;
  readonly clock: Clock;
  /** Called with true when more is waiting than memory should hold, with false when it is not any more. */
  onPressure(isHigh: boolean): void;
  /** The attempt is stale, or storage refuses for good: nothing more will be written. */
  onRefused(error: unknown): void;
}

/**
 * Carries one attempt's events to storage: in order, in batches, numbered without gaps, repeated on transient
 * faults until they are stored. Memory is bounded by holding the producer back.
 */
export class EventSpool {
  private readonly options: EventSpoolOptions;
  private readonly rows: EventRow[] = [];
  private waitingBytes = 0;
  /** Number of the first row that waits. */
  private nextSeq: number;
  /** Number that the next added event gets. */
  private addSeq: number;
  private sending: Promise<void> | null = null;
  private readonly stopping = new AbortController();
  private timer: NodeJS.Timeout | null = null;
  private isHigh = false;
  private refused: { readonly error: unknown } | null = null;

  constructor(options: EventSpoolOptions) {
    this.options = options;
    this.nextSeq = options.lastSeq + 1;
    this.addSeq = this.nextSeq;
  }

  /** Takes an event; it is stored within about 50 ms when storage answers. */
  add(event: NewEvent): void {
    if (this.refused !== null) return;
    const { runId, attempt } = this.options.ref;
    const row = toEventRow(event, overflowObjectKey(runId, attempt, this.addSeq));
    this.addSeq += 1;
    this.rows.push(row);
    this.waitingBytes += weightOf(row);
    if (!this.isHigh && this.waitingBytes > HIGH_WATER) {
      this.isHigh = true;
      this.options.onPressure(true);
    }
    if (this.waitingBytes >= MAX_BATCH_BYTES) this.send();
    else this.timer ??= setTimeout(() => this.send(), MAX_DELAY);
  }

  /** Resolves when all that was added is stored; throws what storage refused with. */
  async flush(): Promise<void> {
    while (this.rows.length > 0 && this.refused === null) {
      this.send();
      await this.sending;
    }
    if (this.refused !== null) throw this.refused.error;
  }

  /** Drops what waits: the attempt is not ours any more. */
  stop(error: unknown): void {
    this.refused ??= { error };
    this.stopping.abort(error);
    this.rows.length = 0;
    this.clearTimer();
    this.release();
  }

  private send(): void {
    this.clearTimer();
    this.sending ??= this.drain().finally(() => {
      this.sending = null;
      if (this.rows.length > 0) this.timer ??= setTimeout(() => this.send(), MAX_DELAY);
    });
  }

  private async drain(): Promise<void> {
    const { storage, objectStore, ref, clock } = this.options;
    const signal = { signal: this.stopping.signal };
    try {
      do {
        const batch = this.nextBatch();
        for (const { overflow } of batch) {
          if (overflow === null) continue;
          await retryTransient(() => objectStore.put(overflow.key, overflow.body), clock, signal);
        }
        const events = batch.map(({ event }) => event);
        await retryTransient(() => storage.appendEvents(ref, this.nextSeq, events), clock, signal);
        if (this.refused !== null) return;
        this.rows.splice(0, batch.length);
        this.nextSeq += batch.length;
        this.waitingBytes = this.rows.reduce((sum, row) => sum + weightOf(row), 0);
        if (this.waitingBytes < LOW_WATER) this.release();
      } while (this.waitingBytes >= MAX_BATCH_BYTES);
    } catch (error) {
      const isNew = this.refused === null;
      this.stop(error);
      if (isNew) this.options.onRefused(error);
    }
  }

  private nextBatch(): EventRow[] {
    let bytes = 0;
    const batch: EventRow[] = [];
    for (const row of this.rows) {
      if (batch.length > 0 && (bytes + row.bytes > MAX_BATCH_BYTES || batch.length >= MAX_BATCH_ROWS)) break;
      batch.push(row);
      bytes += row.bytes;
    }
    return batch;
  }

  private release(): void {
    if (!this.isHigh) return;
    this.isHigh = false;
    this.options.onPressure(false);
  }

  private clearTimer(): void {
    if (this.timer !== null) clearTimeout(this.timer);
    this.timer = null;
  }
}

/** Bytes of memory that a row takes until it is stored: a shortened one with the whole event beside it. */
const weightOf = ({ bytes, overflow }: EventRow): number => bytes + (overflow?.body.length ?? 0);
