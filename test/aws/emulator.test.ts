import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { FIXTURE, type FixtureClients, fixtureClients } from '../support/aws/emulator/emulator-fixture';
import { type AwsEmulator, startAwsEmulator } from '../support/aws/emulator/start-aws-emulator';
import { processesOfGroups } from '../support/aws/emulator/supervised-process';
import { buildPrograms } from '../support/build-programs';
import { bootstrapCases } from './cases/bootstrap-cases';
import { makeChangedRule, ruleCases } from './cases/rule-cases';
import { runCoordinatorCases } from './cases/run-coordinator-cases';
import { stackCases } from './cases/stack-cases';
import { stateMachineCases } from './cases/state-machine-cases';
import { taskCases } from './cases/task-cases';

/** Nothing listens there: the test only shows that functions and tasks are told. */
const DATA_API_URL = 'http://127.0.0.1:9';
/** `HEADRACE_TEST_RESTORE=` runs the emulator as shipped, to see which tests need a restored behaviour. */
const RESTORE = process.env.HEADRACE_TEST_RESTORE?.split(',').filter(Boolean);

let directory: string;
let programs: string;
let aws: AwsEmulator;
let fixture: FixtureClients;
let app: { app: string; context: Record<string, string> };
const times: string[] = [];

async function timed<T>(phase: string, work: Promise<T>): Promise<T> {
  const started = Date.now();
  const result = await work;
  times.push(`${phase} ${((Date.now() - started) / 1000).toFixed(1)} s`);
  return result;
}

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'headrace-aws-'));
  programs = await buildPrograms({ app: 'test/support/aws/emulator/fixture-app/app.ts' });
  app = { app: `node ${join(programs, 'app.mjs')}`, context: { fixture: FIXTURE } };
  aws = await timed(
    'start',
    startAwsEmulator({
      directory,
      dataApiUrl: DATA_API_URL,
      images: {
        'container-assets': { command: ['node', 'worker.mjs'], workingDirectory: join(FIXTURE, 'worker') },
      },
      ...(RESTORE === undefined ? {} : { restore: RESTORE }),
    }),
  );
  await timed('bootstrap', aws.bootstrap());
  const outputs = await timed('deploy', aws.deploy(app));
  fixture = fixtureClients(aws, outputs.Fixture ?? {});
  await makeChangedRule(fixture);
});

afterAll(async () => {
  await aws?.stop();
  await rm(directory, { recursive: true, force: true });
  await rm(programs, { recursive: true, force: true });
  console.info(times.join(', '));
});

// One deployment serves every case, so they are registered here.
const deployed = () => fixture;
stackCases(deployed);
bootstrapCases(deployed);
taskCases(deployed);
stateMachineCases(deployed);
runCoordinatorCases(deployed);
ruleCases(deployed);

describe('the end', () => {
  test('the stack is destroyed', async () => {
    await timed('destroy', aws.destroy(app));

    const gone = await fetch(aws.httpApiUrl(fixture.output('HttpApiEndpoint')));
    expect(gone.status).toBe(404);
  });

  test('no process of it is left', async () => {
    const { pids } = aws;
    expect(processesOfGroups(pids).length).toBeGreaterThanOrEqual(2);

    await timed('stop', aws.stop());

    expect(processesOfGroups(pids)).toEqual([]);
  });
});
