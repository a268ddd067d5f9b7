import { chmod, mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { buffer } from 'node:stream/consumers';
import { create, extract } from 'tar';

const SOURCE_MAP = 'bundle.mjs.map';

/**
 * A bundle's folder as one `tar.gz`, byte for byte the same on every machine: entries sorted, without times,
 * owners and links. What belongs to the builder's machine (links to packages, its paths) stays behind.
 */
export async function createArchive(directory: string): Promise<Buffer> {
  const staging = await mkdtemp(join(tmpdir(), 'headrace-archive-'));
  try {
    const paths = await filesOf(directory);
    for (const path of paths) {
      const bytes = await readFile(join(directory, path));
      await mkdir(dirname(join(staging, path)), { recursive: true });
      await writeFile(join(staging, path), path === SOURCE_MAP ? withoutSourceRoot(bytes) : bytes);
      await chmod(join(staging, path), 0o644);
    }
    const stream = create(
      { cwd: staging, gzip: { level: 9 }, portable: true, noDirRecurse: true, mtime: new Date(0) },
      paths,
    );
    return await buffer(stream);
  } finally {
    await rm(staging, { recursive: true, force: true });
  }
}

/** Unpacks an archive made by `createArchive`. */
export async function extractArchive(archive: Uint8Array, directory: string): Promise<void> {
  await mkdir(directory, { recursive: true });
  const unpack = extract({ cwd: directory, strict: true });
  await new Promise<void>((resolve, reject) => {
    unpack.on('error', reject);
    unpack.on('close', () => resolve());
    unpack.end(Buffer.from(archive));
  });
}

async function filesOf(directory: string): Promise<string[]> {
  const entries = await readdir(directory, { recursive: true, withFileTypes: true });
  return entries
    .filter((entry) => entry.isFile())
    .map((entry) =>
      join(entry.parentPath, entry.name)
        .slice(directory.length + 1)
        .replaceAll('\\', '/'),
    )
    .sort();
}

function withoutSourceRoot(bytes: Uint8Array): string {
  const { sourceRoot: _, ...map } = JSON.parse(Buffer.from(bytes).toString('utf8')) as Record<
    string,
    unknown
  >;
  return JSON.stringify(map);
}
