import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { runCdk } from '../support/aws/emulator/cdk-cli';
import { serverEnvironment } from '../support/aws/emulator/emulator-environment';
import { buildEngine, ensureEmulator, freePort } from '../support/aws/emulator/emulator-programs';
import { processesOfGroups, startSupervised } from '../support/aws/emulator/supervised-process';
import { until } from '../support/until';

/** Starts a program as the harness does, says its pid, and waits to be killed. */
const PARENT = `
  const { spawn } = require('node:child_process');
  const [program, ...args] = process.argv.slice(1);
  const child = spawn(program, args, { stdio: ['pipe', 'inherit', 'inherit'], detached: true });
  console.log(JSON.stringify({ pid: child.pid }));
  setInterval(() => {}, 1000);
`;

let directory: string;
const parents: ChildProcess[] = [];

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'headrace-aws-'));
});
afterAll(async () => {
  for (const parent of parents) parent.kill('SIGKILL');
  await rm(directory, { recursive: true, force: true });
});

interface Orphan {
  readonly parent: ChildProcess;
  readonly pid: number;
  readonly output: () => string;
}

async function startUnderParent(
  command: readonly string[],
  environment: Record<string, string>,
): Promise<Orphan> {
  const parent = spawn(process.execPath, ['-e', PARENT, ...command], {
    cwd: directory,
    env: { PATH: process.env.PATH, ...environment },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let output = '';
  parents.push(parent);
  for (const stream of [parent.stdout, parent.stderr]) {
    stream.setEncoding('utf8').on('data', (chunk: string) => {
      output += chunk;
    });
  }
  const pid = await until('the pid', async () => {
    const found = /\{"pid":(\d+)\}/.exec(output)?.[1];
    return found === undefined ? undefined : Number(found);
  });
  return { parent, pid, output: () => output };
}

const isGone = async (groups: readonly number[]) =>
  processesOfGroups(groups).length === 0 ? true : undefined;

describe('when the process that started them is killed', () => {
  test('the engine ends every container, even one that ignores SIGTERM, and itself', async () => {
    await buildEngine(directory);
    const images = join(directory, 'images.json');
    const stubborn = ['sh', '-c', 'trap "" TERM; sleep 300 & wait'];
    await writeFile(images, JSON.stringify({ stubborn: { command: stubborn, workingDirectory: directory } }));
    const engine = await startUnderParent(
      [
        process.execPath,
        join(directory, 'engine.mjs'),
        directory,
        images,
        JSON.stringify({ PATH: process.env.PATH }),
      ],
      {},
    );
    const port = await until('the port', async () => /\{"port":(\d+)\}/.exec(engine.output())?.[1]);
    const url = `http://127.0.0.1:${port}/containers`;
    const created = await fetch(`${url}/create`, {
      method: 'POST',
      body: JSON.stringify({ Image: 'stubborn:1' }),
    });
    const { Id: id } = (await created.json()) as { Id: string };
    await fetch(`${url}/${id}/start`, { method: 'POST' });
    const inspected = (await (await fetch(`${url}/${id}/json`)).json()) as { State: { Pid: number } };
    const groups = [engine.pid, inspected.State.Pid];
    await until('the container and what it started', async () =>
      processesOfGroups(groups).length >= 3 ? true : undefined,
    );

    engine.parent.kill('SIGKILL');

    await until('the end of both', () => isGone(groups));
  });

  test('the emulator ends itself', async () => {
    const { launcher, python } = await ensureEmulator();
    const emulator = await startUnderParent([python, launcher], {
      HEADRACE_RESTORE: '',
      ...serverEnvironment({
        port: await freePort(),
        enginePort: 0,
        temporaryDirectory: directory,
        faultsFile: join(directory, 'faults.json'),
        dataApiUrl: undefined,
      }),
    });
    await until(
      'its first line',
      async () => (emulator.output().includes('Ready') ? true : undefined),
      60_000,
    );

    emulator.parent.kill('SIGKILL');

    await until('its end', () => isGone([emulator.pid]));
  });
});

test('waiting for a process that ends tells how it ended and what it said last', async () => {
  const started = startSupervised({
    command: [process.execPath, '-e', 'console.error("no such port"); process.exit(3)'],
    directory,
    environment: {},
    logFile: join(directory, 'ended.log'),
  });

  await expect(started.waitUntil(async () => undefined, 20_000)).rejects.toThrow(
    /exited with 3[\s\S]*no such port/,
  );
  await started.stop();
});

test('waiting for a process that never gets ready ends in time, and stop kills what ignores its end', async () => {
  const started = startSupervised({
    command: [process.execPath, '-e', 'setInterval(() => {}, 1000)'],
    directory,
    environment: {},
    logFile: join(directory, 'never.log'),
  });

  await expect(started.waitUntil(async () => undefined, 300)).rejects.toThrow(/was not ready after 300 ms/);
  await started.stop();
  expect(processesOfGroups([started.pid])).toEqual([]);
});

describe('the CDK CLI', () => {
  const environment = { PATH: process.env.PATH ?? '', CDK_DISABLE_CLI_TELEMETRY: '1' };

  test('is killed with everything it started when its time is up', async () => {
    const app = 'echo $$ > app.pid; exec sleep 300';
    await writeFile(join(directory, 'slow-app.sh'), app);

    const slow = runCdk(['synth', '--app', 'sh slow-app.sh'], { directory, environment, timeoutMs: 8_000 });

    await expect(slow).rejects.toThrow(/took more than 8000 ms/);
    const pid = Number(await readFile(join(directory, 'app.pid'), 'utf8'));
    await until('the end of the app', async () => (isAlive(pid) ? undefined : true));
  });

  test('fails with what it printed', async () => {
    const failed = runCdk(['synth', '--app', 'echo no such context >&2; exit 1'], { directory, environment });

    await expect(failed).rejects.toThrow(/exited with 1[\s\S]*no such context/);
  });
});

function isAlive(pid: number): boolean {
  const { stdout } = spawnSync('ps', ['-o', 'stat=', '-p', String(pid)], { encoding: 'utf8' });
  return stdout.trim() !== '' && !stdout.trim().startsWith('Z');
}
