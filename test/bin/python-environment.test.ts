import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { chmod, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { needsPythonEnvironment } from '../../bin/python-environment.mjs';

const MODULE = resolve(import.meta.dirname, '../../bin/python-environment.mjs');

let root: string;
let commands: string;

beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'headrace-python-'));
  commands = join(root, 'commands');
  await mkdir(commands);
  await writeFile(join(root, 'requirements.txt'), '');
});

afterEach(async () => {
  await rm(root, { recursive: true, force: true });
});

/** Puts a shell script on the only PATH that there is. */
async function command(name: string, script: string): Promise<void> {
  await writeFile(join(commands, name), `#!/bin/sh\n${script}\n`);
  await chmod(join(commands, name), 0o755);
}

/** Runs ensurePythonEnvironment in a process with that PATH. */
function ensure(path = commands): Promise<{ readonly status: number | null; readonly output: string }> {
  const script = `import(${JSON.stringify(MODULE)}).then(({ ensurePythonEnvironment }) =>
    ensurePythonEnvironment({ root: ${JSON.stringify(root)}, log: console.log })).then(
      ({ python }) => console.log('python: ' + python),
      (error) => { console.log(error.name + ': ' + error.message); process.exitCode = 1; });`;
  const child = spawn(process.execPath, ['-e', script], { env: { PATH: path } });
  return new Promise((done) => {
    let output = '';
    child.stdout.on('data', (chunk) => {
      output += chunk;
    });
    child.stderr.on('data', (chunk) => {
      output += chunk;
    });
    child.on('close', (status) => done({ status, output }));
  });
}

describe('the Python environment', () => {
  it('is made by the first Python that is new enough, and then only checked', async () => {
    const systemPath = process.env.PATH ?? '';
    const first = await ensure(systemPath);
    expect(first.output).toMatch(
      /Creating the Python environment.*\n.*Installing.*\n(.*\n)*python: .*\.headrace\/venv\/bin\/python/,
    );
    expect(first.status).toBe(0);
    const second = await ensure(commands);
    expect(second.output).toBe(`python: ${join(root, '.headrace/venv/bin/python')}\n`);
  });

  it.each([
    ['dbt-core==1.11.16\n', true],
    ['# local\nfakesnow[server]==0.12.1\n', true],
    ['pandas\n# not for dbt-core\n', false],
  ])('is for projects that ask for dbt or the local Snowflake: %j, %s', async (requirements, isNeeded) => {
    await writeFile(join(root, 'requirements.txt'), requirements);
    expect(needsPythonEnvironment(root)).toBe(isNeeded);
    expect(needsPythonEnvironment(commands)).toBe(false);
  });

  it('is not touched when its requirements are the ones that were installed', async () => {
    await mkdir(join(root, '.headrace/venv'), { recursive: true });
    await writeFile(
      join(root, '.headrace/venv/requirements.sha256'),
      createHash('sha256').update('').digest('hex'),
    );
    expect((await ensure()).status).toBe(0);
  });

  it('says where to get Python when there is none', async () => {
    const { status, output } = await ensure();
    expect(output).toMatch(
      /PythonEnvironmentError: Headrace needs Python 3\.11 or newer .* none of .* was found on PATH\. Install/,
    );
    expect(status).toBe(1);
  });

  it('says which version was found when it is too old', async () => {
    await command('python3', 'echo 3.9.18');
    expect((await ensure()).output).toContain('python3 is 3.9.18');
  });

  it('says how to get the venv module when it is missing', async () => {
    await command(
      'python3',
      'if [ "$1" = "-c" ]; then echo 3.12.1; else echo "No module named venv" >&2; exit 1; fi',
    );
    expect((await ensure()).output).toMatch(/has no venv module.*apt install python3-venv/);
  });

  it('shows the end of what pip wrote when it fails, and tries again the next time', async () => {
    const pip = `#!/bin/sh\\nif [ "$3" = "--version" ]; then exit 0; fi\\necho "no matching distribution"; exit 1\\n`;
    await command(
      'python3',
      `if [ "$1" = "-c" ]; then echo 3.12.1; exit 0; fi; /bin/mkdir -p "$3/bin"; printf '${pip}' > "$3/bin/python"; /bin/chmod +x "$3/bin/python"`,
    );
    for (let i = 0; i < 2; i++) {
      expect((await ensure()).output).toMatch(
        /pip could not install .*Check the network(.*\n)+no matching distribution/,
      );
    }
  });
});
