import type { EventType } from '../../lib/model/event';
import { type ChaosDatabase, openChaosDatabase } from './support/chaos-database';
import type { Crash, CrashMode } from './support/crashing-driver';
import { unsettled, violations } from './support/invariants';
import { SCENARIOS, type Scenario, SETTINGS } from './support/scenarios';
import { World } from './support/world';

const MODES: readonly CrashMode[] = ['killed before', 'killed after', 'reply lost', 'vanished after'];
const HOUR = 3_600_000;

/** Who writes each type of event. What the control plane writes is in one transaction with the change that it tells of. */
const WRITTEN_BY: Readonly<Record<EventType, 'worker' | 'control plane'>> = {
  RUN_ENQUEUED: 'control plane',
  RUN_DEQUEUED: 'control plane',
  RUN_STARTING: 'control plane',
  RUN_START: 'control plane',
  RUN_SUCCESS: 'control plane',
  RUN_FAILURE: 'control plane',
  RUN_CANCELING: 'control plane',
  RUN_CANCELED: 'control plane',
  ASSET_MATERIALIZATION_PLANNED: 'control plane',
  ASSET_CHECK_EVALUATION_PLANNED: 'control plane',
  FRESHNESS_STATE_CHANGE: 'control plane',
  ENGINE_EVENT: 'worker',
  STEP_WORKER_STARTED: 'worker',
  STEP_START: 'worker',
  STEP_INPUT: 'worker',
  LOADED_INPUT: 'worker',
  STEP_OUTPUT: 'worker',
  HANDLED_OUTPUT: 'worker',
  STEP_SUCCESS: 'worker',
  STEP_FAILURE: 'worker',
  STEP_SKIPPED: 'worker',
  STEP_UP_FOR_RETRY: 'worker',
  STEP_RESTARTED: 'worker',
  STEP_WAITING: 'worker',
  RESOURCE_INIT_STARTED: 'worker',
  RESOURCE_INIT_SUCCESS: 'worker',
  RESOURCE_INIT_FAILURE: 'worker',
  HOOK_COMPLETED: 'worker',
  HOOK_ERRORED: 'worker',
  HOOK_SKIPPED: 'worker',
  LOGS_CAPTURED: 'worker',
  LOG_MESSAGE: 'worker',
  ASSET_MATERIALIZATION: 'worker',
  ASSET_OBSERVATION: 'worker',
  ASSET_FAILED_TO_MATERIALIZE: 'worker',
  ASSET_CHECK_EVALUATION: 'worker',
};
const WRITES = [
  ...['create_runs', 'claim_runs', 'take_outbox', 'write outbox', 'write key_values', 'settle_dependencies'],
  ...[
    'issue_attempt_token',
    'start_run',
    'heartbeat',
    'append_events',
    'claim_pool_slot',
    'release_pool_slot',
  ],
  ...[
    'suspend_run',
    'suspended_state',
    'resume_suspended_runs',
    'finish_run',
    'finalize_attempt',
    'decide_retry',
  ],
  ...['cancel_run', 'find_late_attempts', 'start_tick', 'finish_tick', 'record_freshness'],
];

let database: ChaosDatabase;
beforeAll(async () => {
  database = await openChaosDatabase();
});
afterAll(() => database.close());

/** Carries a scenario to its end with a crash on its way, or without one. */
async function play(scenario: Scenario, crash: Crash | null): Promise<World> {
  // Five minutes past an hour, so that no tick falls in between.
  const aheadBy = HOUR - (Date.now() % HOUR) + HOUR / 12;
  await database.empty();
  await database.setClock(aheadBy);
  await database.admin.query(`insert into headrace.pools (pool, slots) values ('db', 1)`);
  const world = new World({
    database,
    settings: SETTINGS,
    script: scenario.script,
    locations: scenario.locations(Date.now() + aheadBy),
    ...(scenario.answer === undefined ? {} : { answer: scenario.answer }),
    crash,
    aheadBy,
  });
  try {
    await scenario.act(world);
    await world.recover(() => unsettled(world));
    return world;
  } finally {
    world.dispose();
    await world.idle();
  }
}

/**
 * The matrix by default: killed after every write of the control plane, which is also before every next one; before
 * it, and without its reply, once for each kind of write; workers at each kind of write. `CHAOS=full` leaves nothing out.
 */
const isFull = process.env['CHAOS'] === 'full';
const taken = new Map<CrashMode, Set<string>>(MODES.map((mode) => [mode, new Set()]));
const covered = new Set<string>();
const written = new Set<string>();

function choose(points: readonly string[], mode: CrashMode): readonly string[] {
  const known = taken.get(mode);
  return points.filter((point) => {
    const kind = point.replace(/ #\d+$/, '');
    const isWorkers = kind.startsWith('worker');
    if (mode === 'vanished after' && !isWorkers) return false;
    const isNew = known?.has(kind) === false;
    known?.add(kind);
    return isFull || isNew || (mode === 'killed after' && !isWorkers);
  });
}

describe.each(SCENARIOS)('$name', (scenario) => {
  let points: readonly string[];

  test('comes to its end when nothing goes wrong', async () => {
    // What processes do at once may come in another order each time: a point counts when it always comes.
    for (let round = 0; round < 3; round += 1) {
      const world = await play(scenario, null);
      const seen = new Set(world.points.seen);

      expect(await violations(world, scenario.ends)).toEqual([]);
      expect(world.restarts).toBe(0);
      points = round === 0 ? [...seen] : points.filter((point) => seen.has(point));
    }
    for (const point of points) covered.add(point.replace(/ #\d+$/, ''));
    const { rows } = await database.admin.query<{ type: string }>(
      'select distinct type from headrace.events',
    );
    for (const { type } of rows) written.add(type);
  });

  test.each(MODES)('%s a write comes to the same end, with everything once', async (mode) => {
    const failures: string[] = [];
    for (const point of choose(points, mode)) {
      let fired = 0;
      for (let tries = 0; tries < 3 && fired === 0; tries += 1) {
        try {
          const world = await play(scenario, { point, mode });
          fired = world.points.fired;
          failures.push(...(await violations(world, scenario.ends)).map((what) => `${point}: ${what}`));
        } catch (error) {
          failures.push(`${point}: ${error}`);
          fired = -1;
        }
        // A busy machine may take other ways than those that were seen before.
        if (fired === 0 && !(await play(scenario, null)).points.seen.includes(point)) fired = -1;
      }
      if (fired === 0) failures.push(`${point}: was never reached`);
    }
    expect(failures).toEqual([]);
  });
});

test('the matrix has every type of event, and every write of a run’s life', () => {
  const appended = [...covered].flatMap((point) => /append_events (\w+)$/.exec(point)?.[1] ?? []);
  const workers = Object.entries(WRITTEN_BY).filter(([, by]) => by === 'worker');
  expect(appended.sort()).toEqual(workers.map(([type]) => type).sort());
  expect([...written].sort()).toEqual(Object.keys(WRITTEN_BY).sort());
  const writes = new Set([...covered].map((point) => point.replace(/^\w+: ((write )?\w+).*$/, '$1')));
  expect([...writes]).toEqual(expect.arrayContaining(WRITES));
});
