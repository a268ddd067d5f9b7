import { nearMisses } from '../../model/near-misses';
import type { Route } from './operation';

export type RouteMatch =
  | { readonly kind: 'found'; readonly route: Route; readonly params: Readonly<Record<string, string>> }
  | { readonly kind: 'wrong-method'; readonly allow: readonly string[] }
  | { readonly kind: 'unknown'; readonly near: readonly string[] };

/** The route that serves a path, or why none does. */
export function matchRoute(routes: readonly Route[], method: string, pathname: string): RouteMatch {
  const matches = routes.flatMap((route) => {
    const params = matchPath(route.path, pathname);
    return params === undefined ? [] : [{ kind: 'found' as const, route, params }];
  });
  // HEAD is GET without the body, which whoever sends the answer leaves out.
  const wanted = method === 'HEAD' ? 'GET' : method;
  const found = matches.find(({ route }) => route.method === wanted);
  if (found !== undefined) return found;
  if (matches.length > 0) {
    const methods = matches.map(({ route }) => route.method);
    return {
      kind: 'wrong-method',
      allow: [...new Set(methods.flatMap((m) => (m === 'GET' ? [m, 'HEAD'] : [m])))],
    };
  }
  const paths = [...new Set(routes.map(({ path }) => shownPath(path)))];
  return { kind: 'unknown', near: nearPaths(pathname, paths) };
}

/** Values of the pattern's names in a path, decoded; undefined when the path is another one. */
export function matchPath(pattern: string, pathname: string): Readonly<Record<string, string>> | undefined {
  const source = pattern
    .replaceAll(/[.]/g, '\\.')
    .replaceAll(/\{(\w+)(\+?)\}/g, (_, name, more) => `(?<${name}>${more === '' ? '[^/]+' : '.+'})`);
  const groups = new RegExp(`^${source}/?$`).exec(pathname);
  if (groups === null) return undefined;
  try {
    return Object.fromEntries(
      Object.entries(groups.groups ?? {}).map(([name, value]) => [name, decodeURIComponent(value)]),
    );
  } catch {
    return undefined;
  }
}

/** A pattern as it is written in descriptions. */
export const shownPath = (pattern: string): string => pattern.replaceAll('+}', '}');

function nearPaths(pathname: string, paths: readonly string[]): readonly string[] {
  const near = nearMisses(pathname, paths);
  if (near.length > 0) return near;
  const segment = (path: string): string | undefined => path.split('/')[2];
  const sameStart = paths.filter((path) => segment(path) === segment(pathname));
  return sameStart.length > 0 ? sameStart : paths;
}
