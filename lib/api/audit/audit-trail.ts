import type { AuditOutcome } from '../../model/audit-entry';
import type { JsonObject, JsonValue } from '../../model/json';
import { redact } from '../../model/redact';
import type { Instance } from '../../ports/instance';
import type { Via } from '../canceled-by';
import type { Identity } from '../identity';
import { readSubject } from './read-subject';
import { shorten } from './shorten';

/** What came of an action, for whoever reads the audit log. */
export interface AuditedOutcome {
  readonly outcome: AuditOutcome;
  /** Why not; null when done. */
  readonly message: string | null;
  /** What was made, when the action makes something, e.g. the ids of runs. */
  readonly made: JsonValue;
}

/** Keeps who asked for which change within one request. */
export interface AuditTrail {
  /**
   * Does something and keeps that it was asked for, by whom, and what came of it. What the work throws is thrown on.
   *
   * @param action the mutation or route
   * @param input what was asked for, which the work may fill in; secrets in it are left out
   * @param outcomeOf what an answer means, and an error that was thrown
   */
  record<T>(
    action: string,
    input: Readonly<Record<string, unknown>>,
    work: () => Promise<T>,
    outcomeOf: { answer(value: T): AuditedOutcome; error(error: unknown): AuditedOutcome },
  ): Promise<T>;
}

export interface AuditTrailOptions {
  readonly instance: Instance;
  readonly identity: Identity;
  readonly via: Via;
  readonly requestId: string;
  /** Told, with the entry, when it cannot be kept: what was done is answered all the same. */
  onError(error: unknown): void;
}

/** The audit trail of one request. */
export function createAuditTrail(options: AuditTrailOptions): AuditTrail {
  const { instance, identity, via, requestId, onError } = options;
  let actions = 0;

  async function keep(
    what: { readonly action: string; readonly input: JsonObject },
    { before, after }: { readonly before: JsonValue; readonly after: JsonValue },
    { outcome, message }: Omit<AuditedOutcome, 'made'>,
  ): Promise<void> {
    const { user, role } = identity;
    const request = { timestamp: instance.clock.now(), requestId, position: actions++ };
    const entry = { ...request, user, role, via, ...what, before, after, outcome, message };
    try {
      await instance.storage.appendAudit(entry);
    } catch (cause) {
      onError(new Error(`The audit log did not take ${JSON.stringify(entry)}.`, { cause }));
    }
  }

  return {
    async record(action, input, work, outcomeOf) {
      // The subject only illustrates the entry: an action is not refused because it cannot be read.
      const subject = () => readSubject(instance, action, input).catch(() => null);
      const before = await subject();
      const settle = async ({ made, ...outcome }: AuditedOutcome): Promise<void> => {
        // What was there before and is no more was not made.
        const after =
          outcome.outcome === 'DONE' ? ((await subject()) ?? (before === null ? made : null)) : before;
        await keep({ action, input: shorten(redact(input)) as JsonObject }, { before, after }, outcome);
      };
      let answer: Awaited<ReturnType<typeof work>>;
      try {
        answer = await work();
      } catch (error) {
        await settle(outcomeOf.error(error));
        throw error;
      }
      await settle(outcomeOf.answer(answer));
      return answer;
    },
  };
}
