import type { NewEvent } from '../../lib/model/event';
import type { JsonObject } from '../../lib/model/json';
import type { AttemptRef } from '../../lib/model/run';
import { PortError } from '../../lib/ports/errors';
import {
  type PoolClaim,
  type RunAssignment,
  type RunOutcome,
  type RunSuspension,
  StaleAttemptError,
  type StoredMaterialization,
  type WorkerInstruction,
  type WorkerStorage,
} from '../../lib/ports/worker-storage';

/** Everything that the storage knows of one run. */
export interface StoredAttempt {
  readonly assignment: RunAssignment;
  readonly token: string;
  attempt: number;
  workerId: string | null;
  readonly events: NewEvent[];
  /** Epoch ms of each. */
  readonly heartbeats: number[];
  outcome: RunOutcome | null;
  /** The last one; the attempt is then the next. */
  suspension: RunSuspension | null;
  instruction: WorkerInstruction;
}

type Method = keyof WorkerStorage;

/** `WorkerStorage` in memory with the rules of the real one: token, fence, first worker, sequence, one end. */
export class InMemoryWorkerStorage implements WorkerStorage {
  readonly runs = new Map<string, StoredAttempt>();
  readonly poolLimits = new Map<string, number>();
  readonly poolHolders = new Map<string, string[]>();
  /** Pools that runs in a queue wait for. */
  readonly awaitedPools = new Set<string>();
  /** Batches that were refused because they did not continue the sequence. */
  readonly gaps: string[] = [];
  /** Faults that were thrown, by method: proof that they fired. */
  readonly thrown: Method[] = [];
  private readonly faults: { method: Method; before: boolean; error: Error }[] = [];

  add(assignment: RunAssignment, token = 'token', attempt = 1): StoredAttempt {
    const run: StoredAttempt = {
      assignment,
      token,
      attempt,
      workerId: null,
      events: [],
      heartbeats: [],
      outcome: null,
      suspension: null,
      instruction: 'continue',
    };
    this.runs.set(assignment.runId, run);
    return run;
  }

  /** The next call of a method fails: `before` it has any effect, or after (its reply is lost). */
  failNext(
    method: Method,
    before: boolean,
    error: Error = new PortError('transient', 'the network is down'),
  ): void {
    this.faults.push({ method, before, error });
  }

  async startRun(ref: AttemptRef): Promise<RunAssignment> {
    return this.faulty('startRun', () => {
      const run = this.get(ref);
      if (run.workerId !== null && run.workerId !== ref.workerId)
        throw new StaleAttemptError('another worker was first');
      run.workerId = ref.workerId;
      return { ...run.assignment, lastSeq: run.events.length };
    });
  }

  async heartbeat(ref: AttemptRef): Promise<WorkerInstruction> {
    return this.faulty('heartbeat', () => {
      const run = this.live(ref);
      run.heartbeats.push(Date.now());
      return run.instruction;
    });
  }

  async appendEvents(ref: AttemptRef, firstSeq: number, events: readonly NewEvent[]): Promise<void> {
    return this.faulty('appendEvents', () => {
      const run = this.live(ref);
      const last = run.events.length;
      if (firstSeq > last + 1) {
        this.gaps.push(`${firstSeq} after ${last}`);
        throw new PortError('conflict', `events begin with ${firstSeq} after ${last}`);
      }
      run.events.push(...events.slice(last + 1 - firstSeq));
    });
  }

  async finishRun(ref: AttemptRef, outcome: RunOutcome): Promise<void> {
    return this.faulty('finishRun', () => {
      const run = this.get(ref);
      if (run.outcome !== null) {
        if (run.outcome.status === outcome.status) return;
        throw new StaleAttemptError('the run is finished');
      }
      run.outcome = outcome;
    });
  }

  async suspendRun(ref: AttemptRef, suspension: RunSuspension): Promise<void> {
    return this.faulty('suspendRun', () => {
      const run = this.live(ref);
      run.suspension = suspension;
      run.attempt += 1;
      run.workerId = null;
    });
  }

  async suspendedState(ref: AttemptRef): Promise<JsonObject | null> {
    return this.faulty('suspendedState', () => this.live(ref).suspension?.state ?? null);
  }

  async claimPoolSlot(ref: AttemptRef, pool: string, stepKey: string): Promise<PoolClaim> {
    return this.faulty('claimPoolSlot', () => {
      this.live(ref);
      const holders = this.poolHolders.get(pool) ?? [];
      const limit = this.poolLimits.get(pool) ?? Number.POSITIVE_INFINITY;
      const me = `${ref.runId}:${stepKey}`;
      if (!holders.includes(me) && holders.length >= limit) return { held: false, limit, holders };
      this.poolHolders.set(pool, [...new Set([...holders, me])]);
      return { held: true };
    });
  }

  async releasePoolSlot(ref: AttemptRef, pool: string, stepKey: string): Promise<boolean> {
    return this.faulty('releasePoolSlot', () => {
      const holders = this.poolHolders.get(pool) ?? [];
      this.poolHolders.set(
        pool,
        holders.filter((holder) => holder !== `${ref.runId}:${stepKey}`),
      );
      return this.awaitedPools.has(pool);
    });
  }

  async dynamicPartitionKeys(): Promise<readonly string[]> {
    return [];
  }

  async materializations(): Promise<readonly StoredMaterialization[]> {
    return [];
  }

  private get(ref: AttemptRef): StoredAttempt {
    const run = this.runs.get(ref.runId);
    if (run === undefined || run.token !== ref.token)
      throw new StaleAttemptError('the token fits no attempt');
    if (run.attempt !== ref.attempt) throw new StaleAttemptError(`attempt ${ref.attempt} was replaced`);
    return run;
  }

  private live(ref: AttemptRef): StoredAttempt {
    const run = this.get(ref);
    if (run.workerId !== ref.workerId) throw new StaleAttemptError('the attempt belongs to another worker');
    if (run.outcome !== null) throw new StaleAttemptError('the run is finished');
    return run;
  }

  private faulty<T>(method: Method, body: () => T): T {
    const index = this.faults.findIndex((fault) => fault.method === method);
    const [fault] = index < 0 ? [] : this.faults.splice(index, 1);
    if (fault !== undefined) this.thrown.push(method);
    if (fault?.before === true) throw fault.error;
    const result = body();
    if (fault !== undefined) throw fault.error;
    return result;
  }
}
