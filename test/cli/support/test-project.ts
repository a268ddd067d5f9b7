import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Manifest } from '../../../lib/model/manifest';

/** A project in a folder of its own, whose locations say what a test wants. */
export interface TestProject {
  readonly root: string;
  /** Writes the code of a location: what its bundle defines. */
  define(location: string, manifest: Manifest, extra?: string): void;
  remove(): void;
}

export function createTestProject(locations: readonly string[]): TestProject {
  const root = mkdtempSync(join(tmpdir(), 'headrace-project-'));
  const entries = locations.map((name) => `  - {name: ${name}, entry: ${name}/index.ts}\n`);
  writeFileSync(join(root, 'workspace.yaml'), `code_locations:\n${entries.join('')}`);
  writeFileSync(join(root, 'package.json'), '{"type":"module","private":true}');
  writeFileSync(
    join(root, 'tsconfig.json'),
    '{"compilerOptions":{"module":"esnext","moduleResolution":"bundler","strict":true,"types":[]}}',
  );
  mkdirSync(join(root, 'node_modules'));
  for (const [name, target] of [
    ['typescript', join(process.cwd(), 'node_modules', 'typescript')],
    ['headrace', process.cwd()],
  ] as const) {
    symlinkSync(target, join(root, 'node_modules', name));
  }
  return {
    root,
    define(location, manifest, extra = '') {
      mkdirSync(join(root, location), { recursive: true });
      const { apiVersion } = manifest;
      writeFileSync(
        join(root, location, 'index.ts'),
        `export const definitions = { apiVersion: ${Math.min(apiVersion, 1)}, manifest: () => (${JSON.stringify(manifest)}) };\n${extra}`,
      );
    },
    remove: () => rmSync(root, { recursive: true, force: true }),
  };
}
