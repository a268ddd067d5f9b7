import type { FaultKind, Faults } from './faults';
import type { Process } from './process';
import type { Random } from './random';
import type { Timeline } from './timeline';
import type { Trace } from './trace';

/** How a call may go wrong; a kind that is absent does not happen to it. */
export interface CallFaults {
  /** It never arrives. */
  readonly requestLost?: FaultKind;
  /** It takes effect, and the caller is told that it failed. */
  readonly replyLost?: FaultKind;
  /** It takes effect twice, at two instants; the caller hears the second answer. */
  readonly repeated?: FaultKind;
  /** It takes seconds. */
  readonly slow?: FaultKind;
  /** What the caller is told of a lost request or reply. */
  error(): unknown;
  /** It changes nothing. */
  readonly isRead?: boolean;
  /** The answer in the trace's words; default its beginning. */
  describe?(value: unknown): string;
}

const LOST_AFTER_MS = 3_000;

/** Carries calls from processes to what they call, each with its own delay, and loses some. */
export class Network {
  private readonly timeline: Timeline;
  private readonly trace: Trace;
  private readonly faults: Faults;
  private readonly random: Random;
  /** Called after whatever may have changed the world. */
  onEffect: () => Promise<void> = async () => {};

  constructor(parts: { timeline: Timeline; trace: Trace; faults: Faults; random: Random }) {
    this.timeline = parts.timeline;
    this.trace = parts.trace;
    this.faults = parts.faults;
    this.random = parts.random;
  }

  /**
   * @param effect what the call does where it arrives; it waits for nothing but the real database
   * @returns the effect's answer; never settles when the caller dies meanwhile
   */
  call<T>(from: Process, label: string, faults: CallFaults, effect: () => T | Promise<T>): Promise<T> {
    const strikes = (kind: FaultKind | undefined): boolean => kind !== undefined && this.faults.strikes(kind);
    const note = (text: string): void => this.trace.add(this.timeline.now, `${from.name} ${label} ${text}`);
    return new Promise<T>((resolve, reject) => {
      const answer = (settle: () => void, delay = this.latency(faults)): void => {
        this.timeline.after(delay, () => {
          if (from.isAlive) settle();
        });
      };
      const fail = (why: string): void => {
        note(why);
        answer(() => reject(faults.error()), LOST_AFTER_MS);
      };
      const arrive = async (isRepetition: boolean): Promise<void> => {
        const dies =
          !isRepetition && from.isAlive && this.faults.strikes('process: killed between two calls');
        if (dies && this.random.chance(0.5)) {
          note('KILLED before');
          from.kill();
          return;
        }
        if (!isRepetition && strikes(faults.requestLost)) return fail('REQUEST LOST');
        const settle = await Promise.resolve()
          .then(effect)
          .then(
            (value) => {
              note(`= ${(faults.describe ?? digest)(value)}`);
              return () => resolve(value);
            },
            (error: unknown) => {
              note(`! ${error instanceof Error ? error.message.slice(0, 160) : String(error)}`);
              return () => reject(error);
            },
          );
        if (faults.isRead !== true) await this.onEffect();
        if (dies) {
          note('KILLED after');
          from.kill();
          return;
        }
        if (!isRepetition && strikes(faults.repeated)) {
          note('REPEATED');
          this.timeline.after(this.latency(faults) + this.random.between(0, 4_000), () => arrive(true));
        } else if (!isRepetition && strikes(faults.replyLost)) fail('REPLY LOST');
        else answer(settle);
      };
      this.timeline.after(this.latency(faults), () => arrive(false));
    });
  }

  /** Milliseconds: mostly a few, sometimes many. */
  private latency({ slow }: CallFaults): number {
    if (slow !== undefined && this.faults.strikes(slow)) return this.random.between(1_000, 12_000);
    return this.random.chance(0.05) ? this.random.between(50, 800) : this.random.between(1, 12);
  }
}

/**
 * Enough of an answer to tell two plays of a seed apart. Without the stacks of errors that are stored: they tell who
 * plays the seed, to the line. Secrets come from the database's own chance.
 */
function digest(value: unknown): string {
  const text = JSON.stringify(value, (key, part: unknown) => (key === 'stack' ? undefined : part)) ?? '';
  return text.length > 60 ? `${text.slice(0, 50)}…${text.length}` : text;
}
