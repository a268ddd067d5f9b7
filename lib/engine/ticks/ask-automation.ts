import { checkId } from '../../model/asset-check';
import type { AssetKey } from '../../model/asset-key';
import type { TickContext } from '../../model/automation-state';
import type { InstigatorLog } from '../../model/code-location';
import type { SensorManifest } from '../../model/manifest';
import type { InstigatorState, Tick } from '../../model/tick';
import type { AutomationTickOutcome } from '../../ports/automation-storage';
import type { Instance } from '../../ports/instance';
import { automatedKeys } from '../automation/automated-keys';
import { automationGraph } from '../automation/automation-graph';
import { AutomationView, type Entity } from '../automation/automation-view';
import {
  type AutomationOutcome,
  evaluateAutomation,
  previousContext,
} from '../automation/evaluate-automation';
import { jobKey, planJobRuns } from '../automation/job-node';
import { planAutomationRuns, planCheckRuns } from '../automation/plan-automation-runs';
import { readAutomationFacts } from '../automation/read-automation-facts';
import { EMPTY } from '../automation/subset';
import type { LoadedLocation } from '../find-definitions';
import type { Evaluation } from './ask-location';

/** The sensor to evaluate, and what is known of the automation sensors of its location. */
export interface AutomationQuestion {
  readonly location: LoadedLocation;
  readonly sensor: SensorManifest;
  /** Cursor of a sensor of the location; null = none. */
  cursorOf(sensor: string): InstigatorState['cursor'];
}

/**
 * Evaluates the conditions of the assets that an automation sensor covers. What it answers is stored with the end of
 * the tick: the runs, how far it has seen, what the conditions remember, and why.
 */
export async function askAutomation(
  instance: Instance,
  { location, sensor, cursorOf }: AutomationQuestion,
  { tickId }: Pick<Tick, 'tickId'>,
): Promise<Evaluation> {
  const { manifest } = location;
  const [locations, stored] = await Promise.all([
    instance.codeLocations.list(),
    instance.storage.automationStates(manifest.location),
  ]);
  const graph = automationGraph(locations);
  const keys = automatedKeys(manifest, sensor.assets);
  const states = new Map(stored.map(({ key, state }) => [key, state]));
  const contexts = new Map<string, TickContext | null>();
  // Asked for each asset, of which there may be tens of thousands.
  const contextOf = (name: string): TickContext | null => {
    const context = contexts.get(name) ?? readCursor(cursorOf(name));
    contexts.set(name, context);
    return context;
  };
  const facts = await readAutomationFacts(instance, {
    graph,
    keys,
    seenThrough: (key) => previousContext({ states, contextOf }, key)?.eventId ?? null,
  });
  const evaluationId = tickId;
  const outcome = evaluateAutomation({
    graph,
    facts,
    sensor: sensor.name,
    keys,
    evaluationId,
    states,
    contextOf,
  });
  const view = new AutomationView(graph, facts);
  const orderOf = (key: AssetKey) => {
    const entity: Entity | undefined = view.entity(key);
    return entity === undefined ? EMPTY : view.whole(entity);
  };
  const cursor: TickContext = { evaluationId, time: facts.now, eventId: facts.throughId };
  return {
    result: {
      runRequests: [
        ...planAutomationRuns(graph, outcome.requests, orderOf, evaluationId),
        ...planCheckRuns({ graph, facts }, outcome, evaluationId),
        ...planJobRuns(manifest, outcome, evaluationId),
      ],
      skipReason: `${keys.length === 1 ? 'The one condition' : `The ${keys.length} conditions`} asked for nothing.`,
      cursor: JSON.stringify(cursor),
      dynamicPartitionsRequests: [],
    },
    logs: outcome.errors.map(({ key, error }): InstigatorLog => toLog(key, error, facts.now)),
    automation: (runs) => toTickOutcome(outcome, runs, facts.now),
  };
}

function toTickOutcome(
  { states, evaluations, shapes }: AutomationOutcome,
  runs: Parameters<NonNullable<Evaluation['automation']>>[0],
  timestamp: number,
): AutomationTickOutcome {
  const runIds = new Map<string, string[]>();
  for (const { runId, location, jobName, assetSelection, assetCheckSelection } of runs) {
    const made = [
      jobKey(location, jobName),
      ...(assetSelection ?? []),
      ...(assetCheckSelection ?? []).map(checkId),
    ];
    for (const key of made) runIds.set(key, [...(runIds.get(key) ?? []), runId]);
  }
  // A check that was asked for is evaluated by the runs of its asset, when these were asked for too.
  const runsOf = (key: string): readonly string[] =>
    runIds.get(key) ?? runIds.get(key.split(':', 1)[0] ?? key) ?? [];
  return {
    states: [...states].map(([key, state]) => ({ key, state })),
    evaluations: evaluations.map(({ key, numRequested, packed }) => ({
      key,
      timestamp,
      numRequested,
      runIds: numRequested === 0 ? [] : runsOf(key),
      packed,
    })),
    shapes: [...shapes].map(([name, shape]) => ({ name, shape })),
  };
}

/** Null for what is no cursor of an automation sensor: someone set it by hand. */
function readCursor(cursor: string | null): TickContext | null {
  if (cursor === null) return null;
  try {
    const { evaluationId, time, eventId } = JSON.parse(cursor) as Partial<TickContext>;
    if (![evaluationId, time, eventId].every(Number.isSafeInteger)) return null;
    return { evaluationId, time, eventId } as TickContext;
  } catch {
    return null;
  }
}

function toLog(key: string, error: unknown, timestamp: number): InstigatorLog {
  const reason = error instanceof Error ? error.message : String(error);
  return {
    timestamp,
    level: 'ERROR',
    message: `The condition of '${key}' could not be evaluated: ${reason} Its next evaluation goes on from where it was.`,
  };
}
