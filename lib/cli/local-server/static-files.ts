import { readFile } from 'node:fs/promises';
import { extname, join, normalize, sep } from 'node:path';

const TYPES: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.json': 'application/json; charset=utf-8',
  '.map': 'application/json; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.ico': 'image/x-icon',
  '.woff2': 'font/woff2',
  '.txt': 'text/plain; charset=utf-8',
};

/** The same policy as in front of the deployed dashboard: nothing inline, nothing from elsewhere, no frames. */
export const SECURITY_HEADERS: Readonly<Record<string, string>> = {
  'content-security-policy':
    "default-src 'self'; script-src 'self'; style-src 'self'; style-src-attr 'unsafe-inline'; img-src 'self' data:; font-src 'self'; connect-src 'self'; worker-src 'self' blob:; object-src 'none'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'",
  'x-content-type-options': 'nosniff',
  'referrer-policy': 'no-referrer',
};

/** A file that a build names by its content, which therefore never changes: `/assets/main-G7WC7JS5.js`. */
const HASHED_FILE = /^\/assets\/[^/]+-[A-Z0-9]{8}\.[a-z0-9]+$/;

/**
 * Serves the built dashboard: hashed files immutable, all else uncached. Paths that name no file of a build are
 * pages of the single-page application, `/assets/raw/orders` and `/assets/raw/orders.json` among them.
 */
export function createStaticFiles(folder: string): (pathname: string) => Promise<Response> {
  return async (pathname) => {
    const path = filePath(folder, pathname);
    if (path === undefined) return notFound(pathname);
    const isImmutable = HASHED_FILE.test(pathname);
    try {
      const body = await readFile(path);
      return new Response(new Uint8Array(body), {
        headers: {
          'content-type': TYPES[extname(path)] ?? 'application/octet-stream',
          'cache-control': isImmutable ? 'public, max-age=31536000, immutable' : 'no-cache',
          ...SECURITY_HEADERS,
        },
      });
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException;
      if (code === 'ENOENT' || code === 'EISDIR') return notFound(pathname);
      throw error;
    }
  };
}

/** The file behind a path, or undefined when the path leaves the folder. */
function filePath(folder: string, pathname: string): string | undefined {
  let decoded: string;
  try {
    decoded = decodeURIComponent(pathname);
  } catch {
    return undefined;
  }
  if (decoded.includes('\0')) return undefined;
  // Keys of assets may hold dots and end like files: below /assets/ only a hashed name counts as one.
  const isPage = decoded.startsWith('/assets/')
    ? !HASHED_FILE.test(decoded)
    : TYPES[extname(decoded)] === undefined;
  const path = normalize(join(folder, isPage ? 'index.html' : decoded));
  return path.startsWith(normalize(folder) + sep) ? path : undefined;
}

function notFound(pathname: string): Response {
  return new Response(`Not found: ${pathname}\n`, {
    status: 404,
    headers: { 'content-type': 'text/plain; charset=utf-8', ...SECURITY_HEADERS },
  });
}
