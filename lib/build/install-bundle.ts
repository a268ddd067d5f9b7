import { randomUUID } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, readFile, realpath, rename, rm, symlink } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { bundleObject } from '../model/pushed-code-location';
import { extractArchive } from './archive';
import { BundleNotFoundError } from './errors';

export interface InstallOptions {
  /** Folder of installed bundles; each is `<hash>/`. */
  readonly directory: string;
  /** A file of the program that hosts the code: packages that bundles leave out are looked for from there. */
  readonly host: string;
}

/** The part of an object store that bundles are read from. */
export interface BundleSource {
  get(key: string): Promise<Uint8Array | undefined>;
}

/**
 * Fetches a pushed bundle and unpacks it, once for each folder; two at a time do no harm. Packages that it left out
 * (`externals`) are linked from where the host finds them. One that the host has not got is left to the import that
 * asks for it, which names it.
 *
 * @returns path of its `bundle.mjs`
 * @throws {BundleNotFoundError} nobody pushed it, or it was deleted
 */
export async function installBundle(
  source: BundleSource,
  bundleHash: string,
  { directory, host }: InstallOptions,
): Promise<string> {
  const target = join(directory, bundleHash);
  const entry = join(target, 'bundle.mjs');
  if (existsSync(entry)) return entry;
  const key = bundleObject.archive(bundleHash);
  const archive = await source.get(key);
  if (archive === undefined) throw new BundleNotFoundError(bundleHash, key);
  const staging = join(directory, `.installing-${randomUUID()}`);
  await mkdir(directory, { recursive: true });
  try {
    await extractArchive(archive, staging);
    await linkExternals(staging, host);
    await rename(staging, target).catch((error: unknown) => {
      // Somebody else has just installed the same.
      if (!existsSync(entry)) throw error;
    });
    return entry;
  } finally {
    await rm(staging, { recursive: true, force: true });
  }
}

async function linkExternals(bundle: string, host: string): Promise<void> {
  const { dependencies = {} } = JSON.parse(await readFile(join(bundle, 'package.json'), 'utf8')) as {
    dependencies?: Readonly<Record<string, unknown>>;
  };
  const folders = createRequire(host).resolve.paths('headrace') ?? [];
  for (const name of Object.keys(dependencies)) {
    const found = folders.map((folder) => join(folder, name)).find((folder) => existsSync(folder));
    if (found === undefined) continue;
    const link = join(bundle, 'node_modules', name);
    await mkdir(dirname(link), { recursive: true });
    await symlink(await realpath(found), link);
  }
}
