/**
 * How the built dashboard is delivered, by the local server and by CloudFront alike: which paths are files, how
 * long they may be kept, and what the browser lets them do.
 */

/** A file that a build names by its content, which therefore never changes: `/assets/main-G7WC7JS5.js`. */
export const HASHED_FILE = /^\/assets\/[^/]+-[A-Z0-9]{8}\.[a-z0-9]+$/;

/** Cache rule of a file. */
export function cacheControl(pathname: string): string {
  return HASHED_FILE.test(pathname) ? 'public, max-age=31536000, immutable' : 'no-cache';
}

const MEDIA_TYPES: Readonly<Record<string, string>> = {
  html: 'text/html; charset=utf-8',
  js: 'text/javascript; charset=utf-8',
  css: 'text/css; charset=utf-8',
  json: 'application/json; charset=utf-8',
  map: 'application/json; charset=utf-8',
  svg: 'image/svg+xml',
  png: 'image/png',
  ico: 'image/x-icon',
  woff2: 'font/woff2',
  txt: 'text/plain; charset=utf-8',
};

/** The end of a path that names a file. */
export const FILE_EXTENSION = new RegExp(`\\.(${Object.keys(MEDIA_TYPES).join('|')})$`);

/**
 * Whether a path is a page of the single-page application, to be answered by `index.html`, rather than a file.
 * Keys of assets may hold dots and end like files: below `/assets/` only a hashed name counts as one.
 */
export function isPage(pathname: string): boolean {
  return pathname.startsWith('/assets/') ? !HASHED_FILE.test(pathname) : !FILE_EXTENSION.test(pathname);
}

/** Media type by a file's extension. */
export function mediaType(pathname: string): string {
  return MEDIA_TYPES[pathname.slice(pathname.lastIndexOf('.') + 1)] ?? 'application/octet-stream';
}

/**
 * Nothing inline, nothing from elsewhere, no frames. Charts and panels set sizes in style attributes.
 *
 * @param connectTo other origins that may be called, e.g. the one where people log in
 */
export function contentSecurityPolicy(connectTo: readonly string[] = []): string {
  return [
    "default-src 'self'",
    "script-src 'self'",
    "style-src 'self'",
    "style-src-attr 'unsafe-inline'",
    "img-src 'self' data:",
    "font-src 'self'",
    ["connect-src 'self'", ...connectTo].join(' '),
    "worker-src 'self' blob:",
    "object-src 'none'",
    "base-uri 'none'",
    "form-action 'self'",
    "frame-ancestors 'none'",
  ].join('; ');
}
