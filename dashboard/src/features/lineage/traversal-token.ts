import { formatFilter, parseFilter } from '../../components/filter-tokens';

/** A filter that is one asset with levels around it: `2+marts/orders+1`. */
export interface Traversal {
  readonly key: string;
  readonly up: number;
  readonly down: number;
}

/** Shown for a plus without a number: everything. */
export const everything = 99;

const depth = (text: string | undefined) =>
  text === undefined ? 0 : /\d/.test(text) ? Number.parseInt(text.replace('+', ''), 10) : everything;

/** The traversal that a filter is, if it is nothing else. */
export function parseTraversal(text: string): Traversal | undefined {
  const [token, ...others] = parseFilter(text);
  if (!token || others.length > 0 || token.key !== '' || token.exclude) return undefined;
  const match = /^(\d*\+)?([^+\s]+)(\+\d*)?$/.exec(token.values.join(','));
  const [, before, key, after] = match ?? [];
  if (key === undefined || (before === undefined && after === undefined)) return undefined;
  return { key, up: depth(before), down: depth(after) };
}

const levels = (count: number) => (count >= everything ? '' : String(count));

/** The inverse; without levels it still names the asset alone. */
export function formatTraversal({ key, up, down }: Traversal): string {
  const value = `${up > 0 || down === 0 ? `${levels(up)}+` : ''}${key}${down > 0 ? `+${levels(down)}` : ''}`;
  return formatFilter([{ key: '', values: [value], exclude: false }]);
}
