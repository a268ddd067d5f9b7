/**
 * Makes what the npm package ships, from nothing: the programs and the library without the development stand-ins,
 * the dashboard, and the library's declarations. `npm pack` and `npm publish` run it first (`prepack`).
 */
import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { buildPrograms } from './build-programs.mjs';

const ROOT = dirname(dirname(fileURLToPath(import.meta.url)));
const DIST = join(ROOT, 'dist');
const TYPES = join(DIST, 'types');

// Chunks are named after their content: what an earlier build left behind must not be shipped.
for (const name of ['bin', 'chunks', 'dashboard', 'dashboard.stamp', 'lib', 'types'])
  rmSync(join(DIST, name), { recursive: true, force: true });
// A log on standard output would end up in the output of `npm pack --json`.
await buildPrograms({ root: ROOT, outDirectory: DIST, tools: false, functions: true, log: console.error });
emitDeclarations();

/**
 * Emits the public modules' declarations, keeps only those that a public module reaches, and gives their relative
 * imports extensions, without which `moduleResolution: nodenext` finds nothing.
 */
function emitDeclarations() {
  const compiler = join(ROOT, 'node_modules', 'typescript', 'bin', 'tsc');
  const { status } = spawnSync(process.execPath, [compiler, '-p', join(ROOT, 'tsconfig.build.json')], {
    cwd: ROOT,
    stdio: ['ignore', 2, 2],
  });
  if (status !== 0) throw new Error(`The declarations could not be emitted: tsc ended with ${status}.`);
  const { exports } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8'));
  const open = Object.values(exports).flatMap(({ types }) =>
    types === undefined ? [] : [join(ROOT, types)],
  );
  const reached = new Set(open);
  while (open.length > 0) {
    const file = open.pop();
    const text = readFileSync(file, 'utf8').replace(
      /(\bfrom\s+|\bimport\(|^import\s+)(["'])(\.{1,2}(?:\/[^"']+)?)\2/gm,
      (whole, before, quote, path, at, all) => {
        const target = declarationOf(resolve(dirname(file), path));
        if (target === undefined) {
          if (/^\s*\/?\*/.test(all.slice(all.lastIndexOf('\n', at) + 1))) return whole;
          throw new Error(`${relative(ROOT, file)} imports ${path}, of which there is no declaration.`);
        }
        if (!reached.has(target)) {
          reached.add(target);
          open.push(target);
        }
        const specifier = relative(dirname(file), target)
          .replaceAll('\\', '/')
          .replace(/\.d\.ts$/, '.js');
        return `${before}${quote}${specifier.startsWith('.') ? '' : './'}${specifier}${quote}`;
      },
    );
    writeFileSync(file, text);
  }
  for (const entry of readdirSync(TYPES, { recursive: true, withFileTypes: true })) {
    const file = join(entry.parentPath, entry.name);
    if (entry.isFile() && !reached.has(file)) rmSync(file);
  }
}

function declarationOf(path) {
  return [`${path}.d.ts`, join(path, 'index.d.ts')].find((file) => existsSync(file));
}
