import { availableParallelism } from 'node:os';
import type { BundleLocation } from '../model/worker-pool-messages';
import { type ChildCommand, type ChildDeath, ChildHandle } from './child-process';
import { ExecutionError } from './errors';

/** When a warm child is not used again. */
const REPLACE = { afterRuns: 100, growthBytes: 512 * 1_024 * 1_024 };

/** Idle children kept with a bundle in them, over all bundles. */
const MAX_IDLE = 4;
/** Those above it are kept for so long: the next run of a queue comes just after one has ended. */
const SPARE_MS = 5_000;

/**
 * Children that load one bundle at the same time. Loading is work for the processor, and most runs that wait get a child
 * which another run gives back meanwhile: a queue of short runs is served by a few children.
 */
const LOADS_AT_ONCE = Math.max(2, availableParallelism());
/** A load that takes longer waits for something other than the processor, and does not count. */
const SLOW_LOAD_MS = 500;

interface WarmChild {
  readonly hash: string;
  readonly child: ChildHandle;
}

/** A child that loads a bundle for whoever comes. */
interface Load extends WarmChild {
  isSlow: boolean;
}

/** A run that waits for a child with its bundle. */
interface Waiter {
  readonly bundle: BundleLocation;
  readonly child: PromiseWithResolvers<ChildHandle>;
}

/**
 * Children with user code, reused from run to run of the same bundle. A child serves one run at a time. One
 * without a bundle is kept ready, so that new code waits only for its own loading.
 */
export class WorkerPool {
  /** Told the pids of all children whenever they change. */
  onChange: (pids: readonly number[]) => void = () => {};
  private readonly command: ChildCommand;
  private readonly slowLoadMs: number;
  private readonly children = new Set<ChildHandle>();
  /** Those given back last come first. */
  private idle: WarmChild[] = [];
  private readonly loads = new Set<Load>();
  private readonly waiters = new Set<Waiter>();
  private readonly hashes = new Map<ChildHandle, string>();
  private blank: ChildHandle | null = null;
  private isClosed = false;

  /** @param slowLoadMs what counts as a load that does not wait for the processor, in milliseconds */
  constructor(command: ChildCommand, { slowLoadMs = SLOW_LOAD_MS }: { readonly slowLoadMs?: number } = {}) {
    this.command = command;
    this.slowLoadMs = slowLoadMs;
    this.blank = this.spawn();
  }

  /** Begins to load a bundle into an idle child, unless one is there. */
  warm(bundle: BundleLocation): void {
    const isReady =
      this.idle.some(({ hash }) => hash === bundle.hash) || this.loadsOf(bundle.hash).length > 0;
    if (!this.isClosed && !isReady) this.load(bundle);
  }

  /**
   * A child with the bundle loaded, for one run. `signal` ends a load that does not end.
   *
   * @throws {BundleLoadError}
   */
  async acquire(bundle: BundleLocation, fresh: boolean, signal: AbortSignal): Promise<ChildHandle> {
    signal.throwIfAborted();
    return fresh ? this.acquireFresh(bundle, signal) : this.acquireWarm(bundle, signal);
  }

  /** Gives a child back after a run that ended by itself; it is kept unless it is worn out. */
  release(child: ChildHandle): void {
    child.listen(null);
    const hash = this.hashes.get(child);
    const grown = child.memory - (child.firstMemory ?? child.memory);
    const isWorn = child.runs >= REPLACE.afterRuns || grown > REPLACE.growthBytes;
    if (hash === undefined || !child.isAlive || isWorn || this.isClosed) void this.discard(child);
    else this.keep({ hash, child });
  }

  /** Kills a child: after a crash, a cancel, or when it had a process of its own. */
  discard(child: ChildHandle): Promise<ChildDeath> {
    this.hashes.delete(child);
    this.idle = this.idle.filter((warm) => warm.child !== child);
    for (const load of this.loads) if (load.child === child) this.loads.delete(load);
    child.kill();
    return child.gone;
  }

  /** Kills all children; resolves when they are gone. */
  async close(): Promise<void> {
    this.isClosed = true;
    for (const { child } of this.waiters) child.reject(new ExecutionError('The worker pool was closed.'));
    this.waiters.clear();
    await Promise.all([...this.children].map((child) => this.discard(child)));
  }

