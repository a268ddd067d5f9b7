import { execFileSync } from 'node:child_process';
import { until } from '../support/until';
import { type Dev, type FaultsProject, openFaultsProject } from './support/faults-project';

let project: FaultsProject;
let dev: Dev;

beforeAll(async () => {
  project = await openFaultsProject(['faults']);
  dev = await project.dev();
});

afterAll(() => project.dispose());

const workerPools = (): number[] =>
  execFileSync('ps', ['-o', 'pid=,args=', '--ppid', String(dev.pid)], { encoding: 'utf8' })
    .split('\n')
    .filter((line) => /worker/.test(line))
    .map((line) => Number(line.trim().split(' ')[0]));

test('a run that waits keeps no process, survives kill -9 of the workers, and goes on from where it was', async () => {
  const runId = await dev.launch('waiting');
  await until(
    'the run is suspended',
    async () => (await dev.client.getRun(runId)).status === 'SUSPENDED',
    60,
  );
  expect((await dev.client.getRun(runId)).waitingFor).toMatch(
    /^waiting until .* for the next try of step "wait"; no process is kept$/,
  );
  const pools = workerPools();
  expect(pools).not.toEqual([]);
  for (const pid of pools) process.kill(pid, 'SIGKILL');

  const run = await dev.follow(runId);

  expect(run).toMatchObject({ status: 'SUCCESS', cause: null, attempt: 2 });
  const started = run.events.filter(({ type }) => type === 'STEP_START' || type === 'STEP_RESTARTED');
  expect(started.map(({ type, stepKey, tryNumber }) => `${type} ${stepKey} ${tryNumber}`)).toEqual([
    'STEP_START before 1',
    'STEP_START wait 1',
    'STEP_RESTARTED wait 2',
    'STEP_START after 1',
  ]);
  const [failed, restarted] = ['STEP_UP_FOR_RETRY', 'STEP_RESTARTED'].map(
    (type) => run.events.find((event) => event.type === type)?.timestamp ?? 0,
  );
  expect((restarted ?? 0) - (failed ?? 0)).toBeGreaterThanOrEqual(6_000);
});
