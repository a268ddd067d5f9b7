import { Link } from '@tanstack/react-router';
import { buttonClass } from '../../components/button';
import { QueryPanel } from '../../components/panel-states';
import { Section } from '../../components/section';
import { Segmented } from '../../components/segmented';
import { TickChart } from '../../components/tick-chart';
import { TickHistory } from '../../components/tick-history';
import { Time } from '../../components/time';
import { useUrlState } from '../../components/use-url-state';
import { expectType } from '../../graphql/api-error';
import { useLiveQuery } from '../../graphql/use-live-query';
import { type Instigator, instigationSelector } from './instigator';
import { instigatorTicksDocument } from './instigator-details.graphql';
import styles from './instigators.module.css';
import { TickLog } from './tick-log';
import {
  isTickFilter,
  pageStart,
  type TickFilter,
  tickFilters,
  tickPageVariables,
  toTickPage,
} from './tick-page';

const words: Readonly<Record<TickFilter, string>> = {
  all: 'All',
  success: 'Success',
  skipped: 'Skipped',
  error: 'Error',
  missed: 'Missed',
};

const none: Readonly<Record<TickFilter, string>> = {
  all: 'No tick yet.',
  success: 'No tick launched a run.',
  skipped: 'No tick was skipped.',
  error: 'No tick failed.',
  missed: 'No tick was missed.',
};

/** The ticks of a schedule or sensor, page by page: the newest live, older ones as they are. */
export function TickSection({ instigator }: { readonly instigator: Instigator }) {
  const [search, patch] = useUrlState();
  const filter = isTickFilter(search.ticks) ? search.ticks : 'all';
  const { before } = search;
  const from = pageStart(before);
  const selector = instigationSelector(instigator);
  const query = useLiveQuery(
    instigatorTicksDocument,
    { selector, ...tickPageVariables(filter, before) },
    {
      interval: from === undefined ? 2_000 : false,
      select: (answer) =>
        toTickPage(expectType(answer.instigationStateOrError, 'InstigationState'), filter, before),
    },
  );
  const filters = tickFilters.filter((each) => each !== 'missed' || instigator.kind === 'schedule');
  return (
    <Section
      title="History"
      padded
      actions={
        <Segmented
          label="Ticks"
          value={filter}
          options={filters.map((value) => ({ value, text: words[value] }))}
          onChange={(value) => patch({ ticks: value === 'all' ? undefined : value, before: undefined })}
        />
      }
    >
      {from !== undefined && (
        <p className={styles.page}>
          <span className="t2">
            Before <Time at={from * 1_000} seconds />
          </span>
          <Link to="." search={{ ...search, before: undefined }} className="link">
            Newest
          </Link>
        </p>
      )}
      <QueryPanel query={query} title="Ticks could not be loaded">
        {({ ticks, older }) =>
          ticks.length === 0 ? (
            <p className="t2 small">{from === undefined ? none[filter] : 'There are no older ones.'}</p>
          ) : (
            <>
              <TickChart ticks={ticks} />
              <TickHistory ticks={ticks} log={(tickId) => <TickLog selector={selector} tickId={tickId} />} />
              {older !== undefined && (
                <div className={styles.older}>
                  <Link to="." search={{ ...search, before: older }} className={buttonClass('plain', true)}>
                    Older ticks
                  </Link>
                </div>
              )}
            </>
          )
        }
      </QueryPanel>
    </Section>
  );
}