  private async acquireFresh(bundle: BundleLocation, signal: AbortSignal): Promise<ChildHandle> {
    const child = this.takeBlank(bundle);
    const kill = (): void => child.kill();
    signal.addEventListener('abort', kill, { once: true });
    try {
      await child.load(bundle.path);
      this.replaceBlank();
      signal.throwIfAborted();
      return child;
    } catch (error) {
      void this.discard(child);
      throw error;
    } finally {
      signal.removeEventListener('abort', kill);
    }
  }

  private async acquireWarm(bundle: BundleLocation, signal: AbortSignal): Promise<ChildHandle> {
    const waiter = { bundle, child: Promise.withResolvers<ChildHandle>() };
    this.waiters.add(waiter);
    const leave = (): void => {
      this.waiters.delete(waiter);
      waiter.child.reject(signal.reason);
      // One that does not end would be waited for by the next run too.
      const [oldest, ...others] = this.loadsOf(bundle.hash);
      if (oldest !== undefined && others.length >= this.waitersOf(bundle.hash).length) {
        void this.discard(oldest.child);
      }
    };
    signal.addEventListener('abort', leave, { once: true });
    this.serve(bundle.hash);
    const child = await waiter.child.promise.finally(() => signal.removeEventListener('abort', leave));
    if (!signal.aborted) return child;
    this.release(child);
    throw signal.reason;
  }

  /** Hands idle children to the runs that wait, in order, and loads more for those that are left. */
  private serve(hash: string): void {
    if (this.isClosed) return;
    for (const waiter of this.waitersOf(hash)) {
      const index = this.idle.findIndex((warm) => warm.hash === hash && warm.child.isAlive);
      const [found] = index < 0 ? [] : this.idle.splice(index, 1);
      if (found === undefined) break;
      this.waiters.delete(waiter);
      waiter.child.resolve(found.child);
    }
    const [waiting] = this.waitersOf(hash);
    if (waiting === undefined) return;
    const loads = this.loadsOf(hash);
    const quick = loads.filter(({ isSlow }) => !isSlow).length;
    const wanted = Math.min(this.waitersOf(hash).length - loads.length, LOADS_AT_ONCE - quick);
    for (let i = 0; i < wanted; i++) this.load(waiting.bundle);
  }

  /** Lets a child load a bundle for the first that waits for one, or to be kept. */
  private load(bundle: BundleLocation): void {
    const { hash } = bundle;
    const child = this.takeBlank(bundle);
    const load: Load = { hash, child, isSlow: false };
    this.loads.add(load);
    const slow = setTimeout(() => {
      load.isSlow = true;
      this.serve(hash);
    }, this.slowLoadMs);
    child
      .load(bundle.path)
      .then(
        () => {
          if (this.loads.delete(load)) this.keep(load);
        },
        (error: unknown) => {
          const wasWanted = this.loads.delete(load);
          void this.discard(child);
          const [first] = wasWanted ? this.waitersOf(hash) : [];
          if (first === undefined) return;
          this.waiters.delete(first);
          first.child.reject(error);
        },
      )
      .finally(() => {
        clearTimeout(slow);
        this.replaceBlank();
        this.serve(hash);
      });
  }

  /** A child with a bundle goes to whoever waits for it; otherwise it is kept for later. */
  private keep({ hash, child }: WarmChild): void {
    this.idle.unshift({ hash, child });
    this.serve(hash);
    if (this.idle.length > MAX_IDLE) setTimeout(() => this.trim(), SPARE_MS).unref();
  }

  private loadsOf(hash: string): readonly Load[] {
    return [...this.loads].filter((load) => load.hash === hash);
  }

  private waitersOf(hash: string): readonly Waiter[] {
    return [...this.waiters].filter(({ bundle }) => bundle.hash === hash);
  }

  private takeBlank(bundle: BundleLocation): ChildHandle {
    const child = this.blank?.isAlive ? this.blank : this.spawn();
    this.blank = null;
    this.hashes.set(child, bundle.hash);
    return child;
  }

  private replaceBlank(): void {
    if (!this.isClosed) this.blank ??= this.spawn();
  }

  private spawn(): ChildHandle {
    const child = new ChildHandle(this.command);
    this.children.add(child);
    // Later, so that whoever listens is told of the first child too.
    queueMicrotask(() => this.report());
    void child.gone.then(() => {
      this.children.delete(child);
      this.report();
      this.hashes.delete(child);
      this.idle = this.idle.filter((warm) => warm.child !== child);
      if (this.blank === child) this.blank = null;
    });
    return child;
  }

  private report(): void {
    this.onChange([...this.children].map(({ pid }) => pid));
  }

  private trim(): void {
    for (const { child } of this.idle.slice(MAX_IDLE)) void this.discard(child);
  }
}
