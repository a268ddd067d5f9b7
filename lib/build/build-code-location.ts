import { chmod, mkdir, mkdtemp, readFile, rename, rm, symlink, writeFile } from 'node:fs/promises';
import { dirname, join, relative } from 'node:path';
import { pathToFileURL } from 'node:url';
import { API_VERSION, type Manifest } from '../model/manifest';
import { type BundledCode, type Bundler, type BundlerOptions, createBundler } from './bundle-code';
import { loadManifest } from './load-manifest';
import { contentHash, type LocationFile, readLocationFiles } from './location-files';

export interface BuildOptions extends BundlerOptions {
  /** Files, folders and globs that go along, e.g. `dbt_project`; found at run time under the same paths beside `bundle.mjs`. */
  readonly files?: readonly string[];
  /** Folder of all bundles; the result is `<outDirectory>/<hash>/`. */
  readonly outDirectory: string;
  /** How long loading the code may take. Default 30. */
  readonly timeoutSeconds?: number;
}

/** A bundle on disk: `bundle.mjs`, `bundle.mjs.map`, `manifest.json`, `package.json` and the declared files. */
export interface BuiltLocation {
  /** Content hash; the same code, files and location name give the same hash on every machine. */
  readonly hash: string;
  /** Absolute path. */
  readonly directory: string;
  readonly manifest: Manifest;
  /** The user's sources, for a watcher; absolute paths. */
  readonly sources: readonly string[];
}

/** Builds one location again and again, as its sources change. */
export interface LocationBuilder {
  /** @throws {BuildError} what was built before stays */
  build(): Promise<BuiltLocation>;
  dispose(): Promise<void>;
}

const DEFAULT_TIMEOUT_SECONDS = 30;

/**
 * Builds a code location once.
 *
 * @throws {BuildError} with every problem and its place in the source
 * @example const { hash } = await buildCodeLocation({ root, location: 'orchestration', entry: 'orchestration/index.ts', outDirectory });
 */
export async function buildCodeLocation(options: BuildOptions): Promise<BuiltLocation> {
  const builder = await createLocationBuilder(options);
  try {
    return await builder.build();
  } finally {
    await builder.dispose();
  }
}

/** Starts a builder that reads again only what changed; `dispose` it at the end. */
export async function createLocationBuilder(options: BuildOptions): Promise<LocationBuilder> {
  const bundler: Bundler = await createBundler(options);
  return {
    async build() {
      const bundled = await bundler.bundle();
      const files = readLocationFiles(options.root, options.location, options.files ?? []);
      return writeBundle(options, bundled, files);
    },
    dispose: () => bundler.dispose(),
  };
}

async function writeBundle(
  options: BuildOptions,
  bundled: BundledCode,
  files: readonly LocationFile[],
): Promise<BuiltLocation> {
  const { location, outDirectory, root } = options;
  const packageJson = `${JSON.stringify({ type: 'module', private: true, dependencies: bundled.externals }, null, 2)}\n`;
  const hash = contentHash([
    ['location', location],
    ['apiVersion', String(API_VERSION)],
    ['bundle.mjs', bundled.code],
    ['bundle.mjs.map', bundled.sourceMap],
    ['package.json', packageJson],
    ...files.map(({ path, bytes }) => [path, bytes] as const),
  ]);
  const directory = join(outDirectory, hash);
  const known = await readManifest(directory);
  if (known !== undefined) return { hash, directory, manifest: known, sources: bundled.sources };

  await mkdir(outDirectory, { recursive: true });
  const staging = await mkdtemp(join(outDirectory, '.building-'));
  try {
    // mkdtemp keeps others out; workers may run as another user.
    await chmod(staging, 0o755);
    await writeFile(join(staging, 'bundle.mjs'), bundled.code);
    await writeFile(join(staging, 'bundle.mjs.map'), withSourceRoot(bundled.sourceMap, root));
    await writeFile(join(staging, 'package.json'), packageJson);
    for (const { path, bytes } of files) {
      await mkdir(dirname(join(staging, path)), { recursive: true });
      await writeFile(join(staging, path), bytes);
    }
    await linkPackages(staging, options);
    const manifest = await loadManifest({
      directory: staging,
      location,
      sourceMap: bundled.sourceMap,
      timeoutSeconds: options.timeoutSeconds ?? DEFAULT_TIMEOUT_SECONDS,
    });
    await writeFile(join(staging, 'manifest.json'), JSON.stringify(manifest));
    await moveInto(staging, directory);
    return { hash, directory, manifest, sources: bundled.sources };
  } finally {
    await rm(staging, { recursive: true, force: true });
  }
}

async function readManifest(directory: string): Promise<Manifest | undefined> {
  try {
    return JSON.parse(await readFile(join(directory, 'manifest.json'), 'utf8')) as Manifest;
  } catch {
    return undefined;
  }
}

/** Somebody else may have built the same at the same time: then theirs is as good. */
async function moveInto(staging: string, directory: string): Promise<void> {
  try {
    await rename(staging, directory);
  } catch (error) {
    if ((await readManifest(directory)) === undefined) throw error;
  }
}

/**
 * Packages that are not bundled are found by the ordinary rule, `node_modules` beside or above the bundle. Bundles
 * outside of the project get a link to the project's.
 */
async function linkPackages(staging: string, { root, library, outDirectory }: BuildOptions): Promise<void> {
  const isInside = !relative(root, outDirectory).startsWith('..');
  if (isInside && library === undefined) return;
  await symlink(join(library ?? root, 'node_modules'), join(staging, 'node_modules'));
}

/** Debuggers and stack traces then name the files that people edit. Not part of the hash, nor of archives. */
function withSourceRoot(sourceMap: string, root: string): string {
  return JSON.stringify({ ...(JSON.parse(sourceMap) as object), sourceRoot: `${pathToFileURL(root).href}/` });
}
