import { posix } from 'node:path';

const LIBRARY_MARK = '/lib/index.ts';

/**
 * Paths as they are in a bundle's comments and source map, made the same on every machine: sources of the
 * library become `headrace/lib/...`, packages `node_modules/...`, whatever the way to them.
 *
 * @param inputs paths of all sources relative to the project's root
 */
export function portablePaths(inputs: readonly string[]): (path: string) => string {
  const library = inputs.find((path) => path.startsWith('../') && path.endsWith(LIBRARY_MARK));
  const libraryRoot = library === undefined ? undefined : library.slice(0, -LIBRARY_MARK.length);
  return (path) => {
    if (!path.startsWith('../')) return path;
    const at = path.lastIndexOf('/node_modules/');
    if (at >= 0) return path.slice(at + 1);
    if (libraryRoot !== undefined && path.startsWith(`${libraryRoot}/`)) {
      return posix.join('headrace', path.slice(libraryRoot.length));
    }
    return path;
  };
}

/** The bundle with the paths in its comments made portable; comments only, so that no position moves a line. */
export function withPortableComments(code: string, portable: (path: string) => string): string {
  return code.replaceAll(
    /^(\s*\/\/ )(\.\.\/\S+)$/gm,
    (_line, start: string, path: string) => start + portable(path),
  );
}

/** The source map with portable paths. */
export function withPortableSources(map: string, portable: (path: string) => string): string {
  const parsed = JSON.parse(map) as { sources: string[] };
  return JSON.stringify({ ...parsed, sources: parsed.sources.map(portable) });
}
