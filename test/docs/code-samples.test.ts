import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { anchorsOf, PAGES, ROOT, textOf } from './support/pages';

const CACHE = join(ROOT, 'node_modules', '.cache');

/** A fenced block of TypeScript in a page. */
interface Block {
  readonly page: string;
  /** Line of the page, from 1, on which the code's first line stands. */
  readonly line: number;
  readonly code: string;
}

/** A link to a file of the repository. */
interface Link {
  readonly page: string;
  readonly line: number;
  readonly target: string;
}

const lineAt = (text: string, index: number): number => text.slice(0, index).split('\n').length;

function blocksOf(page: string): Block[] {
  const text = textOf(page);
  return [...text.matchAll(/^```ts\n(.*?)^```$/gms)].map((match) => ({
    page,
    line: lineAt(text, match.index) + 1,
    code: match[1] ?? '',
  }));
}

function linksOf(page: string): Link[] {
  const text = textOf(page);
  return [...text.matchAll(/\]\(([^)\s]+)\)|\b(?:src|srcset)="([^"]+)"/g)]
    .map((match) => ({ page, line: lineAt(text, match.index), target: match[1] ?? match[2] ?? '' }))
    .filter(({ target }) => !/^[a-z]+:/.test(target));
}

/**
 * Where a block is checked. One that begins with the name of its file belongs to the project that its page makes; another
 * one is as if it stood in orchestration/assets, so that `../resources/…` is the example's.
 */
function fileOf({ page, code }: Block, index: number): string {
  const named = /^\/\/ ([\w/.-]+\.ts)\n/.exec(code)?.[1];
  return named === undefined
    ? join('orchestration', 'assets', `block-${index}.ts`)
    : join('pages', page.replace(/\.md$/, ''), named);
}

/** What the type checker says of the blocks, by the block's place in the list, at lines of the pages. */
function typeErrors(blocks: readonly Block[]): Map<number, string[]> {
  mkdirSync(CACHE, { recursive: true });
  const folder = mkdtempSync(join(CACHE, 'code-samples-'));
  try {
    const files = blocks.map((block, index) => join(folder, fileOf(block, index)));
    for (const [index, { code }] of blocks.entries()) {
      const file = files[index] ?? '';
      const isModule = /^(import|export) /m.test(code);
      mkdirSync(dirname(file), { recursive: true });
      writeFileSync(file, isModule ? code : `${code}\nexport {};\n`);
    }
    const compilerOptions = { rootDirs: [folder, ROOT], tsBuildInfoFile: join(folder, 'tsbuildinfo') };
    writeFileSync(
      join(folder, 'tsconfig.json'),
      JSON.stringify({
        extends: join(ROOT, 'tsconfig.json'),
        compilerOptions,
        files,
        include: [],
        exclude: [],
      }),
    );
    const compiler = join(ROOT, 'node_modules', 'typescript', 'bin', 'tsc');
    const { stdout, stderr, status } = spawnSync(
      process.execPath,
      [compiler, '-p', folder, '--pretty', 'false'],
      {
        cwd: ROOT,
        encoding: 'utf8',
      },
    );
    const located = [...stdout.matchAll(/^(.+?)\((\d+),\d+\): error (.*(?:\n {2}.*)*)/gm)];
    if (status !== 0 && located.length === 0) throw new Error(`tsc failed: ${stdout}${stderr}`);
    const errors = new Map<number, string[]>();
    for (const [, file = '', line = '', message = ''] of located) {
      const index = files.indexOf(resolve(ROOT, file));
      const block = blocks[index];
      // Errors of the program itself are the type check's affair.
      if (block === undefined) continue;
      const told = `${block.page}:${block.line + Number(line) - 1}: ${message}`;
      errors.set(index, [...(errors.get(index) ?? []), told]);
    }
    return errors;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

describe('the pages', () => {
  const blocks = PAGES.flatMap(blocksOf);
  const wrong: Block = {
    page: 'wrong.md',
    line: 10,
    code: "import 'headrace';\nconst n: number = 'text';\n",
  };
  let errors = new Map<number, string[]>();

  beforeAll(() => {
    errors = typeErrors([...blocks, wrong]);
  });

  it('are checked by something that finds an error and its line', () => {
    expect(errors.get(blocks.length)?.join()).toMatch(/^wrong\.md:11: TS2322/);
  });

  it.each(
    blocks.map((block, index) => [`${block.page}:${block.line}`, index] as const),
  )('have code that compiles at %s', (_, index) => {
    expect(errors.get(index) ?? []).toEqual([]);
  });

  it.each(PAGES)('link to files and headings that exist: %s', (page) => {
    const broken = linksOf(page).filter(({ target }) => {
      const [file = '', anchor] = target.split('#');
      const path = file === '' ? page : relative(ROOT, resolve(ROOT, dirname(page), file));
      if (!existsSync(join(ROOT, path))) return true;
      return anchor !== undefined && path.endsWith('.md') && !anchorsOf(textOf(path)).has(anchor);
    });

    expect(broken.map(({ line, target }) => `${page}:${line}: ${target}`)).toEqual([]);
  });

  it('are all in the table of contents', () => {
    const listed = linksOf('docs/README.md').map(({ target }) => `docs/${target.replace(/#.*$/, '')}`);
    const pages = PAGES.filter((page) => page.startsWith('docs/') && page !== 'docs/README.md');

    expect(pages.filter((page) => !listed.includes(page))).toEqual([]);
  });
});
