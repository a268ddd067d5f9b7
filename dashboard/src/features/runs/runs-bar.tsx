import { useState } from 'react';
import { FilterBar } from '../../components/filter-bar';
import { dayOf } from '../../components/format/time';
import { Toolbar } from '../../components/page';
import { Segmented } from '../../components/segmented';
import { useZone } from '../../components/time';
import { useUrlState } from '../../components/use-url-state';
import { runFilterKeys } from './runs-filter';
import { useFilterValues } from './use-filter-values';

/** The filter of runs, whether backfills stand for theirs, and how many there are. */
export function RunsBar({
  openedAt,
  count,
  isGroupable = true,
}: {
  readonly openedAt: number;
  /** `1,284 runs` */
  readonly count: React.ReactNode;
  readonly isGroupable?: boolean;
}) {
  const [search, patch] = useUrlState();
  const zone = useZone();
  const [draft, setDraft] = useState('');
  const known = useFilterValues(draft);
  return (
    <Toolbar>
      <FilterBar
        label="Filter runs"
        value={search.q ?? ''}
        keys={runFilterKeys(known, dayOf(openedAt, zone))}
        onDraft={setDraft}
        onChange={(q) => patch({ q: q || undefined }, { push: true })}
      />
      {isGroupable && (
        <Segmented
          label="Runs of backfills"
          value={search.view === 'grouped' ? 'grouped' : 'each'}
          options={[
            { value: 'each', text: 'Every run' },
            { value: 'grouped', text: 'By backfill' },
          ]}
          onChange={(view) => patch({ view: view === 'each' ? undefined : view })}
        />
      )}
      <span className="small nowrap wide-only">{count}</span>
    </Toolbar>
  );
}
