import { Button } from '../../components/button';
import { FilterBar } from '../../components/filter-bar';
import type { FilterKey } from '../../components/filter-tokens';
import { formatDay, formatTime, zoneOffset } from '../../components/format/time';
import { Toolbar } from '../../components/page';
import { Segmented } from '../../components/segmented';
import { useZone } from '../../components/time';
import { useUrlState } from '../../components/use-url-state';
import styles from './overview-page.module.css';
import {
  hoursParameter,
  isFurthestAhead,
  movedWindow,
  type OverviewWindow,
  windowTexts,
} from './overview-window';

/** Which window the page shows, and what of it; all of it is in the address. */
export function OverviewToolbar({
  window,
  keys,
  now,
}: {
  readonly window: OverviewWindow;
  readonly keys: readonly FilterKey[];
  readonly now: number;
}) {
  const [search, patch] = useUrlState();
  const zone = useZone();
  const { from, to, hours, isLive } = window;
  const day = formatDay(isLive ? now : to, zone);
  const isLast = isFurthestAhead(window, now);
  return (
    <Toolbar>
      <span className={styles.when}>
        <b className="strong wide-only">{day}</b>
        <span className="t2">
          {formatTime(from, { zone, now: to })} to {formatTime(to, { zone, now: to })}
          <span className="wide-only"> {zoneOffset(to, zone)}</span>
        </span>
      </span>
      <FilterBar
        label="Filter jobs"
        value={search.q ?? ''}
        keys={keys}
        onChange={(q) => patch({ q: q || undefined }, { push: true })}
      />
      <fieldset className={styles.paging}>
        <legend className="hidden-visually">Move the window</legend>
        <Button
          icon="chevronLeft"
          aria-label="Earlier"
          title="Earlier"
          onClick={() => patch(movedWindow(window, -1, now), { push: true })}
        />
        <Button
          disabled={isLive}
          title={isLive ? 'The window ends with what is expected next' : undefined}
          onClick={() => patch({ until: undefined }, { push: true })}
        >
          Now
        </Button>
        <Button
          icon="chevronRight"
          aria-label="Later"
          title={isLast ? 'What is expected later is not shown' : 'Later'}
          disabled={isLast}
          onClick={() => patch(movedWindow(window, 1, now), { push: true })}
        />
      </fieldset>
      <Segmented
        label="Window"
        value={hours}
        options={(Object.keys(windowTexts) as (keyof typeof windowTexts)[])
          .sort((a, b) => Number(a) - Number(b))
          .map((value) => ({ value, text: windowTexts[value] }))}
        onChange={(value) => patch({ hours: hoursParameter(value) })}
      />
      <Button
        className={styles.view}
        icon={search.view === 'table' ? 'overview' : 'table'}
        aria-pressed={search.view === 'table'}
        onClick={() => patch({ view: search.view === 'table' ? undefined : 'table' })}
      >
        {search.view === 'table' ? 'Timeline' : 'Table'}
      </Button>
    </Toolbar>
  );
}
