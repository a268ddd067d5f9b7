import type { ArtifactStore } from '../definitions/loaded-definitions';
import type { NewEvent } from '../model/event';
import type { PastMaterialization, PastMaterializationsQuery } from '../model/past-materialization';
import type { Clock } from '../ports/clock';
import type { PoolClaim } from '../ports/worker-storage';
import type { StepResult, WaitingStep } from './step-result';

/** What a run's execution needs of the outside world: its supervisor, or a test's memory. */
export interface ExecutionHost {
  /** Takes an event, in order, without waiting for its storage. */
  emit(event: NewEvent): void;
  /** @param priority the step's */
  claimPoolSlot(pool: string, stepKey: string, priority: number): Promise<PoolClaim>;
  releasePoolSlot(pool: string, stepKey: string): Promise<void>;
  dynamicPartitionKeys(name: string): Promise<readonly string[]>;
  /** Of an asset that the run checks, newest first; those of this run so far are among them. */
  materializations(query: PastMaterializationsQuery): Promise<readonly PastMaterialization[]>;
  /** Runs one step in a process of its own; null when there is no such thing here: it then runs in this one. */
  readonly runIsolated: ((stepKey: string) => Promise<StepResult | WaitingStep>) | null;
  /** Whether a run may end here while its steps wait, to go on in another attempt. Default false. */
  readonly canSuspend?: boolean;
  /** Runs a step's code so that all it writes to standard output and error is kept under its name and try. */
  captureOutput<T>(stepKey: string, tryNumber: number, body: () => Promise<T>): Promise<T>;
  /** Secrets of the environment, masked in events whether user code declares them or not. Default none. */
  readonly knownSecrets?: readonly string[];
  /** Registers a secret to be masked in captured output; events are masked before `emit`. */
  mask(secret: string): void;
  /**
   * Looks up environment variables and secrets by name, once per run.
   *
   * @param onSecret told every value that came from the secret store
   */
  lookUp(names: readonly string[], onSecret?: (value: string) => void): Promise<ReadonlyMap<string, string>>;
  readonly artifacts: ArtifactStore;
  readonly clock: Clock;
  /** Uniform in [0, 1). */
  random(): number;
  /** Steps at once when the plan does not say. */
  readonly cpus: number;
}
