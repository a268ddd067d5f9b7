import type { ComputeLogStream } from '../model/compute-log';
import type { NewEvent } from '../model/event';
import type { PastMaterialization, PastMaterializationsQuery } from '../model/past-materialization';
import type { SerializableError } from '../model/serializable-error';
import type { PoolClaim, RunAssignment } from '../ports/worker-storage';
import type { RunAbortedError } from './errors';
import type { RunEnd } from './run-executor';
import type { RunState } from './run-state';
import type { StepResult, WaitingStep } from './step-result';

/** What a child may ask of its supervisor, which alone speaks with storage. */
export interface ChildCalls {
  readonly 'claim-pool-slot': {
    readonly ask: { pool: string; stepKey: string; priority: number };
    readonly answer: PoolClaim;
  };
  readonly 'release-pool-slot': { readonly ask: { pool: string; stepKey: string }; readonly answer: null };
  readonly 'dynamic-partition-keys': { readonly ask: { name: string }; readonly answer: readonly string[] };
  readonly materializations: {
    readonly ask: PastMaterializationsQuery;
    readonly answer: readonly PastMaterialization[];
  };
  readonly 'run-isolated': { readonly ask: { stepKey: string }; readonly answer: StepResult | WaitingStep };
}

/** Whatever a child may ask, for the one place that answers it. */
export interface AnyAsk extends PastMaterializationsQuery {
  readonly pool: string;
  readonly stepKey: string;
  readonly priority: number;
  readonly name: string;
}

/** Messages from the supervisor, over the IPC channel. */
export type ToChild =
  | { readonly type: 'load'; readonly bundlePath: string }
  | {
      readonly type: 'run';
      /** Number of the run in this child; everything that the child sends for it carries it. */
      readonly serial: number;
      readonly assignment: RunAssignment;
      readonly attempt: number;
      readonly state: RunState;
      readonly onlyStep: string | null;
    }
  | { readonly type: 'abort'; readonly why: RunAbortedError['why']; readonly message: string }
  | { readonly type: 'answer'; readonly id: number; readonly value: unknown }
  | { readonly type: 'refusal'; readonly id: number; readonly error: SerializableError };

/** Messages from the child, as frames. */
export type FromChild =
  /** A debugger can attach to the address. */
  | { readonly type: 'inspecting'; readonly url: string }
  | { readonly type: 'loaded' }
  | { readonly type: 'load-failed'; readonly error: SerializableError }
  | { readonly type: 'event'; readonly serial: number; readonly event: NewEvent }
  | { readonly type: 'mask'; readonly secret: string }
  | { readonly type: 'call'; readonly id: number; readonly call: keyof ChildCalls; readonly ask: unknown }
  | {
      readonly type: 'ended';
      readonly serial: number;
      readonly end: RunEnd;
      /** Resident bytes, by which the pool judges growth. */
      readonly memory: number;
    }
  /** The host code in the child failed: not user code. */
  | { readonly type: 'broken'; readonly serial: number; readonly error: SerializableError }
  /** The last words before the process exits: `process.exit` called, or an error that nobody caught. */
  | {
      readonly type: 'exiting';
      readonly reason: string;
      readonly stepKey: string | null;
      readonly error: SerializableError | null;
    };

/** Header of a frame of captured output; null step: written outside any step. */
export interface OutputHeader {
  readonly type: 'output';
  readonly stream: ComputeLogStream;
  readonly stepKey: string | null;
  readonly tryNumber: number;
}

/** File descriptor of the pipe to the supervisor. */
export const FRAME_FD = 3;
