import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { checkTypes, parseDiagnostics } from '../../lib/build/check-types';

const library = resolve(import.meta.dirname, '../..');

describe('checkTypes', () => {
  test('reports errors of the entry and what it imports, and nothing of other files', async () => {
    // Prepare
    const root = mkdtempSync(join(tmpdir(), 'headrace-types-'));
    mkdirSync(join(root, 'node_modules'));
    symlinkSync(join(library, 'node_modules/typescript'), join(root, 'node_modules/typescript'));
    for (const scoped of ['@typescript'])
      symlinkSync(join(library, 'node_modules', scoped), join(root, 'node_modules', scoped));
    writeFileSync(join(root, 'index.ts'), "import { n } from './other';\nexport const text: string = n;\n");
    writeFileSync(join(root, 'other.ts'), 'export const n = 1;\n');
    writeFileSync(join(root, 'unused.ts'), 'export const x: string = 1;\n');

    // Act
    const found = await checkTypes(root, 'index.ts');
    rmSync(root, { recursive: true, force: true });

    // Assess
    expect(found).toEqual([
      {
        file: 'index.ts',
        line: 2,
        column: 14,
        code: 'TS2322',
        message: "Type 'number' is not assignable to type 'string'.",
      },
    ]);
  });

  test('says that TypeScript is missing', async () => {
    await expect(checkTypes('/', 'index.ts')).rejects.toThrow(/TypeScript is not installed/);
  });
});

describe('parseDiagnostics', () => {
  test('keeps the lines that belong to a message', () => {
    const output = 'a.ts(3,5): error TS2345: No.\n  Because.\n    Of this.\nerror TS18003: No inputs.\n';
    expect(parseDiagnostics(output, '/root')).toEqual([
      { file: 'a.ts', line: 3, column: 5, code: 'TS2345', message: 'No.\n  Because.\n    Of this.' },
      { file: null, line: 0, column: 0, code: 'TS18003', message: 'No inputs.' },
    ]);
  });
});
