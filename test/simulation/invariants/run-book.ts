import type { EngineSettings } from '../../../lib/engine/engine-settings';
import type { Database } from '../world/database';
import type { Change } from './history';

export type RunChange = Extract<Change, { table: 'run' }>;

/** A run as its history tells it. */
export interface KnownRun {
  readonly runId: string;
  readonly jobName: string;
  readonly parentRunId: string | null;
  readonly idempotencyKey: string | null;
  readonly origin: RunChange['origin'];
  tags: RunChange['tags'];
  status: string;
  attempt: number;
}

/** What a run was asked to start after. */
export interface KnownDependency {
  readonly upstream: readonly string[];
  readonly requires: 'success' | 'end';
  readonly mode: 'all' | 'any';
}

/** Queued runs that could have a slot of a pool now: none that a step waits for, however long ago it asked, is free. */
const WAITING_RUNS = `
  select json_build_object('runId', q.run_id, 'isOwed', exists (select from headrace.outbox where kind = 'dequeue'))
    from headrace.runs q join headrace.pools p on p.pool = any (q.root_pools)
    where q.status = 'QUEUED' and not q.waits and p.pool = $1 and p.slots > (
      select count(*) from headrace.runs r join headrace.attempts a on a.run_id = r.run_id and a.attempt = r.attempt
        cross join lateral (
          select from headrace.pool_leases l where l.pool = p.pool and l.run_id = r.run_id and l.attempt = r.attempt
          union all select from headrace.pool_waiters w where w.pool = p.pool and w.run_id = r.run_id and w.attempt = r.attempt
          union all select where p.pool = any (case r.status when 'STARTING' then r.root_pools else a.reserved_pools end)) taken
        where r.status in ('STARTING', 'STARTED', 'CANCELING'))`;

const FINISHED = ['SUCCESS', 'FAILURE', 'CANCELED'];
const COUNTED = ['STARTING', 'STARTED', 'CANCELING'];

/** Where a run may go from where it is. */
const NEXT: Readonly<Record<string, readonly string[]>> = {
  QUEUED: ['STARTING', 'CANCELED'],
  STARTING: ['STARTED', 'QUEUED', 'CANCELING', 'FAILURE', 'CANCELED'],
  STARTED: ['SUCCESS', 'FAILURE', 'CANCELING', 'CANCELED', 'QUEUED', 'SUSPENDED'],
  CANCELING: FINISHED,
  SUSPENDED: ['QUEUED', 'CANCELED'],
};

export const isFinished = ({ status }: Pick<KnownRun, 'status'>): boolean => FINISHED.includes(status);

/**
 * Follows every change of every run and slot, and says what must not be. It reads a history that the database wrote;
 * it asks none of the functions that it watches.
 */
export class RunBook {
  readonly runs = new Map<string, KnownRun>();
  /** By the idempotency key of the request: a run may start before its requester has heard of it. */
  readonly dependencies = new Map<string, KnownDependency>();
  /** Limits that were full at some time, by name; and how often a run waited because of one. */
  readonly reached = new Map<string, number>();
  private readonly leases = new Map<
    string,
    { readonly pool: string; readonly runId: string; readonly attempt: number }
  >();
  private readonly database: Database;
  private readonly settings: EngineSettings;
  private readonly violate: (what: string) => void;

  constructor(database: Database, settings: EngineSettings, violate: (what: string) => void) {
    this.database = database;
    this.settings = settings;
    this.violate = violate;
  }

  /** Reads what changed since the last time and checks it. */
  async observe(): Promise<void> {
    const changes = this.database.takeHistory();
    if (changes.length === 0) return;
    const ended: KnownRun[] = [];
    const freed = new Set<string>();
    for (const { change } of changes) {
      if (change.table === 'run') this.applyRun(change, ended);
      else if (change.table === 'lease') {
        this.applyLease(change);
        if (change.kind === 'DELETE') freed.add(change.pool);
      } else if (change.table === 'reservation') for (const pool of change.pools) freed.add(pool);
      else if (change.before !== null && change.before !== 'STARTED')
        this.violate(`tick ${change.tickId} ended twice: ${change.before}, then ${change.status}`);
    }
    this.checkLimits();
    for (const run of ended) await this.checkEvents(run);
    for (const pool of freed) await this.checkFreed(pool);
  }

  /** A slot that was given back is not left free without a claim being owed, when a queued run waits for it. */
  private async checkFreed(pool: string): Promise<void> {
    const waiting = await this.database.ask<{ readonly runId: string; readonly isOwed: boolean }>(
      WAITING_RUNS,
      [pool],
    );
    for (const { runId, isOwed } of waiting) {
      if (isOwed) this.count(`slot of pool ${pool} given back to the queue`);
      else this.violate(`run ${runId} waits for a free slot of pool ${pool}, and nobody is to claim it`);
    }
  }

  /** A run and those that its failure was retried by, or that had been retried by it. */
  retriesOf(runId: string): readonly KnownRun[] {
    return [...this.runs.values()].filter(
      ({ parentRunId, origin }) => parentRunId === runId && origin.kind === 'retry',
    );
  }

