import { spawn, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

/** The oldest Python that everything in requirements.txt runs on (fakesnow 0.12.1 sets it). */
const OLDEST_PYTHON = [3, 11];
// The first that is new enough is taken. dbt-core 1.11 is tested up to 3.13, so that comes before plain python3.
const CANDIDATES =
  process.platform === 'win32'
    ? ['py', 'python']
    : ['python3.13', 'python3.12', 'python3.11', 'python3', 'python'];
const LOCK_POLL_MS = 500;

/** The Python environment could not be made; the message says what to do. */
export class PythonEnvironmentError extends Error {
  name = 'PythonEnvironmentError';
}

/**
 * Whether a project has a requirements.txt that asks for dbt or the local Snowflake server: then Headrace makes
 * an environment of it. Other Python of a project is none of its business.
 *
 * @param {string} root the project's folder
 */
export function needsPythonEnvironment(root) {
  const path = join(root, 'requirements.txt');
  return existsSync(path) && /^(dbt[-_[]|fakesnow)/m.test(readFileSync(path, 'utf8'));
}

/**
 * Makes `.headrace/venv` hold exactly what requirements.txt asks for, and returns its interpreter. Does nothing
 * when it already does (the file's hash is kept beside it); takes about half a minute the first time.
 *
 * @param {{ root: string, log?: (line: string) => void }} options root: the repository; log: progress, a line each
 * @returns {Promise<{ python: string, bin: string }>} absolute paths of the interpreter and of the scripts' folder
 * @throws {PythonEnvironmentError} no Python, too old a Python, no venv module, or pip failed
 * @example const { python } = await ensurePythonEnvironment({ root: process.cwd(), log: console.log });
 */
export async function ensurePythonEnvironment({ root, log = () => {} }) {
  const directory = join(root, '.headrace', 'venv');
  const requirements = join(root, 'requirements.txt');
  const wanted = createHash('sha256')
    .update(await readFile(requirements))
    .digest('hex');
  const bin = join(directory, process.platform === 'win32' ? 'Scripts' : 'bin');
  const environment = { python: join(bin, process.platform === 'win32' ? 'python.exe' : 'python'), bin };
  const marker = join(directory, 'requirements.sha256');
  if (await holds(marker, wanted)) return environment;

  await mkdir(join(root, '.headrace'), { recursive: true });
  const unlock = await lock(join(root, '.headrace', 'venv.lock'), log);
  try {
    if (await holds(marker, wanted)) return environment;
    if (!runs(environment.python)) {
      const { command, version } = findPython();
      log(`Creating the Python environment in .headrace/venv (Python ${version})`);
      await rm(directory, { recursive: true, force: true });
      await createVenv(command, directory);
    }
    log('Installing dbt and the local Snowflake server from requirements.txt (about half a minute)');
    await install(environment.python, requirements, log);
    await writeFile(`${marker}.new`, wanted);
    await rename(`${marker}.new`, marker);
    log('The Python environment is ready');
    return environment;
  } finally {
    await unlock();
  }
}

async function holds(marker, wanted) {
  return (await readFile(marker, 'utf8').catch(() => '')) === wanted;
}

/** Whether it starts: an environment copied from elsewhere, or whose base Python was removed, does not. */
function runs(python) {
  return (
    existsSync(python) && spawnSync(python, ['-m', 'pip', '--version'], { stdio: 'ignore' }).status === 0
  );
}

/**
 * The first Python on PATH that is new enough.
 *
 * @returns {{ command: string, version: string }}
 * @throws {PythonEnvironmentError} naming what was found instead, and what to install
 */
export function findPython() {
  const tooOld = [];
  for (const command of CANDIDATES) {
    const found = spawnSync(command, ['-c', 'import sys; print("%d.%d.%d" % sys.version_info[:3])'], {
      encoding: 'utf8',
    });
    if (found.status !== 0) continue;
    const version = found.stdout.trim();
    const [major = 0, minor = 0] = version.split('.').map(Number);
    if (major === OLDEST_PYTHON[0] && minor >= OLDEST_PYTHON[1]) return { command, version };
    tooOld.push(`${command} is ${version}`);
  }
  const needed = OLDEST_PYTHON.join('.');
  const install = `Install Python ${needed} or newer (macOS: brew install python@3.12; Debian, Ubuntu: apt install python3.12 python3.12-venv) and start again.`;
  throw new PythonEnvironmentError(
    tooOld.length > 0
      ? `Headrace needs Python ${needed} or newer for dbt and the local Snowflake server; ${tooOld.join(', ')}. ${install}`
      : `Headrace needs Python ${needed} or newer for dbt and the local Snowflake server; none of ${CANDIDATES.join(', ')} was found on PATH. ${install}`,
  );
}

async function createVenv(command, directory) {
  const { status, output } = await run(command, ['-m', 'venv', directory], () => {});
  if (status === 0) return;
  await rm(directory, { recursive: true, force: true });
  const missing = /ensurepip|No module named venv/.test(output);
  throw new PythonEnvironmentError(
    missing
      ? `${command} has no venv module. Install it (Debian, Ubuntu: apt install python3-venv) and start again.\n${tail(output)}`
      : `${command} -m venv ${directory} failed:\n${tail(output)}`,
  );
}

async function install(python, requirements, log) {
  const args = [
    '-m',
    'pip',
    'install',
    '--disable-pip-version-check',
    '--no-input',
    '--progress-bar',
    'off',
    '-r',
    requirements,
  ];
  const { status, output } = await run(python, args, (line) => {
    const collecting = /^Collecting (\S+)/.exec(line);
    if (collecting) log(`  ${collecting[1]}`);
    else if (line.startsWith('Installing collected packages')) log('  unpacking');
  });
  if (status === 0) return;
  throw new PythonEnvironmentError(
    `pip could not install ${requirements}. Check the network and pip's index (pip config list), then start again; what was installed so far is kept.\n${tail(output)}`,
  );
}

/** Runs a command, hands on its output by lines, and keeps all of it for the error message. */
function run(command, args, onLine) {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, { stdio: ['ignore', 'pipe', 'pipe'] });
    let output = '';
    let pending = '';
    const read = (chunk) => {
      output += chunk;
      const lines = (pending + chunk).split('\n');
      pending = lines.pop() ?? '';
      lines.forEach(onLine);
    };
    child.stdout.setEncoding('utf8').on('data', read);
    child.stderr.setEncoding('utf8').on('data', read);
    child.on('error', reject);
    child.on('close', (status) => resolve({ status, output }));
  });
}

const tail = (output) => output.trim().split('\n').slice(-15).join('\n');

/** One process at a time builds the environment; a lock whose owner is gone is taken over. */
async function lock(file, log) {
  for (let waited = false; ; waited = true) {
    try {
      await writeFile(file, String(process.pid), { flag: 'wx' });
      return () => rm(file, { force: true });
    } catch (error) {
      if (error.code !== 'EEXIST') throw error;
    }
    const owner = Number(await readFile(file, 'utf8').catch(() => ''));
    if (owner > 0 && !alive(owner)) {
      await rm(file, { force: true });
      continue;
    }
    if (!waited) log(`Waiting for process ${owner}, which is installing the Python environment`);
    await new Promise((resolve) => setTimeout(resolve, LOCK_POLL_MS));
  }
}

function alive(pid) {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error.code === 'EPERM';
  }
}
