import { executeRun, initialRunState, type RunEnd } from '../../../lib/execution/run-executor';
import type { RunState } from '../../../lib/execution/run-state';
import type { EventOf, EventType, NewEvent } from '../../../lib/model/event';
import type { PlannedStep } from '../../../lib/model/execution-plan';
import { assignment, type TestDefinitions, testDefinitions } from './definitions';
import { type InMemoryHost, inMemoryHost } from './in-memory-host';

export interface Executed {
  readonly end: RunEnd;
  readonly host: InMemoryHost;
  readonly events: readonly NewEvent[];
  /** Types of a step's events, in order. */
  typesOf(stepKey: string): EventType[];
  of<T extends EventType>(type: T): EventOf<T>[];
}

/** Executes a plan in memory. */
export async function execute(
  definitions: TestDefinitions,
  steps: readonly PlannedStep[],
  options: {
    readonly host?: InMemoryHost;
    readonly signal?: AbortSignal;
    readonly state?: Partial<RunState>;
    readonly run?: Parameters<typeof assignment>[1];
  } = {},
): Promise<Executed> {
  const host = options.host ?? inMemoryHost();
  const assigned = assignment(steps, options.run);
  const end = await executeRun({
    definitions: testDefinitions(definitions),
    assignment: assigned,
    attempt: 1,
    state: { ...initialRunState(assigned), ...options.state },
    host,
    signal: options.signal ?? new AbortController().signal,
    onlyStep: null,
  });
  return {
    end,
    host,
    events: host.events,
    typesOf: (stepKey) => host.events.filter((event) => event.stepKey === stepKey).map(({ type }) => type),
    of: (type) => host.events.filter((event): event is EventOf<typeof type> => event.type === type) as never,
  };
}
