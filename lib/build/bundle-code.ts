import { existsSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join, relative, resolve, sep } from 'node:path';
import {
  type BuildContext,
  type BuildFailure,
  type BuildResult,
  context,
  type Message,
  type Plugin,
} from 'esbuild';
import { codeFrame } from './code-frame';
import { BuildError, type BuildProblem } from './errors';
import { portablePaths, withPortableComments, withPortableSources } from './portable-paths';

/** Packages that are never bundled: big, slow to load or native. The worker image and this package have them. */
export const RUNTIME_PACKAGES = ['snowflake-sdk'] as const;

/** Code of one location, bundled in memory. */
export interface BundledCode {
  readonly code: string;
  readonly sourceMap: string;
  /** Absolute paths of the user's own sources: what a watcher has to watch. */
  readonly sources: readonly string[];
  /** Packages left out, with the version that is installed (null when it cannot be told). */
  readonly externals: Readonly<Record<string, string | null>>;
}

export interface BundlerOptions {
  /** Absolute path of the project. */
  readonly root: string;
  readonly location: string;
  /** Entry file relative to the root, e.g. `orchestration/index.ts`. */
  readonly entry: string;
  /** More packages to be left out of the bundle. */
  readonly externals?: readonly string[];
  /** Folder that holds the library's `lib/`; default: the project itself if it is the library, else the installed package. */
  readonly library?: string;
}

/** Bundles one location again and again; each time only what changed is read. */
export interface Bundler {
  /** @throws {BuildError} `syntax` or `unresolved-import` */
  bundle(): Promise<BundledCode>;
  dispose(): Promise<void>;
}

/** CommonJS packages inside the bundle find `require`, `__filename` and `__dirname` under these names. */
const BANNER = [
  "import { createRequire as __headraceCreateRequire } from 'node:module';",
  'const require = __headraceCreateRequire(import.meta.url);',
  'const __headraceFilename = import.meta.filename, __headraceDirname = import.meta.dirname;',
].join(' ');

/** Starts a bundler. */
export async function createBundler(options: BundlerOptions): Promise<Bundler> {
  const { root, location, entry } = options;
  if (!existsSync(join(root, entry))) {
    throw new BuildError('missing-file', location, [
      { message: `The entry ${entry} does not exist. Create it, or name another in workspace.yaml.` },
    ]);
  }
  const externals = [...RUNTIME_PACKAGES, ...(options.externals ?? [])];
  const library = options.library ?? libraryAbove(root);
  const esbuild: BuildContext<{ write: false; metafile: true }> = await context({
    absWorkingDir: root,
    entryPoints: [entry],
    outfile: join(root, 'bundle.mjs'),
    write: false,
    metafile: true,
    bundle: true,
    platform: 'node',
    target: 'node24',
    format: 'esm',
    mainFields: ['module', 'main'],
    sourcemap: true,
    sourcesContent: true,
    legalComments: 'none',
    logLevel: 'silent',
    external: externals.flatMap((name) => [name, `${name}/*`]),
    define: { __filename: '__headraceFilename', __dirname: '__headraceDirname' },
    banner: { js: BANNER },
    plugins: library === undefined ? [] : [resolveLibrary(library)],
  });
  return {
    async bundle() {
      let result: BuildResult<{ write: false; metafile: true }>;
      try {
        result = await esbuild.rebuild();
      } catch (error) {
        throw toBuildError(error as BuildFailure, options);
      }
      const inputs = Object.keys(result.metafile.inputs);
      const portable = portablePaths(inputs);
      const file = (suffix: string) =>
        result.outputFiles.find(({ path }) => path.endsWith(suffix))?.text ?? '';
      return {
        code: withPortableComments(file('bundle.mjs'), portable),
        sourceMap: withPortableSources(file('bundle.mjs.map'), portable),
        sources: inputs.filter(isOwnSource).map((path) => resolve(root, path)),
        externals: versionsOf(root, library, usedExternals(result, externals)),
      };
    },
    dispose: () => esbuild.dispose(),
  };
}

/** The nearest folder above (or at) the project that is the library itself. */
function libraryAbove(root: string): string | undefined {
  for (let folder = root; ; folder = dirname(folder)) {
    const manifest = join(folder, 'package.json');
    if (existsSync(manifest) && existsSync(join(folder, 'lib', 'index.ts'))) {
      const { name } = JSON.parse(readFileSync(manifest, 'utf8')) as { name?: string };
      if (name === 'headrace') return folder;
    }
    if (dirname(folder) === folder) return undefined;
  }
}

/** Imports of `headrace` and `headrace/<part>` lead to the library's sources. */
function resolveLibrary(library: string): Plugin {
  return {
    name: 'headrace',
    setup(build) {
      build.onResolve({ filter: /^headrace(\/[a-z]+)?$/ }, ({ path }) => {
        const part = path.slice('headrace/'.length);
        const candidates =
          part === '' ? ['lib/index.ts'] : [`lib/integrations/${part}/index.ts`, `lib/${part}/index.ts`];
        const found = candidates.map((each) => join(library, each)).find((each) => existsSync(each));
        return found === undefined ? { errors: [{ text: `There is no "${path}"` }] } : { path: found };
      });
    },
  };
}

const isOwnSource = (path: string): boolean => !path.includes('node_modules/') && !path.startsWith('<');

function usedExternals(
  result: BuildResult<{ write: false; metafile: true }>,
  externals: readonly string[],
): readonly string[] {
  const imported = Object.values(result.metafile.outputs).flatMap(({ imports }) =>
    imports.map(({ path }) => path),
  );
  return externals.filter((name) => imported.some((path) => path === name || path.startsWith(`${name}/`)));
}

function versionsOf(
  root: string,
  library: string | undefined,
  names: readonly string[],
): Readonly<Record<string, string | null>> {
  return Object.fromEntries(
    [...names].sort().map((name) => [name, installedVersion([root, library ?? root], name)]),
  );
}

function installedVersion(folders: readonly string[], name: string): string | null {
  for (const folder of folders) {
    for (const path of createRequire(join(folder, 'x.js')).resolve.paths(name) ?? []) {
      const manifest = join(path, name, 'package.json');
      if (existsSync(manifest))
        return (JSON.parse(readFileSync(manifest, 'utf8')) as { version?: string }).version ?? null;
    }
  }
  return null;
}

function toBuildError(failure: BuildFailure, { root, location }: BundlerOptions): BuildError {
  const isUnresolved = failure.errors?.some(({ text }) =>
    /^(Could not resolve|No loader is configured|There is no)/.test(text),
  );
  const problems = (failure.errors ?? []).map((message) => toProblem(message, root));
  const all = problems.length > 0 ? problems : [{ message: failure.message }];
  return new BuildError(isUnresolved ? 'unresolved-import' : 'syntax', location, all, { cause: failure });
}

function toProblem({ text, location }: Message, root: string): BuildProblem {
  const hint = text.startsWith('No loader is configured')
    ? '. A native module cannot be bundled: list its package under "externals" of the location in workspace.yaml.'
    : /^Could not resolve "[^.]/.test(text)
      ? '. Install it with npm, or correct the name.'
      : '';
  const message = `${text}${hint}`;
  if (location === null) return { message };
  const file = relative(root, resolve(root, location.file)).split(sep).join('/');
  const source = { file, line: location.line, column: location.column + 1 };
  const path = resolve(root, location.file);
  const frame = existsSync(path)
    ? codeFrame(readFileSync(path, 'utf8'), source.line, source.column)
    : undefined;
  return { message, source, ...(frame === undefined ? {} : { frame }) };
}
