import { plural } from '../../components/format/number';
import type { InstigatorChange } from './change-instigator';
import type { Instigator } from './instigator';

/** What a button of the bulk bar does, and to which of the selected. */
export interface BulkChange {
  readonly change: InstigatorChange;
  readonly instigators: readonly Instigator[];
  /** Why it does nothing; undefined when it does something. */
  readonly refusal: string | undefined;
}

const mayChange = ({ mayStart, mayStop }: Instigator, change: InstigatorChange): boolean =>
  change === 'off' ? mayStop : mayStart;

const isFor: Readonly<Record<InstigatorChange, (instigator: Instigator) => boolean>> = {
  on: ({ isOn }) => !isOn,
  off: ({ isOn }) => isOn,
  reset: ({ canReset }) => canReset,
};

const nothing: Readonly<Record<InstigatorChange, string>> = {
  on: 'All of them are on',
  off: 'All of them are off',
  reset: 'All of them are as their code says',
};

/** Which of the selected schedules and sensors each change is for. */
export function bulkChanges(selected: readonly Instigator[]): readonly BulkChange[] {
  return (['on', 'off', 'reset'] as const).map((change) => {
    const meant = selected.filter(isFor[change]);
    const instigators = meant.filter((each) => mayChange(each, change));
    const refusal =
      meant.length === 0
        ? nothing[change]
        : instigators.length === 0
          ? 'Your role may not turn these on or off'
          : undefined;
    return { change, instigators, refusal };
  });
}

/** `3 schedules`, `2 sensors`, `5 schedules and sensors` */
export function countInstigators(instigators: readonly Instigator[]): string {
  const kinds = new Set(instigators.map(({ kind }) => kind));
  const [kind] = kinds;
  return kinds.size === 1 && kind !== undefined
    ? plural(instigators.length, kind)
    : `${instigators.length} schedules and sensors`;
}

/** `Turn on 3 schedules` */
export function changeText(change: InstigatorChange, what: string): string {
  return change === 'reset' ? `Reset ${what}` : `Turn ${change} ${what}`;
}
