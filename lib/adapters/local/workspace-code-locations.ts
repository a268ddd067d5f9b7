import { resolve, sep } from 'node:path';
import type { CodeLocation } from '../../model/code-location';
import type { Manifest } from '../../model/manifest';
import { type SerializableError, toSerializableError } from '../../model/serializable-error';
import type { Clock } from '../../ports/clock';
import type { CodeLocationRegistry } from '../../ports/code-location-registry';
import { type PathWatcher, watchPaths } from './watch-paths';

/** What a build of a location came to. */
export interface LocationBuild {
  readonly hash: string;
  readonly manifest: Manifest;
  /** Sources that went into it, absolute; those outside of `watch` are watched too. */
  readonly sources?: readonly string[];
}

export interface WorkspaceLocation {
  readonly name: string;
  /** Files and folders whose changes rebuild it, absolute. Empty = none. */
  readonly watch: readonly string[];
  build(): Promise<LocationBuild>;
  /** Sources that a failed build names, absolute: one of them is going to be mended. */
  sourcesOf?(error: unknown): readonly string[];
}

export interface WorkspaceCodeLocationsOptions {
  readonly locations: readonly WorkspaceLocation[];
  readonly clock: Clock;
  /** Seconds that the first build, and a later one, of a location may take until it is shown as failed; default 180. */
  readonly timeouts?: { readonly first: number; readonly reload: number };
  /** The error of a build as it may be shown. Default: as it is. */
  shown?(error: SerializableError): SerializableError;
  /** Told when files cannot be watched. */
  onError(message: string, error: unknown): void;
}

/** Dagster's defaults of `code_servers`. */
const TIMEOUTS = { first: 180, reload: 180 };

/** Editors write in several steps; their last one is waited for so long, in milliseconds. */
const DEBOUNCE_MS = 50;

/**
 * The locations of a workspace on this machine: built at start and again whenever their sources change, each apart
 * from the others. One that does not build shows why and keeps its last good definitions.
 */
export class WorkspaceCodeLocations implements CodeLocationRegistry {
  private readonly slots: ReadonlyMap<string, LocationSlot>;
  private readonly listeners = new Set<(location: CodeLocation) => void>();
  private snapshot: readonly CodeLocation[] | null = null;

  constructor(options: WorkspaceCodeLocationsOptions) {
    const changed = (location: CodeLocation): void => {
      this.snapshot = null;
      for (const listener of this.listeners) listener(location);
    };
    this.slots = new Map(
      options.locations.map((location) => [location.name, new LocationSlot(location, options, changed)]),
    );
  }

  /** Builds every location; resolves when each has loaded or shows why not. */
  async load(): Promise<void> {
    await Promise.all([...this.slots.values()].map((slot) => slot.rebuildInTime()));
  }

  /** The same array until something changes, so that what is derived from it can be kept with it. */
  async list(): Promise<readonly CodeLocation[]> {
    this.snapshot ??= [...this.slots.values()]
      .map((slot) => slot.current)
      .sort((a, b) => (a.name < b.name ? -1 : 1));
    return this.snapshot;
  }

  async get(name: string): Promise<CodeLocation | undefined> {
    return this.slots.get(name)?.current;
  }

  async reload(name: string): Promise<CodeLocation | undefined> {
    const slot = this.slots.get(name);
    await slot?.rebuildInTime();
    return slot?.current;
  }

  /** Calls back after every change that can be seen. Returns how to stop that. */
  onChange(listener: (location: CodeLocation) => void): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }

  /** Watches no more; a build that is going on is waited for. */
  async close(): Promise<void> {
    await Promise.all([...this.slots.values()].map((slot) => slot.close()));
  }
}

class LocationSlot {
  current: CodeLocation;
  private readonly location: WorkspaceLocation;
  private readonly options: WorkspaceCodeLocationsOptions;
  private readonly changed: (location: CodeLocation) => void;
  private watcher: PathWatcher | null = null;
  private watched = '';
  /** Of the last build that worked: it is among them that a broken one is mended. */
  private sources: readonly string[] = [];
  private debounce: NodeJS.Timeout | null = null;
  /** The build that is going on, and the one that follows it because something changed meanwhile. */
  private building: Promise<void> | null = null;
  private next: Promise<void> | null = null;
  private isClosed = false;
  private readonly whenLate = new Set<() => void>();

