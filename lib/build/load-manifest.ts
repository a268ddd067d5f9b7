import { spawn } from 'node:child_process';
import { readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { API_VERSION, type Manifest } from '../model/manifest';
import { BuildError, type BuildProblem } from './errors';
import { SourceLocator } from './source-locator';

export interface LoadManifestOptions {
  /** Folder with `bundle.mjs`; the child works in it. */
  readonly directory: string;
  readonly location: string;
  readonly sourceMap: string;
  readonly timeoutSeconds: number;
}

/** Frames of what user code threw, in positions of the bundle. */
interface RawPosition {
  readonly line: number;
  readonly column: number;
}

type ChildResult =
  | { readonly kind: 'manifest'; readonly manifest: Manifest }
  | { readonly kind: 'missing-export'; readonly exported: readonly string[] }
  | { readonly kind: 'api-version'; readonly version: unknown }
  | {
      readonly kind: 'error';
      readonly name: string;
      readonly message: string;
      /** Of its stack, innermost first. */
      readonly positions: readonly RawPosition[];
      readonly mistakes: readonly { readonly message: string; readonly source: RawPosition }[] | null;
    };

const RESULT_FILE = '.manifest-result.json';

/**
 * Runs in a process of its own, so that user code can neither stop nor change the builder. Positions stay those
 * of the bundle; the builder, which has the source map, turns them into the user's.
 */
const CHILD = `
import { writeFileSync } from 'node:fs';
import { pathToFileURL } from 'node:url';
const [bundle, location, result, apiVersion] = process.argv.slice(1);
const done = (value) => { writeFileSync(result, JSON.stringify(value)); process.exit(0); };
const failed = (error) => {
  const stack = error instanceof Error ? String(error.stack) : '';
  const positions = [...stack.matchAll(/bundle\\.mjs:(\\d+)(?::(\\d+))?/g)].map(
    ([, line, column]) => ({ line: Number(line), column: Number(column ?? 1) }));
  done({
    kind: 'error', name: String(error?.name ?? 'Error'), message: String(error?.message ?? error), positions,
    mistakes: Array.isArray(error?.mistakes) ? error.mistakes : null,
  });
};
process.on('uncaughtException', failed);
process.on('unhandledRejection', failed);
try {
  const module = await import(pathToFileURL(bundle).href);
  const definitions = module.definitions;
  if (typeof definitions?.manifest !== 'function') done({ kind: 'missing-export', exported: Object.keys(module) });
  else if (definitions.apiVersion !== Number(apiVersion)) done({ kind: 'api-version', version: definitions.apiVersion });
  else done({ kind: 'manifest', manifest: definitions.manifest(location, (position) => position) });
} catch (error) {
  failed(error);
}
`;

/**
 * Obtains a bundle's manifest by loading it in a child process.
 *
 * @throws {BuildError} `definitions`, `load`, `timeout`, `missing-export` or `api-version`, with the user's positions
 */
export async function loadManifest(options: LoadManifestOptions): Promise<Manifest> {
  const { location } = options;
  const locator = new SourceLocator(options.sourceMap);
  const result = await runChild(options);
  switch (result.kind) {
    case 'manifest':
      return withSources(result.manifest, locator);
    case 'missing-export': {
      const exported = result.exported.length === 0 ? 'nothing' : result.exported.join(', ');
      const found = result.exported.includes('definitions')
        ? 'Its "definitions" is something else: a promise has to be awaited.'
        : `It exports ${exported}.`;
      throw new BuildError('missing-export', location, [
        {
          message: `The entry must export "definitions": export const definitions = define({ assets, ... }). ${found}`,
        },
      ]);
    }
    case 'api-version':
      throw new BuildError('api-version', location, [
        {
          message: `The code uses version ${String(result.version)} of the interface, this program speaks version ${API_VERSION}. Install the same version of headrace for both.`,
        },
      ]);
    case 'error':
      throw toBuildError(result, location, locator);
  }
}

async function runChild({ directory, location, timeoutSeconds }: LoadManifestOptions): Promise<ChildResult> {
  const resultFile = join(directory, RESULT_FILE);
  const child = spawn(
    process.execPath,
    [
      '--input-type=module',
      '--eval',
      CHILD,
      join(directory, 'bundle.mjs'),
      location,
      resultFile,
      String(API_VERSION),
    ],
    { cwd: directory, stdio: ['ignore', 'pipe', 'pipe'] },
  );
  let output = '';
  const keep = (chunk: Buffer): void => {
    output = (output + chunk.toString('utf8')).slice(-MAX_OUTPUT);
  };
  child.stdout.on('data', keep);
  child.stderr.on('data', keep);
  let timedOut = false;
  const timer = setTimeout(() => {
    timedOut = true;
    child.kill('SIGKILL');
  }, timeoutSeconds * 1000);
  const { code, signal } = await new Promise<{ code: number | null; signal: string | null }>(
    (resolve, reject) => {
      child.once('error', reject);
      child.once('exit', (exitCode, exitSignal) => {
        child.once('close', () => resolve({ code: exitCode, signal: exitSignal }));
        // Programs that the code started may hold its output for as long as they like.
        setTimeout(() => {
          child.stdout.destroy();
          child.stderr.destroy();
        }, LAST_WORDS_MS).unref();
      });
    },
  ).finally(() => clearTimeout(timer));
  if (timedOut) {
    throw new BuildError('timeout', location, [
      {
        message: `Loading the code took over ${timeoutSeconds} s. Top-level code must not wait for the network: move it into an asset, a resource's setUp or a sensor.${tail(output)}`,
      },
    ]);
  }
  try {
    return JSON.parse(readFileSync(resultFile, 'utf8')) as ChildResult;
  } catch (cause) {
    const how = signal === null ? `exited with code ${code}` : `was ended by ${signal}`;
    const message =
      code === UNSETTLED_AWAIT
        ? 'The code waits at its top level, by an await, for something that never comes. Move it into an asset, a resource’s setUp or a sensor.'
        : `The process that loaded the code ${how} before it was done.${tail(output)}`;
    throw new BuildError('load', location, [{ message }], { cause });
  } finally {
    rmSync(resultFile, { force: true });
  }
}

/** Node’s exit code when nothing is left that could settle a top-level await: nodejs.org/api/process.html#exit-codes */
const UNSETTLED_AWAIT = 13;
/** How long the last output of a process that has ended is waited for. */
const LAST_WORDS_MS = 500;
const MAX_OUTPUT = 4_000;
const tail = (output: string): string => (output.trim() === '' ? '' : `\nIt wrote:\n${output.trim()}`);

function toBuildError(
  { name, message, mistakes, positions }: Extract<ChildResult, { kind: 'error' }>,
  location: string,
  locator: SourceLocator,
): BuildError {
  if (mistakes !== null) {
    const problems = mistakes.map((mistake): BuildProblem => {
      const text = withLocatedPositions(mistake.message, locator);
      return locator.problemAt(text, mistake.source.line, mistake.source.column);
    });
    return new BuildError('definitions', location, problems);
  }
  const text = `${name}: ${message}`;
  const located = positions.map(({ line, column }) => locator.problemAt(text, line, column));
  // What the user wrote, rather than what the library made of it.
  const isUsers = ({ source }: BuildProblem): boolean => source !== undefined && isOwn(source.file);
  const problem = located.find(isUsers) ?? located[0] ?? { message: text };
  return new BuildError('load', location, [problem]);
}

/** Mistakes may name other definitions by their position in the bundle. */
function withLocatedPositions(message: string, locator: SourceLocator): string {
  return message.replaceAll(
    /[^\s(]*bundle\.mjs:(\d+)(?::(\d+))?/g,
    (text, line: string, column: string | undefined) => {
      const source = locator.locate(Number(line), Number(column ?? 1));
      return source === undefined ? text : `${source.file}:${source.line}`;
    },
  );
}

interface Located {
  readonly source: { readonly file: string; readonly line: number };
  readonly description?: string | null;
}

/** The manifest with positions of the user's source, and with doc comments where definitions have no description. */
function withSources(manifest: Manifest, locator: SourceLocator): Manifest {
  const ops = new Map(manifest.ops.map((op) => [op.name, op]));
  // A comment above a multi-asset, or above an asset with checks in it, describes none of them alone.
  const isAlone = (op: string | null, assets: 0 | 1): boolean =>
    (op === null ? assets : ops.get(op)?.assets.length) === assets;
  const located = <T extends Located>(
    list: readonly T[],
    hasOwnComment: (item: T) => boolean = () => true,
  ): T[] =>
    list.map((each) => {
      const { line, column } = each.source as { line: number; column?: number };
      const source = line === 0 ? undefined : locator.locate(line, column ?? 1);
      const position = { file: source?.file ?? '', line: source?.line ?? 0 };
      const isBare =
        each.description === null && source !== undefined && isOwn(source.file) && hasOwnComment(each);
      const description = isBare ? (locator.docComment(source) ?? null) : each.description;
      return { ...each, ...(description === undefined ? {} : { description }), source: position };
    });
  return {
    ...manifest,
    assets: located(manifest.assets, ({ op }) => isAlone(op, 1)),
    assetChecks: located(manifest.assetChecks, ({ op }) => isAlone(op, 0)),
    ops: located(manifest.ops),
    jobs: located(manifest.jobs),
    schedules: located(manifest.schedules),
    sensors: located(manifest.sensors),
    resources: located(manifest.resources),
  };
}

/** Comments in packages, the library's own among them, say nothing to the users of a location. */
const isOwn = (file: string): boolean => !file.startsWith('headrace/') && !file.includes('node_modules/');
