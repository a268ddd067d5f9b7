import { createHash } from 'node:crypto';
import { globSync, readFileSync, statSync } from 'node:fs';
import { join, sep } from 'node:path';
import { BuildError } from './errors';

/** A file that goes into a bundle under its path in the project. */
export interface LocationFile {
  /** Relative to the project's root, with `/`. */
  readonly path: string;
  readonly bytes: Uint8Array;
}

/**
 * Parts of paths that a declared folder does not bring along: what tools write beside what people write. dbt's
 * `target/` is rebuilt by every command; its `manifest.json` alone describes the project.
 */
const LEFT_OUT = [
  /(^|\/)(node_modules|\.git|__pycache__|logs|\.venv)\//,
  /(^|\/)\.user\.yml$/,
  /(^|\/)\.DS_Store$/,
];
const DBT_TARGET = /(^|\/)target\/(?!manifest\.json$)/;

/**
 * Reads the files that a location declares, sorted by path.
 *
 * @param declared files, folders or globs relative to the root
 * @throws {BuildError} `missing-file` when one matches nothing
 */
export function readLocationFiles(
  root: string,
  location: string,
  declared: readonly string[],
): readonly LocationFile[] {
  const paths = new Set<string>();
  for (const pattern of declared) {
    const found = expand(root, pattern);
    if (found.length === 0) {
      throw new BuildError('missing-file', location, [
        {
          message: `"${pattern}", declared under files, matches no file in ${root}. Create it (for a dbt manifest: dbt parse), or remove it from workspace.yaml.`,
        },
      ]);
    }
    for (const path of found) paths.add(path);
  }
  return [...paths].sort().map((path) => ({ path, bytes: readFileSync(join(root, path)) }));
}

function expand(root: string, pattern: string): string[] {
  const isFolder = statSync(join(root, pattern), { throwIfNoEntry: false })?.isDirectory() === true;
  const matches = globSync(isFolder ? `${pattern.replace(/\/+$/, '')}/**` : pattern, { cwd: root });
  return matches
    .map((path) => path.split(sep).join('/'))
    .filter((path) => statSync(join(root, path)).isFile())
    .filter((path) => !isFolder || !(LEFT_OUT.some((left) => left.test(path)) || DBT_TARGET.test(path)));
}

/** A content hash over named parts, in their order: the same parts give the same hash everywhere. */
export function contentHash(
  parts: readonly (readonly [name: string, content: string | Uint8Array])[],
): string {
  const hash = createHash('sha256');
  for (const [name, content] of parts) {
    const bytes = typeof content === 'string' ? Buffer.from(content) : content;
    hash.update(`${name}\0${bytes.byteLength}\0`).update(bytes);
  }
  return hash.digest('hex').slice(0, HASH_CHARACTERS);
}

/** 128 bits: enough that no two bundles of a deployment ever share a name. */
const HASH_CHARACTERS = 32;
