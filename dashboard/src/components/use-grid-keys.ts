import { useEffect, useRef } from 'react';
import type { GridItem } from './data-grid-types';
import { isTyping } from './is-typing';

export interface GridKeys<Row> {
  readonly items: readonly GridItem<Row>[];
  /** Id of the row that last had the focus. */
  readonly cursor: string | undefined;
  readonly focusRow: (index: number) => void;
  readonly onOpen: ((row: Row) => void) | undefined;
  readonly toggle: ((id: string) => void) | undefined;
}

/** Keys of the page's grid: j and k move from anywhere; on a row the arrows move, Enter opens, x selects. */
export function useGridKeys<Row>(keys: GridKeys<Row>): void {
  const latest = useRef(keys);
  latest.current = keys;
  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      if (isTyping(event)) return;
      const { current } = latest;
      const focused = event.target instanceof Element && event.target.hasAttribute('data-row-id');
      const step = stepOf(event.key, focused);
      if (step !== 0) {
        event.preventDefault();
        const index = neighbour(current.items, current.cursor, step);
        if (index !== undefined) current.focusRow(index);
        return;
      }
      if (!focused) return;
      const id = event.target.getAttribute('data-row-id');
      const item = current.items.find((each) => each.type === 'row' && each.id === id);
      if (item?.type !== 'row') return;
      if (event.key === 'Enter') current.onOpen?.(item.row);
      else if (event.key === 'x' && current.toggle) {
        event.preventDefault();
        current.toggle(item.id);
      }
    };
    document.addEventListener('keydown', onKey);
    return () => document.removeEventListener('keydown', onKey);
  }, []);
}

function stepOf(key: string, focused: boolean): 1 | -1 | 0 {
  if (key === 'j' || (focused && key === 'ArrowDown')) return 1;
  if (key === 'k' || (focused && key === 'ArrowUp')) return -1;
  return 0;
}

/** Index of the next or previous row, past headings. */
function neighbour(
  items: readonly GridItem<unknown>[],
  cursor: string | undefined,
  by: 1 | -1,
): number | undefined {
  let index = items.findIndex((item) => item.type === 'row' && item.id === cursor);
  if (index < 0 && by < 0) return undefined;
  do index += by;
  while (items[index]?.type === 'group');
  return index;
}
