import type { BundleLocation } from '../model/worker-pool-messages';
import { type ChildCommand, type ChildDeath, ChildHandle } from './child-process';

/** When a warm child is not used again. */
const REPLACE = { afterRuns: 100, growthBytes: 512 * 1_024 * 1_024 };

/** Idle children kept with a bundle in them, over all bundles. */
const MAX_IDLE = 4;

interface WarmChild {
  readonly hash: string;
  readonly child: ChildHandle;
  readonly loaded: Promise<void>;
}

/**
 * Children with user code, reused from run to run of the same bundle. A child serves one run at a time. One
 * without a bundle is kept ready, so that new code waits only for its own loading.
 */
export class WorkerPool {
  /** Told the pids of all children whenever they change. */
  onChange: (pids: readonly number[]) => void = () => {};
  private readonly command: ChildCommand;
  private readonly children = new Set<ChildHandle>();
  private idle: WarmChild[] = [];
  private readonly hashes = new Map<ChildHandle, string>();
  private blank: ChildHandle | null = null;
  private isClosed = false;

  constructor(command: ChildCommand) {
    this.command = command;
    this.blank = this.spawn();
  }

  /** Begins to load a bundle into an idle child, unless one is there. */
  warm(bundle: BundleLocation): void {
    if (this.isClosed || this.idle.some(({ hash, child }) => hash === bundle.hash && child.isAlive)) return;
    this.idle.push(this.load(bundle));
    this.trim();
  }

  /**
   * A child with the bundle loaded, for one run. `signal` ends a load that does not end.
   *
   * @throws {BundleLoadError}
   */
  async acquire(bundle: BundleLocation, fresh: boolean, signal: AbortSignal): Promise<ChildHandle> {
    const index = fresh
      ? -1
      : this.idle.findIndex(({ hash, child }) => hash === bundle.hash && child.isAlive);
    const [found] = index < 0 ? [] : this.idle.splice(index, 1);
    const { child, loaded } = found ?? this.load(bundle);
    const kill = (): void => child.kill();
    signal.addEventListener('abort', kill, { once: true });
    try {
      await loaded;
      signal.throwIfAborted();
      return child;
    } catch (error) {
      this.discard(child);
      throw error;
    } finally {
      signal.removeEventListener('abort', kill);
    }
  }

  /** Gives a child back after a run that ended by itself; it is kept unless it is worn out. */
  release(child: ChildHandle): void {
    child.listen(null);
    const hash = this.hashes.get(child);
    const grown = child.memory - (child.firstMemory ?? child.memory);
    const isWorn = child.runs >= REPLACE.afterRuns || grown > REPLACE.growthBytes;
    if (hash === undefined || !child.isAlive || isWorn || this.isClosed) {
      this.discard(child);
      return;
    }
    this.idle.unshift({ hash, child, loaded: Promise.resolve() });
    this.trim();
  }

  /** Kills a child: after a crash, a cancel, or when it had a process of its own. */
  discard(child: ChildHandle): Promise<ChildDeath> {
    this.hashes.delete(child);
    this.idle = this.idle.filter((warm) => warm.child !== child);
    child.kill();
    return child.gone;
  }

  /** Kills all children; resolves when they are gone. */
  async close(): Promise<void> {
    this.isClosed = true;
    await Promise.all([...this.children].map((child) => this.discard(child)));
  }

  private load(bundle: BundleLocation): WarmChild {
    const child = this.blank?.isAlive ? this.blank : this.spawn();
    this.blank = null;
    this.hashes.set(child, bundle.hash);
    const loaded = child.load(bundle.path);
    loaded.catch(() => this.discard(child));
    void loaded
      .catch(() => {})
      .then(() => {
        if (!this.isClosed) this.blank ??= this.spawn();
      });
    return { hash: bundle.hash, child, loaded };
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