  constructor(
    location: WorkspaceLocation,
    options: WorkspaceCodeLocationsOptions,
    changed: (location: CodeLocation) => void,
  ) {
    this.location = location;
    this.options = options;
    this.changed = changed;
    this.current = {
      name: location.name,
      status: 'LOADING',
      manifest: null,
      bundleHash: null,
      error: null,
      updatedAt: options.clock.now(),
    };
  }

  /** Like `rebuild`, but also resolves when the build took too long, which is shown then. */
  async rebuildInTime(): Promise<void> {
    const late = Promise.withResolvers<void>();
    this.whenLate.add(late.resolve);
    await Promise.race([this.rebuild(), late.promise]);
    this.whenLate.delete(late.resolve);
  }

  /** Resolves when a build that began after the call is done. */
  rebuild(): Promise<void> {
    if (this.building === null) {
      this.building = this.build().finally(() => {
        this.building = null;
      });
      return this.building;
    }
    this.next ??= this.building.then(() => {
      this.next = null;
      return this.rebuild();
    });
    return this.next;
  }

  async close(): Promise<void> {
    this.isClosed = true;
    if (this.debounce !== null) clearTimeout(this.debounce);
    this.watcher?.close();
    await this.building;
  }

  private async build(): Promise<void> {
    // Before it is read: a change during the build is seen.
    this.watch([...this.location.watch, ...this.sources]);
    const { first, reload } = this.options.timeouts ?? TIMEOUTS;
    const isFirst = this.current.status === 'LOADING';
    const built = new AbortController();
    const seconds = isFirst ? first : reload;
    this.options.clock.sleep(seconds * 1_000, built.signal).then(
      () => this.showLate(seconds, isFirst ? 'local_startup_timeout' : 'reload_timeout'),
      () => {},
    );
    try {
      const { hash, manifest, sources = [] } = await this.location.build();
      this.show({ status: 'LOADED', manifest, bundleHash: hash, error: null });
      this.sources = sources;
      this.watch([...this.location.watch, ...sources]);
    } catch (error) {
      const { shown = (plain) => plain } = this.options;
      this.show({ status: 'LOADED', error: shown(toSerializableError(error)) });
      const named = this.location.sourcesOf?.(error) ?? [];
      if (named.length > 0) this.watch([...this.location.watch, ...this.sources, ...named]);
    } finally {
      built.abort();
    }
  }

  /** The build goes on, and what it comes to is shown when it is done: two at a time would write the same files. */
  private showLate(seconds: number, setting: string): void {
    const message = `Building code location '${this.location.name}' has taken longer than ${seconds} s and goes on. See what it waits for, e.g. its prepare command; code_servers.${setting} in headrace.yaml sets the limit.`;
    this.show({ status: 'LOADED', error: { name: 'CodeLocationTimeoutError', message } });
    for (const resolve of this.whenLate) resolve();
  }

  private show(changes: Partial<CodeLocation>): void {
    const before = this.current;
    const after = { ...before, ...changes };
    const isSame =
      after.status === before.status &&
      after.bundleHash === before.bundleHash &&
      after.error?.message === before.error?.message;
    if (isSame || this.isClosed) return;
    this.current = { ...after, updatedAt: this.options.clock.now() };
    this.changed(this.current);
  }

  private watch(paths: readonly string[]): void {
    if (this.isClosed || this.location.watch.length === 0) return;
    const wanted = withoutCovered(paths);
    // A watcher that waits for a missing path must become one of the path itself.
    const key = wanted.join('\n');
    if (key === this.watched && this.current.error === null) return;
    const old = this.watcher;
    this.watched = key;
    this.watcher = watchPaths(
      wanted,
      () => this.scheduleRebuild(),
      (error) =>
        this.options.onError(`Changes of code location '${this.location.name}' cannot be watched`, error),
    );
    old?.close();
  }

  private scheduleRebuild(): void {
    if (this.debounce !== null) clearTimeout(this.debounce);
    this.debounce = setTimeout(() => {
      this.debounce = null;
      if (!this.isClosed) void this.rebuild();
    }, DEBOUNCE_MS);
  }
}

/** Without paths inside of others. */
function withoutCovered(paths: readonly string[]): string[] {
  const sorted = [...new Set(paths.map((path) => resolve(path)))].sort();
  return sorted.filter(
    (path) => !sorted.some((other) => other !== path && path.startsWith(`${other}${sep}`)),
  );
}
