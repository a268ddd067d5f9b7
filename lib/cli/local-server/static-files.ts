import { readFile } from 'node:fs/promises';
import { join, normalize, sep } from 'node:path';
import { cacheControl, contentSecurityPolicy, isPage, mediaType } from '../../model/dashboard-delivery';

/** The same policy as in front of the deployed dashboard. */
export const SECURITY_HEADERS: Readonly<Record<string, string>> = {
  'content-security-policy': contentSecurityPolicy(),
  'x-content-type-options': 'nosniff',
  'referrer-policy': 'no-referrer',
};

/**
 * Serves the built dashboard: hashed files immutable, all else uncached. Paths that name no file of a build are
 * pages of the single-page application, `/assets/raw/orders` and `/assets/raw/orders.json` among them.
 */
export function createStaticFiles(folder: string): (pathname: string) => Promise<Response> {
  return async (pathname) => {
    const path = filePath(folder, pathname);
    if (path === undefined) return notFound(pathname);
    try {
      const body = await readFile(path);
      return new Response(new Uint8Array(body), {
        headers: {
          'content-type': mediaType(path),
          'cache-control': cacheControl(pathname),
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
  const path = normalize(join(folder, isPage(decoded) ? 'index.html' : decoded));
  return path.startsWith(normalize(folder) + sep) ? path : undefined;
}

function notFound(pathname: string): Response {
  return new Response(`Not found: ${pathname}\n`, {
    status: 404,
    headers: { 'content-type': 'text/plain; charset=utf-8', ...SECURITY_HEADERS },
  });
}
