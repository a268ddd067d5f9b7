import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, globSync, mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { environmentWithPath } from '../../environment';
import type { CodeLocationSettings } from '../../settings/workspace-settings';
import { CliError, EXIT } from '../errors';
import type { Project } from '../project';

/** Parts of paths that a prepare command itself writes; they do not count as changes. */
const WRITTEN = /(^|\/)(target|logs|dbt_packages|__pycache__|node_modules)\/|\.user\.yml$/;
const LAST_LINES = 20;

/**
 * Runs a location's `prepare` command when the files it declares changed since the last time, e.g. `dbt parse`. The
 * scripts of the project's Python environment are found first.
 *
 * @throws {CliError} with the command's last lines when it fails
 */
export async function prepareLocation(
  project: Project,
  location: CodeLocationSettings,
  onLog: (line: string) => void,
): Promise<void> {
  if (location.prepare === null) return;
  const stamp = join(project.home, 'prepared', location.name);
  const wanted = fingerprint(project.root, location);
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === wanted) return;
  onLog(`preparing ${location.name}: ${location.prepare.join(' ')}`);
  await run(project, location.name, location.prepare);
  mkdirSync(join(project.home, 'prepared'), { recursive: true });
  writeFileSync(stamp, wanted);
}

/** Names, sizes and times of the declared files. */
function fingerprint(root: string, { files, prepare }: CodeLocationSettings): string {
  const hash = createHash('sha256').update(JSON.stringify(prepare));
  const paths = files
    .flatMap((pattern) => globSync([pattern, `${pattern}/**`], { cwd: root }))
    .filter((path) => !WRITTEN.test(path));
  for (const path of paths.sort()) {
    const { size, mtimeMs } = statSync(join(root, path));
    hash.update(`${path}\0${size}\0${mtimeMs}\n`);
  }
  return hash.digest('hex');
}

function run(project: Project, location: string, command: readonly string[]): Promise<void> {
  const [program = '', ...args] = command;
  const child = spawn(program, args, {
    cwd: project.root,
    env: environmentWithPath(join(project.root, '.headrace', 'venv', 'bin') + delimiter),
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const said: string[] = [];
  for (const stream of [child.stdout, child.stderr])
    stream.on('data', (bytes: Buffer) => said.push(bytes.toString()));
  return new Promise((resolve, reject) => {
    const fail = (how: string): void => {
      const last = said.join('').trimEnd().split('\n').slice(-LAST_LINES).join('\n  ');
      reject(
        new CliError(
          `The prepare command of code location "${location}" ${how}: ${command.join(' ')}\n  ${last}`,
          {
            exitCode: EXIT.failed,
            remedy: 'Correct what it says; it runs again by itself when the files change.',
          },
        ),
      );
    };
    child.once('error', (error) => fail(`could not be started (${error.message})`));
    child.once('close', (code) => (code === 0 ? resolve() : fail(`failed with exit code ${code}`)));
  });
}
