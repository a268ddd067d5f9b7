import { Link } from '@tanstack/react-router';
import { useMemo, useState } from 'react';
import { buttonClass } from '../../components/button';
import { formatRunCount } from '../../components/format/number';
import { Icon } from '../../components/icon';
import { PageTitle } from '../../components/page-title';
import { Tabs } from '../../components/tabs';
import { useZone } from '../../components/time';
import { useUrlState } from '../../components/use-url-state';
import { useLiveQuery } from '../../graphql/use-live-query';
import { GroupedRuns } from './grouped-runs';
import { QueueNote } from './queue-note';
import { RunList } from './run-list';
import { runCountsDocument } from './runs.graphql';
import { type RunsTab, toRunsFilter } from './runs-filter';
import { ScheduledRuns } from './scheduled-runs';
import { useScheduledTicks } from './use-scheduled-ticks';

const tabs: readonly { readonly tab: RunsTab; readonly text: string }[] = [
  { tab: 'all', text: 'All' },
  { tab: 'queued', text: 'Queued' },
  { tab: 'progress', text: 'In progress' },
  { tab: 'failed', text: 'Failed' },
  { tab: 'scheduled', text: 'Scheduled' },
];

/** Every run, by status; those of backfills one by one or together; and what schedules will launch. */
export function RunsPage() {
  const [search, patch] = useUrlState();
  const tab = tabs.find((each) => each.tab === search.tab)?.tab ?? 'all';
  const text = search.q ?? '';
  const [openedAt] = useState(Date.now);
  const zone = useZone();
  const filter = useMemo(() => toRunsFilter(text, tab, openedAt, zone), [text, tab, openedAt, zone]);
  const counts = useRunCounts(text, openedAt, zone);
  const note = tab === 'queued' ? <QueueNote /> : undefined;
  const list = {
    filter,
    openedAt,
    isFiltered: text !== '' || tab !== 'all',
    onClear: () => patch({ q: undefined, tab: undefined }),
  };
  return (
    <>
      <PageTitle title="Runs" />
      <Tabs
        label="Runs by status"
        tabs={tabs.map((each) => ({
          text: each.text,
          current: each.tab === tab,
          count: counts[each.tab],
          search: { ...search, tab: each.tab === 'all' ? undefined : each.tab },
        }))}
      >
        <Link to="/jobs" className={buttonClass('primary')} aria-label="Launch a run">
          <Icon name="play" size={14} />
          <span className="wide-only">Launch a run</span>
        </Link>
      </Tabs>
      {tab === 'scheduled' ? (
        <ScheduledRuns openedAt={openedAt} text={text} />
      ) : search.view === 'grouped' ? (
        <GroupedRuns {...list} note={note} />
      ) : (
        <RunList {...list} note={note} text={text} />
      )}
    </>
  );
}

/** How many runs there are behind each tab; all are counted in the list. */
function useRunCounts(
  text: string,
  openedAt: number,
  zone: string,
): Readonly<Partial<Record<RunsTab, string | undefined>>> {
  const variables = useMemo(() => {
    const of = (tab: RunsTab) => toRunsFilter(text, tab, openedAt, zone);
    return { all: of('all'), queued: of('queued'), inProgress: of('progress'), failed: of('failed') };
  }, [text, openedAt, zone]);
  const count = (union: { __typename: string; count?: number }) =>
    union.__typename === 'Runs' ? formatRunCount(union.count) : undefined;
  const { data } = useLiveQuery(runCountsDocument, variables, {
    interval: 3_000,
    select: (answer) => ({
      all: count(answer.all),
      queued: count(answer.queued),
      progress: count(answer.inProgress),
      failed: count(answer.failed),
    }),
  });
  const scheduled = useScheduledTicks().data;
  return { ...data, scheduled: scheduled && formatRunCount(scheduled.length) };
}
