import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { REPOSITORY } from './scratch-server';

/** Found in node_modules, which nobody commits: peers are no dependencies of this project. */
const FOLDER = join(REPOSITORY, 'node_modules', '.cache', 'headrace-bench');

/**
 * A Python environment with exactly these packages, made once.
 *
 * @returns path of its `bin`, or why there is none: the peer is then left out
 */
export function pythonPeer(
  name: string,
  packages: readonly string[],
): { readonly bin: string } | { readonly missing: string } {
  mkdirSync(FOLDER, { recursive: true });
  const home = join(realpathSync(FOLDER), name);
  const bin = join(home, 'bin');
  const stamp = join(home, 'packages.txt');
  // Its programs name its path: an environment that was copied from elsewhere does not work.
  const wanted = [home, ...packages].join('\n');
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === wanted) return { bin };
  console.error(`installing ${packages.join(' ')} (once)`);
  rmSync(home, { recursive: true, force: true });
  for (const [program, args] of [
    ['python3', ['-m', 'venv', home]],
    [join(bin, 'pip'), ['install', '--quiet', '--disable-pip-version-check', ...packages]],
  ] as const) {
    const { status, stderr, error } = spawnSync(program, args, { encoding: 'utf8' });
    if (status !== 0) {
      const said = error?.message ?? stderr.trim().split('\n').at(-1) ?? '';
      return { missing: `${program} ${args.join(' ')} failed: ${said}` };
    }
  }
  writeFileSync(stamp, wanted);
  return { bin };
}
