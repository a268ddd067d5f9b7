import type { JsonObject, JsonValue } from '../../lib/model/json';

/** What goes wrong when a rule fires. */
export type Fault =
  /** Answers with this status; `retryAfter` in seconds, or `'http-date'` for a date 2 seconds ahead. */
  | { readonly kind: 'status'; readonly status: number; readonly retryAfter?: number | 'http-date' }
  /** Sends the first half of the body as if it were whole. */
  | { readonly kind: 'malformed' }
  /** Announces the whole body, sends half of it and cuts the connection. */
  | { readonly kind: 'drop' }
  /** Waits before it answers. */
  | { readonly kind: 'slow'; readonly delayMs: number }
  /** Adds a field to every record. */
  | { readonly kind: 'new-column'; readonly name: string; readonly value: JsonValue }
  /** Turns a field (dot path) of every record into text. */
  | { readonly kind: 'changed-type'; readonly field: string }
  /** Sets the key of the first record to null. */
  | { readonly kind: 'null-key' }
  /** Adds a text of `bytes` characters to the first record. */
  | { readonly kind: 'big-text'; readonly field: string; readonly bytes: number };

/** A fault and when it fires: on the `nth` matching request, on `every` n-th, or (neither) on each one. */
export type FaultRule = Fault & {
  /** Only requests whose path starts with this; default all. */
  readonly path?: string;
  /** Counted from 1. */
  readonly nth?: number;
  readonly every?: number;
  /** Fires at most so often; default without end. */
  readonly times?: number;
};

/** A rule with its counts, so that a test can prove that its fault happened. */
export interface FaultState {
  readonly rule: FaultRule;
  /** Requests that the rule was held against. */
  readonly matched: number;
  readonly fired: number;
}

/** The rules in force. Deterministic: what fires depends on the order of requests only. */
export class FaultPlan {
  private states: { rule: FaultRule; matched: number; fired: number }[] = [];

  constructor(rules: readonly FaultRule[] = []) {
    for (const rule of rules) this.add(rule);
  }

  add(rule: FaultRule): void {
    this.states.push({ rule, matched: 0, fired: 0 });
  }

  clear(): void {
    this.states = [];
  }

  /** Every rule with its counts, in the order they were added. */
  report(): readonly FaultState[] {
    return this.states.map((state) => ({ ...state }));
  }

  /** How often faults fired, of one kind or of all. */
  fired(kind?: Fault['kind']): number {
    return this.states
      .filter((state) => kind === undefined || state.rule.kind === kind)
      .reduce((sum, state) => sum + state.fired, 0);
  }

  /** Counts the request and returns the faults that it meets. */
  take(path: string): readonly Fault[] {
    const faults: Fault[] = [];
    for (const state of this.states) {
      const { rule } = state;
      if (!path.startsWith(rule.path ?? '')) continue;
      state.matched++;
      if (state.fired >= (rule.times ?? Number.POSITIVE_INFINITY)) continue;
      if (rule.nth !== undefined && state.matched !== rule.nth) continue;
      if (rule.every !== undefined && state.matched % rule.every !== 0) continue;
      state.fired++;
      faults.push(rule);
    }
    return faults;
  }
}

/** The records after the faults that concern records; the same array when there are none. */
export function faultyRecords(
  records: readonly JsonObject[],
  key: string,
  faults: readonly Fault[],
): readonly JsonObject[] {
  let changed = records;
  for (const fault of faults) {
    if (fault.kind === 'new-column') changed = changed.map((r) => ({ ...r, [fault.name]: fault.value }));
    if (fault.kind === 'changed-type') changed = changed.map((r) => asText(r, fault.field.split('.')));
    if (fault.kind === 'null-key') changed = changed.map((r, i) => (i === 0 ? { ...r, [key]: null } : r));
    if (fault.kind === 'big-text') {
      changed = changed.map((r, i) => (i === 0 ? { ...r, [fault.field]: 'x'.repeat(fault.bytes) } : r));
    }
  }
  return changed;
}

/** Whether the fault changes records rather than the transport. */
export function concernsRecords(fault: Fault): boolean {
  return ['new-column', 'changed-type', 'null-key', 'big-text'].includes(fault.kind);
}

function asText(record: JsonObject, path: readonly string[]): JsonObject {
  const [name, ...rest] = path;
  if (name === undefined || record[name] === undefined) return record;
  const value = record[name];
  if (rest.length === 0) return { ...record, [name]: String(value) };
  return typeof value === 'object' && value !== null && !Array.isArray(value)
    ? { ...record, [name]: asText(value as JsonObject, rest) }
    : record;
}
