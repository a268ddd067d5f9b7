import { spawnSync } from 'node:child_process';
import { globSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { copyFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { parseSync } from '@swc/core';

const ROOT = resolve(import.meta.dirname, '../..');
const CHECKER = join(ROOT, 'node_modules/dependency-cruiser/bin/dependency-cruiser.mjs');
const TWO_MINUTES = 120_000;

interface Report {
  readonly modules: readonly {
    readonly source: string;
    readonly dependencies: readonly { readonly module: string; readonly protocol?: string }[];
  }[];
  readonly summary: {
    readonly violations: readonly { readonly from: string; readonly rule: { readonly name: string } }[];
  };
}

/** What the checker of `npm run imports` sees in a tree, and what it forbids there. */
function check(root: string, folders: readonly string[]): Report {
  const { stdout, stderr } = spawnSync(
    process.execPath,
    [CHECKER, '--config', '.dependency-cruiser.cjs', '--output-type', 'json', ...folders],
    { cwd: root, encoding: 'utf8', maxBuffer: 2 ** 30 },
  );
  if (!stdout.startsWith('{')) throw new Error(`The checker gave no report:\n${stdout}${stderr}`);
  return JSON.parse(stdout) as Report;
}

/** Every module that a source names, whatever the form: the syntax tree is searched whole. */
function importsOf(code: string, isJsx: boolean): Set<string> {
  const found = new Set<string>();
  const literal = (node: unknown): void => {
    const { value, expression } = node as { value?: unknown; expression?: unknown };
    if (typeof value === 'string') found.add(value);
    else if (expression !== undefined) literal(expression);
  };
  const visit = (node: unknown): void => {
    if (typeof node !== 'object' || node === null) return;
    const { type, source, callee, argument } = node as Record<string, unknown>;
    const isStatement =
      type === 'ImportDeclaration' || type === 'ExportAllDeclaration' || type === 'ExportNamedDeclaration';
    if (isStatement && source) literal(source);
    if (type === 'TsImportType') literal(argument);
    if (type === 'CallExpression' && (callee as { type?: string }).type === 'Import')
      literal((node as { arguments: readonly unknown[] }).arguments[0]);
    Object.values(node).forEach(visit);
  };
  visit(parseSync(code, { syntax: 'typescript', tsx: isJsx, target: 'es2024' }).body);
  return found;
}

describe('the import checker', () => {
  const { scripts } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')) as {
    scripts: { imports: string };
  };
  // The folders after the name of the configuration.
  const folders = scripts.imports.split(' ').slice(3);

  it('reads every form in which a module is named', () => {
    const code = `import a from 'a'; import { type B } from 'b'; import type C from 'c'; import 'd';
      export * from 'e'; export { f } from 'f'; export type { G } from 'g'; export * as h from 'h';
      const i = await import('i'); let j: import('j').J; function k() { return () => import('k'); }`;
    expect([...importsOf(code, false)].join('')).toBe('abcdefghijk');
  });

  it(
    'sees every import of the repository',
    () => {
      const seen = new Map(
        check(ROOT, folders).modules.map(({ source, dependencies }) => [
          source,
          new Set(dependencies.map(({ protocol = '', module }) => protocol + module)),
        ]),
      );
      const files = folders
        .flatMap((folder) => globSync(`${folder}/**/*.{ts,tsx,mjs}`, { cwd: ROOT }))
        .filter((path) => !/^test\/fixtures\/|\.d\.m?ts$/.test(path));
      const missed = files.flatMap((file) =>
        [...importsOf(readFileSync(join(ROOT, file), 'utf8'), file.endsWith('x'))]
          .filter((name) => !name.startsWith('virtual:') && seen.get(file)?.has(name) !== true)
          .map(
            (name) => `${file} imports ${name}: write it as a statement (import type { … } from '${name}')`,
          ),
      );
      expect(files.length).toBeGreaterThan(400);
      expect(missed).toEqual([]);
    },
    TWO_MINUTES,
  );

  it(
    'refuses forbidden imports in all their forms, and vendors outside of their home',
    async () => {
      const tree = mkdtempSync(join(tmpdir(), 'headrace-imports-'));
      const write = (path: string, text: string): void => {
        mkdirSync(dirname(join(tree, path)), { recursive: true });
        writeFileSync(join(tree, path), text);
      };
      /** File, its code, and the rule that it breaks; none for what is allowed. */
      const planted: readonly (readonly [file: string, code: string, rule?: string])[] = [
        ['lib/model/value.ts', "import { plan } from '../engine/plan'; export default plan;", 'layer-model'],
        [
          'lib/model/type.ts',
          "import type { Plan } from '../engine/plan'; export let p: Plan;",
          'layer-model',
        ],
        ['lib/model/again.ts', "export { plan } from '../engine/plan';", 'layer-model'],
        ['lib/model/all.ts', "export * from '../engine/plan';", 'layer-model'],
        ['lib/model/later.ts', "export const later = () => import('../engine/plan');", 'layer-model'],
        ['lib/model/read.ts', "import { readFileSync } from 'node:fs'; readFileSync;", 'pure-layers'],
        [
          'lib/engine/other.ts',
          "import type { Asset } from '../definitions/asset'; let a: Asset;",
          'layer-engine',
        ],
        ['lib/engine/test.ts', "import '../../test/helper';", 'nothing-imports-tests-or-tools'],
        ['lib/engine/lost.ts', "import './nowhere';", 'not-resolvable'],
        ['lib/api/store.ts', "import pg from 'pg'; export default pg;", 'vendor-pg'],
        ['lib/api/cloud.ts', "import type { Cloud } from '@aws-sdk/cloud'; let c: Cloud;", 'vendor-aws-sdk'],
        ['lib/engine/allowed.ts', "import { kind } from '../model/kind'; export default kind;"],
        ['lib/adapters/postgres/allowed.ts', "import pg from 'pg'; export default pg;"],
      ];
      try {
        await copyFile(join(ROOT, '.dependency-cruiser.cjs'), join(tree, '.dependency-cruiser.cjs'));
        write(
          'tsconfig.json',
          '{ "compilerOptions": { "moduleResolution": "bundler", "module": "esnext" } }',
        );
        write('lib/engine/plan.ts', 'export type Plan = 1; export const plan = 1;');
        write('lib/definitions/asset.ts', 'export type Asset = 1;');
        write('lib/model/kind.ts', 'export const kind = 1;');
        write('test/helper.ts', 'export {};');
        for (const name of ['pg', '@aws-sdk/cloud']) {
          // As many packages do, it keeps its code in a folder that a checkout would not look at.
          write(`node_modules/${name}/package.json`, `{ "name": "${name}", "main": "dist/index.js" }`);
          write(`node_modules/${name}/dist/index.js`, '');
        }
        for (const [file, code] of planted) write(file, code);

        const { summary } = check(tree, ['lib', 'test']);

        const broken = (file: string): readonly string[] =>
          summary.violations.filter(({ from }) => from === file).map(({ rule }) => rule.name);
        for (const [file, , rule] of planted) {
          if (rule === undefined) expect([file, broken(file)]).toEqual([file, []]);
          else expect([file, broken(file)]).toEqual([file, expect.arrayContaining([rule])]);
        }
      } finally {
        rmSync(tree, { recursive: true, force: true });
      }
    },
    TWO_MINUTES,
  );
});
