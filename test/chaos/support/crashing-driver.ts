import type { Driver, SqlParameter } from '../../../lib/adapters/postgres/driver';
import { PortError } from '../../../lib/ports/errors';

/** What happens at a point; `vanished`: as killed, but nobody is told that the process has ended. */
export type CrashMode = 'killed before' | 'killed after' | 'reply lost' | 'vanished after';

export interface Crash {
  /** As `CrashPoints.seen` names it. */
  readonly point: string;
  readonly mode: CrashMode;
}

const NEVER = new Promise<never>(() => {});

/** How much is going on: statements on their way and short sleeps. */
export class Activity {
  private pending = 0;

  async during<T>(work: Promise<T>): Promise<T> {
    this.pending += 1;
    try {
      return await work;
    } finally {
      this.pending -= 1;
    }
  }

  /** Resolves once nothing has been going on for a moment. */
  async idle(): Promise<void> {
    for (let quiet = 0; quiet < 4; quiet += 1) {
      await new Promise((resolve) => setTimeout(resolve, 1));
      if (this.pending > 0) quiet = -1;
    }
  }
}

/** A process of which nothing is heard any more once it is killed: what it waits for never comes. */
export class ChaosProcess {
  isAlive = true;
  readonly died: Promise<void>;
  private die: () => void = () => undefined;

  constructor() {
    this.died = new Promise((resolve) => {
      this.die = resolve;
    });
  }

  kill(): void {
    this.isAlive = false;
    this.die();
  }

  /** The work's answer, if the process still is there to hear it. */
  async hear<T>(work: Promise<T>): Promise<T> {
    try {
      const answer = await work;
      return this.isAlive ? answer : NEVER;
    } catch (error) {
      if (!this.isAlive) return NEVER;
      throw error;
    }
  }
}

/** Counts the statements that write, by name, and makes one of them the end of its process. */
export class CrashPoints {
  /** Every point passed, in order. */
  readonly seen: string[] = [];
  fired = 0;
  private readonly counts = new Map<string, number>();
  private readonly writers: ReadonlySet<string>;
  private readonly crash: Crash | null;

  constructor(writers: ReadonlySet<string>, crash: Crash | null) {
    this.writers = writers;
    this.crash = crash;
  }

  /** What happens to the process at this statement. */
  pass(actor: string, sql: string, parameters: readonly SqlParameter[]): CrashMode | null {
    const name = nameOf(sql, parameters, this.writers);
    if (name === null) return null;
    const label = `${actor}: ${name}`;
    const count = (this.counts.get(label) ?? 0) + 1;
    this.counts.set(label, count);
    const point = `${label} #${count}`;
    this.seen.push(point);
    if (this.crash?.point !== point) return null;
    this.fired += 1;
    return this.crash.mode;
  }
}

/** A driver of one process, which dies or loses an answer at its crash point. */
export function crashingDriver(
  inner: Driver,
  actor: string,
  process: ChaosProcess,
  points: CrashPoints,
  activity: Activity,
): Driver {
  return {
    async query<Row>(sql: string, parameters: readonly SqlParameter[] = []) {
      if (!process.isAlive) return NEVER;
      const mode = points.pass(actor, sql, parameters);
      if (mode === 'killed before') {
        process.kill();
        return NEVER;
      }
      const answer = await process.hear(activity.during(inner.query<Row>(sql, parameters)));
      if (mode === 'reply lost')
        throw new PortError('transient', 'The database did not answer: the reply was lost');
      if (mode !== null) {
        process.kill();
        return NEVER;
      }
      return answer;
    },
    close: async () => undefined,
  };
}

/** Null for statements that only read. */
function nameOf(
  sql: string,
  parameters: readonly SqlParameter[],
  writers: ReadonlySet<string>,
): string | null {
  const called = /headrace\.(\w+)\s*\(/.exec(sql)?.[1];
  const changed = /^\s*(?:insert into|update|delete from) headrace\.(\w+)/.exec(sql)?.[1];
  if (changed !== undefined) return `write ${changed}`;
  if (called === undefined || !writers.has(called)) return null;
  const text = (index: number): string => String(parameters[index]);
  switch (called) {
    case 'append_events':
      return `${called} ${(JSON.parse(text(5)) as { type: string }[]).map(({ type }) => type).join('+')}`;
    case 'finish_run':
      return `${called} ${text(4)}`;
    case 'finalize_attempt':
      return `${called} ${(JSON.parse(text(2)) as { kind: string }).kind}`;
    default:
      return called;
  }
}
