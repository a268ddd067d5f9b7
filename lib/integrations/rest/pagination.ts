import type { JsonValue } from '../../model/json';
import { type Params, valueAt } from './values';

/** How to ask for one page: parameters laid over the resource's own, or a whole address. */
export interface PageRequest {
  readonly params?: Params;
  /** Absolute, or relative to the page before. Must stay on the same origin. */
  readonly url?: string;
}

/** What a pagination sees of the page that was just read. */
export interface PageResult {
  /** The parsed body; undefined for NDJSON. */
  readonly body: JsonValue | undefined;
  readonly headers: Headers;
  /** Records on this page, as the service sent them. */
  readonly recordCount: number;
  /** From 1. */
  readonly page: number;
  /** What was asked for. */
  readonly request: PageRequest;
}

/** A way to walk pages. Write your own by giving `first` and `next`; `next` returns undefined after the last. */
export interface Pagination {
  readonly first: PageRequest;
  next(result: PageResult): PageRequest | undefined;
}

/** Options of paginations that count. */
export interface CountedOptions {
  /** Records per page to ask for. */
  readonly size: number;
  /**
   * Ends after a page with fewer than `size` records, which saves the last, empty request. Default false:
   * a service that silently caps its pages below `size` would otherwise lose all but the first page.
   */
  readonly stopAfterShortPage?: boolean;
}

/** One request, one page. The default. */
export function singlePage(): Pagination {
  return { first: {}, next: () => undefined };
}

/**
 * Pages by position: `limit` and `offset`, until a page is empty. It moves on by the records received.
 *
 * @example offset({ size: 500, start: 1 }) // services that count from 1
 */
export function offset(
  options: CountedOptions & {
    /** Position of the first record. Default 0. */
    readonly start?: number;
    /** Default `offset`. */
    readonly offsetParam?: string;
    /** Default `limit`. */
    readonly limitParam?: string;
  },
): Pagination {
  const { size, start = 0, offsetParam = 'offset', limitParam = 'limit' } = options;
  const at = (position: number): PageRequest => ({ params: { [limitParam]: size, [offsetParam]: position } });
  return {
    first: at(start),
    next: ({ request, recordCount }) =>
      ended(recordCount, options) ? undefined : at(Number(request.params?.[offsetParam]) + recordCount),
  };
}

/** Pages by number, until a page is empty. @example pageNumber({ size: 100, sizeParam: 'per_page' }) */
export function pageNumber(
  options: CountedOptions & {
    /** Number of the first page. Default 1. */
    readonly start?: number;
    /** Default `page`. */
    readonly pageParam?: string;
    /** Default `per_page`. */
    readonly sizeParam?: string;
  },
): Pagination {
  const { size, start = 1, pageParam = 'page', sizeParam = 'per_page' } = options;
  const at = (page: number): PageRequest => ({ params: { [sizeParam]: size, [pageParam]: page } });
  return {
    first: at(start),
    next: ({ page, recordCount }) => (ended(recordCount, options) ? undefined : at(start + page)),
  };
}

/** Follows the `Link` header's `rel="next"` (RFC 8288), as GitHub does. The page size goes into `params`. */
export function linkHeader(): Pagination {
  return {
    first: {},
    next: ({ headers }) => {
      const url = nextLink(headers.get('link'));
      return url === undefined ? undefined : { url };
    },
  };
}

/**
 * Sends the token that the page before gave, until a page gives none.
 *
 * @example cursorParam({ param: 'cursor', next: 'meta.next_cursor' })
 */
export function cursorParam(options: {
  /** Query parameter that takes the token. */
  readonly param: string;
  /** Dot path to the token in the body. */
  readonly next: string;
}): Pagination {
  return {
    first: {},
    next: ({ body }) => {
      const token = body === undefined ? undefined : valueAt(body, options.next);
      return typeof token === 'string' || typeof token === 'number'
        ? pageUnlessEmpty(token, { params: { [options.param]: token } })
        : undefined;
    },
  };
}

/** Follows the address that the body gives, until it gives none. @example nextUrl({ next: 'links.next' }) */
export function nextUrl(options: {
  /** Dot path to the address in the body. */
  readonly next: string;
}): Pagination {
  return {
    first: {},
    next: ({ body }) => {
      const url = body === undefined ? undefined : valueAt(body, options.next);
      return typeof url === 'string' ? pageUnlessEmpty(url, { url }) : undefined;
    },
  };
}

function pageUnlessEmpty(token: string | number, request: PageRequest): PageRequest | undefined {
  return token === '' ? undefined : request;
}

function ended(recordCount: number, { size, stopAfterShortPage = false }: CountedOptions): boolean {
  return recordCount === 0 || (stopAfterShortPage && recordCount < size);
}

function nextLink(link: string | null): string | undefined {
  for (const [, url, attributes = ''] of (link ?? '').matchAll(/<([^>]*)>([^<]*)/g)) {
    if (/;\s*rel\s*=\s*"?(?:[^"]*\s)?next(?:\s[^"]*)?(?:"|\s*(?:[;,]|$))/i.test(attributes)) return url;
  }
  return undefined;
}
