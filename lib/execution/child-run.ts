import type { NewEvent } from '../model/event';
import { errorSummary, toSerializableError } from '../model/serializable-error';
import type { RunAssignment } from '../ports/worker-storage';
import type { ChildCalls, FromChild, OutputHeader } from './child-messages';
import { type ChildDeath, type ChildHandle, refusal } from './child-process';
import type { RunEnd } from './run-executor';
import type { RunState } from './run-state';

/** How a child's work on a run ended. */
export type ChildRunEnd =
  | { readonly kind: 'ended'; readonly end: RunEnd }
  | { readonly kind: 'died'; readonly death: ChildDeath };

/** Where what a child sends goes to. */
export interface ChildRunSink {
  onEvent(event: NewEvent): void;
  onOutput(header: OutputHeader, bytes: Buffer): void;
  onSecret(secret: string): void;
  answer(call: keyof ChildCalls, ask: never): Promise<unknown>;
}

/** Lets a child execute a run (or one step of it) and resolves when it has ended, or has died of it. */
export function runInChild(
  child: ChildHandle,
  work: {
    readonly assignment: RunAssignment;
    readonly attempt: number;
    readonly state: RunState;
    readonly onlyStep: string | null;
  },
  sink: ChildRunSink,
): Promise<ChildRunEnd> {
  child.runs += 1;
  const serial = child.runs;
  return new Promise((resolve) => {
    const onMessage = (message: FromChild): void => {
      // What a run's leftover timers send later belongs to nobody.
      if ('serial' in message && message.serial !== serial) return;
      switch (message.type) {
        case 'event':
          sink.onEvent(message.event);
          break;
        case 'mask':
          sink.onSecret(message.secret);
          break;
        case 'call':
          answer(child, message, sink);
          break;
        case 'ended':
          child.memory = message.memory;
          child.firstMemory ??= message.memory;
          resolve({ kind: 'ended', end: message.end });
          break;
        case 'broken': {
          const reason = `the worker failed: ${errorSummary(message.error)}`;
          resolve({ kind: 'died', death: { code: null, signal: null, reason, stepKey: null } });
          break;
        }
      }
    };
    child.listen({ onMessage, onOutput: sink.onOutput });
    void child.gone.then((death) => resolve({ kind: 'died', death }));
    child.send({ type: 'run', serial, ...work });
  });
}

function answer(child: ChildHandle, message: Extract<FromChild, { type: 'call' }>, sink: ChildRunSink): void {
  const { id, call, ask } = message;
  sink.answer(call, ask as never).then(
    (value) => child.send({ type: 'answer', id, value: value ?? null }),
    (error: unknown) => child.send(refusal(id, toSerializableError(error))),
  );
}
