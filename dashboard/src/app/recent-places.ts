import { keyFromUrl, keyText } from '../components/format/asset-key';
import type { IconName } from '../components/icon-paths';

/** A page of a single thing that was opened. */
export interface RecentPlace {
  /** Its address on this origin. */
  readonly href: string;
  readonly text: string;
  readonly detail: string;
  readonly icon: IconName;
}

/** Places that are remembered. */
const KEPT = 8;
const storageKey = 'headrace.recent';

const lists: Readonly<Record<string, readonly [icon: IconName, detail: string]>> = {
  schedules: ['schedules', 'schedule'],
  sensors: ['sensors', 'sensor'],
};

/** The single thing that an address is of; undefined of lists. */
export function placeOf(pathname: string, search: string): RecentPlace | undefined {
  const [page = '', ...rest] = pathname.split('/').slice(1);
  const [first, second] = rest.map(decodeURIComponent);
  const place = (icon: IconName, text: string, detail: string, href = pathname): RecentPlace => ({
    href,
    text,
    detail,
    icon,
  });
  const list = lists[page];
  if (list) {
    const open = new URLSearchParams(search).get('open');
    if (!open) return undefined;
    const name = open.slice(open.indexOf(':') + 1);
    return place(list[0], name, list[1], `${pathname}?open=${encodeURIComponent(open)}`);
  }
  if (!first) return undefined;
  switch (page) {
    case 'runs':
      return place('runs', first.slice(0, 8), 'run');
    case 'backfills':
      return place('backfills', first, 'backfill');
    case 'assets':
      return place('assets', keyText(keyFromUrl(rest.join('/'))), 'asset');
    case 'jobs':
      return second ? place('jobs', second, 'job') : undefined;
    case 'locations':
      return place('deployment', first, 'code location');
    default:
      return undefined;
  }
}

/** The places with one more, newest first, each once. */
export const withPlace = (places: readonly RecentPlace[], place: RecentPlace): readonly RecentPlace[] =>
  [place, ...places.filter(({ href }) => href !== place.href)].slice(0, KEPT);

/** What this browser remembers, newest first. */
export function recentPlaces(): readonly RecentPlace[] {
  try {
    return JSON.parse(localStorage.getItem(storageKey) ?? '[]') as readonly RecentPlace[];
  } catch {
    return [];
  }
}

/** Remembers the thing that an address is of. */
export function rememberPlace({
  pathname,
  searchStr,
}: {
  readonly pathname: string;
  readonly searchStr: string;
}) {
  const place = placeOf(pathname, searchStr);
  if (!place) return;
  try {
    localStorage.setItem(storageKey, JSON.stringify(withPlace(recentPlaces(), place)));
  } catch {
    // A browser that keeps nothing shows no recent places.
  }
}