  private applyRun(change: RunChange, ended: KnownRun[]): void {
    const { runId, kind, status, attempt, tags } = change;
    const known = this.runs.get(runId);
    if (kind === 'DELETE') {
      this.violate(`run ${runId} was deleted`);
      return;
    }
    if (known === undefined) {
      if (kind !== 'INSERT' || status !== 'QUEUED') this.violate(`run ${runId} appeared as ${status}`);
      this.checkUnique(change);
      const { jobName, parentRunId, idempotencyKey, origin } = change;
      this.runs.set(runId, { runId, jobName, parentRunId, idempotencyKey, origin, tags, status, attempt });
      return;
    }
    if (isFinished(known)) this.violate(`run ${runId} was ${known.status} and became ${status}`);
    else if (status !== known.status && !NEXT[known.status]?.includes(status)) {
      this.violate(`run ${runId} went from ${known.status} to ${status}`);
    }
    const isClaim = known.status === 'QUEUED' && status === 'STARTING';
    if (attempt !== known.attempt + (isClaim ? 1 : 0)) {
      this.violate(
        `run ${runId} went from attempt ${known.attempt} to ${attempt} as ${known.status} → ${status}`,
      );
    }
    Object.assign(known, { status, attempt, tags });
    if (isClaim) this.checkDependencies(known);
    if (isFinished(known)) ended.push(known);
  }

  /** One run per key, whoever asks however often. */
  private checkUnique({ runId, origin }: RunChange): void {
    if (origin.runKey === null) return;
    for (const other of this.runs.values()) {
      const { kind, name, runKey } = other.origin;
      if (kind === origin.kind && name === origin.name && runKey === origin.runKey) {
        this.violate(`runs ${other.runId} and ${runId} are both for ${kind} ${name} ${runKey}`);
      }
    }
  }

  private checkDependencies({ runId, idempotencyKey }: KnownRun): void {
    const dependency = this.dependencies.get(idempotencyKey ?? '');
    if (dependency === undefined) return;
    const isMet = (upstreamId: string): boolean => {
      const upstream = this.runs.get(upstreamId);
      if (upstream === undefined || !isFinished(upstream)) return false;
      if (upstream.status === 'SUCCESS') return true;
      const retries = this.retriesOf(upstreamId);
      if (retries.length > 0) return retries.some((retry) => isMet(retry.runId));
      return dependency.requires === 'end';
    };
    const met = dependency.upstream.filter(isMet);
    const isEnough = dependency.mode === 'all' ? met.length === dependency.upstream.length : met.length > 0;
    if (!isEnough)
      this.violate(
        `run ${runId} was claimed before ${dependency.mode} of ${dependency.upstream.join(', ')} (${dependency.requires})`,
      );
    this.count('dependency');
  }

  private applyLease(change: Extract<Change, { table: 'lease' }>): void {
    const key = `${change.pool}/${change.runId}/${change.stepKey}`;
    if (change.kind === 'DELETE') this.leases.delete(key);
    else this.leases.set(key, change);
  }

  private checkLimits(): void {
    const live = [...this.runs.values()].filter(({ status }) => COUNTED.includes(status));
    const { maxConcurrentRuns, tagConcurrencyLimits } = this.settings.runQueue;
    this.checkLimit('all runs', live.length, maxConcurrentRuns);
    for (const { key, value, limit } of tagConcurrencyLimits) {
      const used = new Map<string, number>();
      for (const { tags } of live) {
        const of = tags[key];
        if (of === undefined || (typeof value === 'string' && value !== of)) continue;
        const cell = typeof value === 'object' ? of : '';
        used.set(cell, (used.get(cell) ?? 0) + 1);
      }
      for (const count of used.values()) this.checkLimit(`tag ${key}`, count, limit);
    }
    for (const [pool, slots] of Object.entries(this.settings.pools.limits)) {
      const held = [...this.leases.values()].filter((lease) => {
        const run = this.runs.get(lease.runId);
        return (
          lease.pool === pool &&
          run?.attempt === lease.attempt &&
          ['STARTED', 'CANCELING'].includes(run.status)
        );
      });
      this.checkLimit(`pool ${pool}`, held.length, slots);
    }
  }

  private checkLimit(name: string, used: number, limit: number): void {
    if (used > limit) this.violate(`${used} use the limit of ${limit} on ${name}`);
    if (used === limit) this.count(`limit on ${name}`);
  }

  private count(what: string): void {
    this.reached.set(what, (this.reached.get(what) ?? 0) + 1);
  }

  /** Events of a run that ended: in order, complete, with one end. */
  async checkEvents({ runId, status }: KnownRun): Promise<void> {
    const events = await this.database.ask<{ type: string; attempt: number; seq: number | null }>(
      `select json_build_object('type', type, 'attempt', attempt, 'seq', (data ->> 'seq')::integer)
       from headrace.events where run_id = $1::uuid order by storage_id`,
      [runId],
    );
    const ends = events.flatMap(({ type }, index) =>
      /^RUN_(SUCCESS|FAILURE|CANCELED)$/.test(type) ? [index] : [],
    );
    const [end] = ends;
    if (ends.length !== 1 || end === undefined || events[end]?.type !== `RUN_${status}`) {
      this.violate(
        `run ${runId} is ${status} and has ${ends.length} ends: ${events.map(({ type }) => type).join(' ')}`,
      );
      return;
    }
    const after = events.slice(end + 1).filter(({ type }) => type !== 'ENGINE_EVENT');
    if (after.length > 0) this.violate(`run ${runId} has ${after[0]?.type} after its end`);
    if (events[0]?.type !== 'RUN_ENQUEUED') this.violate(`run ${runId} begins with ${events[0]?.type}`);
    const lastSeq = new Map<number, number>();
    let attempt = 0;
    for (const event of events) {
      if (event.attempt < attempt)
        this.violate(`run ${runId} has events of attempt ${event.attempt} after ${attempt}`);
      attempt = event.attempt;
      if (event.seq === null) continue;
      if (event.seq !== (lastSeq.get(attempt) ?? 0) + 1) {
        this.violate(
          `run ${runId}, attempt ${attempt}: event ${event.seq} comes after ${lastSeq.get(attempt) ?? 0}`,
        );
      }
      lastSeq.set(attempt, event.seq);
    }
  }
}
