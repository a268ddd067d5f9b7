import { type FaultKind, Faults } from './core/faults';
import { Network } from './core/network';
import { Random } from './core/random';
import { Timeline } from './core/timeline';
import { Trace } from './core/trace';
import { checkAtTheEnd, type Ending, unfinished } from './invariants/at-the-end';
import { RunBook } from './invariants/run-book';
import type { Mutation } from './mutations';
import { People } from './workload/people';
import { someEngineSettings } from './workload/settings';
import { CodeLocations, type File } from './world/code-locations';
import { Database } from './world/database';
import { type Container, Ecs } from './world/ecs';
import { EventBridge } from './world/event-bridge';
import { Functions } from './world/functions';
import { Bucket } from './world/object-store';
import type { Simulation } from './world/simulation';
import { StepFunctions } from './world/step-functions';
import { Worker } from './world/worker';

const MINUTE = 60_000;
const START = Date.UTC(2026, 2, 10, 8, 0, 30);
/** Virtual minutes: with faults; without, schedules still on; then at most until all has ended; then with nothing to do. */
const PHASES = { faults: 10, healthy: 6, ending: 120, settling: 8, idle: 10 };

export interface SeedResult {
  readonly seed: number;
  /** What must not have happened; empty when all is well. */
  readonly violations: readonly string[];
  readonly trace: readonly string[];
  /** Equal for equal courses. */
  readonly digest: string;
  readonly steps: number;
  readonly statements: number;
  readonly runs: number;
  /** Minutes that it took, virtually, to end all when nobody asked for more. */
  readonly endedAfter: number;
  readonly faults: ReadonlyMap<FaultKind, number>;
  readonly reached: ReadonlyMap<string, number>;
}

export interface SeedOptions {
  readonly mutation?: Mutation;
  /** Kinds of faults that are to be frequent. */
  readonly plagues?: readonly string[];
  readonly onLine?: (line: string) => void;
}

class Violation extends Error {}

/** Plays one seed: the same seed is the same course of events, always. */
export async function runSeed(seed: number, options: SeedOptions = {}): Promise<SeedResult> {
  const timeline = new Timeline(START);
  const trace = new Trace(options.onLine);
  const faults = new Faults(seed, options.plagues);
  const network = new Network({ timeline, trace, faults, random: new Random(seed, 'network') });
  const violations: string[] = [];
  const simulation: Simulation = {
    timeline,
    trace,
    faults,
    network,
    random: new Random(seed, 'world'),
    settings: someEngineSettings(new Random(seed, 'settings')),
    violate(what) {
      trace.add(timeline.now, `VIOLATION ${what}`);
      violations.push(what);
    },
  };
  const database = await Database.create(timeline);
  try {
    const { functions, ...world } = createWorld(seed, simulation, database);
    await options.mutation?.apply({ database, functions });
    database.onRefused = (message) => simulation.violate(`the database refused a statement: ${message}`);
    network.onEffect = () => world.book.observe();
    const ending = await play(simulation, world, violations);
    return {
      seed,
      violations,
      trace: trace.tail(),
      steps: trace.length,
      digest: trace.digest(),
      statements: database.statements,
      runs: world.book.runs.size,
      endedAfter: ending,
      faults: faults.fired,
      reached: world.book.reached,
    };
  } finally {
    await database.close();
  }
}

type World = Pick<
  Ending,
  'database' | 'book' | 'people' | 'ecs' | 'stepFunctions' | 'files' | 'failuresTold'
>;

