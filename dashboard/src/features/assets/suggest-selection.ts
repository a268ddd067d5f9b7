import { type SelectableAsset, selectionAttributes } from '../../../../lib/model/selection';
import type { FilterValue } from '../../components/filter-tokens';

/** Keys that hold what was typed, those that begin with it first; a depth and plus around it stay. */
export function suggestKeys(keys: readonly string[], typed: string): readonly FilterValue[] {
  const [, before = '', name = '', after = ''] = /^(\d*\+)?(.*?)(\+\d*)?$/.exec(typed) ?? [];
  const wanted = name.toLowerCase();
  if (wanted === '') return [];
  const found = keys.filter((key) => key.toLowerCase().includes(wanted));
  const rank = (key: string) => {
    const lower = key.toLowerCase();
    return lower.startsWith(wanted) ? 0 : lower.split('/').at(-1)?.startsWith(wanted) ? 1 : 2;
  };
  return found
    .toSorted((a, b) => rank(a) - rank(b))
    .slice(0, 20)
    .map((key) => ({ value: `${before}${key}${after}` }));
}

const operators: readonly FilterValue[] = [
  { value: 'and ', detail: 'both' },
  { value: 'or ', detail: 'either' },
  { value: 'and not ', detail: 'without' },
];

/** What a selection takes without quotes of its own: the token around it has the quotes already. */
const plainValue = /^[A-Za-z_][\w/]*(=[A-Za-z_][\w/]*)?$/;

/**
 * How a selection may go on, each time as its text so far: attributes and their values, keys, and `and` or `or` behind
 * what is complete. Parentheses and pluses in front of the last word stay.
 */
export function suggestSelection(graph: readonly SelectableAsset[], typed: string): readonly FilterValue[] {
  const text = typed.replace(/^"|"$/g, '');
  const [, head = '', opened = '', last = ''] = /^(.*?)((?:\d*\+|\()*)([^\s(]*)$/.exec(text) ?? [];
  const go = (values: readonly FilterValue[]) =>
    values.map((each): FilterValue => ({ ...each, value: `"${head}${opened}${each.value}`, more: true }));
  if (last === '' && opened === '' && head.trim() !== '' && !/\b(and|or|not)\s*$/i.test(head))
    return go(operators);
  const attributes = selectionAttributes(graph);
  const colon = last.indexOf(':');
  if (colon < 0) {
    const keys = graph.map(({ key }) => key);
    return go([
      ...attributes
        .filter(({ attribute }) => attribute.startsWith(last.toLowerCase()))
        .map(({ attribute, description }) => ({ value: `${attribute}:`, detail: description })),
      ...suggestKeys(keys, last).map(({ value }) => ({ value: `${value} ` })),
    ]);
  }
  const known = attributes.find(({ attribute }) => attribute === last.slice(0, colon));
  const wanted = last.slice(colon + 1).toLowerCase();
  return go(
    (known?.values ?? [])
      .filter((value) => value.toLowerCase().includes(wanted) && plainValue.test(value))
      .map((value) => ({ value: `${last.slice(0, colon + 1)}${value} ` })),
  );
}
