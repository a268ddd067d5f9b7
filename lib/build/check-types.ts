import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join, relative } from 'node:path';

/** One finding of the type checker. */
export interface TypeDiagnostic {
  /** Relative to the project's root, with `/`; null when it is about no file. */
  readonly file: string | null;
  readonly line: number;
  readonly column: number;
  /** E.g. `TS2322`. */
  readonly code: string;
  readonly message: string;
}

/** The type checker could not be run. */
export class TypeCheckError extends Error {
  override readonly name = 'TypeCheckError';
}

/**
 * Type-checks a location's entry and whatever it imports, with the project's `tsconfig.json`. Meant to run in the
 * background: nothing waits for it but the list of warnings.
 *
 * @throws {TypeCheckError} when TypeScript is not installed or does not start; the signal's reason when aborted
 */
export async function checkTypes(
  root: string,
  entry: string,
  options: { readonly signal?: AbortSignal } = {},
): Promise<readonly TypeDiagnostic[]> {
  const compiler = findUpwards(root, join('node_modules', 'typescript', 'bin', 'tsc'));
  if (compiler === undefined) {
    throw new TypeCheckError(`TypeScript is not installed in ${root}: npm install --save-dev typescript`);
  }
  const config = await writeConfig(root, entry);
  const { code, output } = await run(
    compiler,
    ['--noEmit', '--pretty', 'false', '-p', config],
    root,
    options.signal,
  );
  const found = parseDiagnostics(output, root);
  if (code !== 0 && found.length === 0) throw new TypeCheckError(`The type checker failed: ${output.trim()}`);
  return found;
}

/** Reads the compiler's plain output. */
export function parseDiagnostics(output: string, root: string): TypeDiagnostic[] {
  const diagnostics: TypeDiagnostic[] = [];
  for (const line of output.split('\n')) {
    const match = /^(?:(.+?)\((\d+),(\d+)\): )?error (TS\d+): (.*)$/.exec(line);
    const last = diagnostics.at(-1);
    if (match !== null) {
      const [, file, row, column, code = '', message = ''] = match;
      diagnostics.push({
        file: file === undefined ? null : toRelative(root, file),
        line: Number(row ?? 0),
        column: Number(column ?? 0),
        code,
        message,
      });
    } else if (last !== undefined && line.startsWith('  ')) {
      diagnostics[diagnostics.length - 1] = { ...last, message: `${last.message}\n${line}` };
    }
  }
  return diagnostics;
}

function toRelative(root: string, file: string): string {
  return (file.startsWith('/') ? relative(root, file) : file).replaceAll('\\', '/');
}

/** A configuration of its own that checks the entry only and keeps its own build information. */
async function writeConfig(root: string, entry: string): Promise<string> {
  const folder = join(root, 'node_modules', '.cache', 'headrace');
  await mkdir(folder, { recursive: true });
  const name = createHash('sha256').update(entry).digest('hex').slice(0, 12);
  const base = join(root, 'tsconfig.json');
  const config = {
    ...(existsSync(base) ? { extends: base } : {}),
    compilerOptions: {
      noEmit: true,
      incremental: true,
      skipLibCheck: true,
      tsBuildInfoFile: join(folder, `${name}.tsbuildinfo`),
      ...(existsSync(base)
        ? {}
        : { strict: true, target: 'ES2024', module: 'ESNext', moduleResolution: 'bundler' }),
    },
    files: [join(root, entry)],
    include: [],
  };
  const path = join(folder, `tsconfig.${name}.json`);
  await writeFile(path, JSON.stringify(config));
  return path;
}

function findUpwards(folder: string, path: string): string | undefined {
  for (let at = folder; ; at = dirname(at)) {
    if (existsSync(join(at, path))) return join(at, path);
    if (dirname(at) === at) return undefined;
  }
}

async function run(
  compiler: string,
  args: readonly string[],
  cwd: string,
  signal: AbortSignal | undefined,
): Promise<{ readonly code: number | null; readonly output: string }> {
  const child = spawn(process.execPath, [compiler, ...args], {
    cwd,
    stdio: ['ignore', 'pipe', 'pipe'],
    ...(signal === undefined ? {} : { signal }),
  });
  const chunks: Buffer[] = [];
  child.stdout.on('data', (chunk: Buffer) => chunks.push(chunk));
  child.stderr.on('data', (chunk: Buffer) => chunks.push(chunk));
  const code = await new Promise<number | null>((resolve, reject) => {
    child.once('error', (error) =>
      reject(signal?.aborted ? signal.reason : new TypeCheckError(error.message, { cause: error })),
    );
    child.once('close', resolve);
  });
  return { code, output: Buffer.concat(chunks).toString('utf8') };
}