function createWorld(
  seed: number,
  simulation: Simulation,
  database: Database,
): World & { readonly functions: Functions } {
  const { timeline, settings } = simulation;
  const ids = new Random(seed, 'ids');
  const book = new RunBook(database, settings, (what) => simulation.violate(what));
  const random = new Random(seed, 'people');
  const files: File[] = Array.from({ length: random.integer(2, 6) }, (_, index) => ({
    name: `file-${index}`,
    at: timeline.now + random.between(0, PHASES.faults * MINUTE),
  })).sort((a, b) => a.at - b.at);
  const executing = new Map<string, Container>();
  const executions = {
    begin(runId: string, attempt: number, container: Container) {
      const other = executing.get(runId);
      if (other?.process.isAlive === true && other !== container) {
        simulation.violate(
          `run ${runId} is executed by ${other.task.arn} and, as attempt ${attempt}, by ${container.task.arn}`,
        );
      }
      executing.set(runId, container);
    },
  };
  const functions: Functions = new Functions(
    simulation,
    () => ids.uuid(),
    () => services,
  );
  const surroundings = { database, executions, requestDequeue: () => functions.dequeueRequested() };
  const ecs = new Ecs(simulation, {
    program: (container) => void new Worker(simulation, surroundings, container).run(),
    onStopped: () => functions.taskStopped(),
  });
  const stepFunctions = new StepFunctions(simulation, ecs, (name, payload) =>
    functions.invoke(name, payload),
  );
  const services = {
    database,
    bucket: new Bucket(),
    codeLocations: new CodeLocations(simulation, files),
    ecs,
    stepFunctions,
    eventBridge: new EventBridge(simulation, () => functions.wakeUp()),
  };
  return {
    database,
    functions,
    book,
    files,
    failuresTold: functions.failuresTold,
    ecs,
    stepFunctions,
    people: new People(simulation, functions, book, random),
  };
}

/** @returns minutes from the last request to the end of everything */
async function play(simulation: Simulation, world: World, violations: readonly string[]): Promise<number> {
  const { timeline, faults, trace } = simulation;
  const { people, database } = world;
  const passUntil = async (
    instant: number,
    isOver: () => boolean | Promise<boolean> = () => false,
  ): Promise<boolean> => {
    while (violations.length === 0) {
      if (await isOver()) return true;
      if (!(await timeline.step(instant))) return false;
    }
    throw new Violation();
  };
  try {
    people.begin(PHASES.faults * MINUTE);
    await passUntil(START + PHASES.faults * MINUTE);
    trace.add(timeline.now, 'FAULTS END');
    faults.end();
    const healedAt = timeline.now;
    await passUntil(healedAt + PHASES.healthy * MINUTE);
    const turnedOffAt = timeline.now;
    const couldBeLate = people.hasPaused || faults.fired.size > 0;
    const ending: Ending = {
      ...world,
      beganAt: START,
      healedAt: healedAt + 2 * MINUTE,
      turnedOffAt,
      couldBeLate,
    };
    let isOff = false;
    void people.turnOff().then(() => {
      isOff = true;
    });
    const everyMinute = untilMinute(timeline);
    const hasEnded = await passUntil(
      turnedOffAt + PHASES.ending * MINUTE,
      async () => isOff && everyMinute() && (await unfinished(ending)).length === 0,
    );
    const endedAfter = (timeline.now - turnedOffAt) / MINUTE;
    if (!hasEnded) {
      simulation.violate(
        `still going on after ${PHASES.ending} minutes: ${(await unfinished(ending)).join('; ')}`,
      );
      return endedAfter;
    }
    await checkAtTheEnd(ending, (what) => simulation.violate(what));
    await passUntil(timeline.now + PHASES.settling * MINUTE);
    const before = database.statements;
    await passUntil(timeline.now + PHASES.idle * MINUTE);
    if (database.statements > before) {
      simulation.violate(
        `${database.statements - before} statements in ${PHASES.idle} minutes in which nothing was due`,
      );
    }
    return endedAfter;
  } catch (error) {
    if (!(error instanceof Violation)) throw error;
    return Number.NaN;
  }
}

/** True once in each virtual minute. */
function untilMinute(timeline: Timeline): () => boolean {
  let last = Math.floor(timeline.now / MINUTE);
  return () => {
    const minute = Math.floor(timeline.now / MINUTE);
    const isNew = minute !== last;
    last = minute;
    return isNew;
  };
}
