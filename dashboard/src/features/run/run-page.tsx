import { useParams } from '@tanstack/react-router';
import { useEffect, useMemo } from 'react';
import { PageTitle } from '../../components/page-title';
import { QueryPanel } from '../../components/panel-states';
import { finishedRunStatuses } from '../../components/status';
import { Tabs } from '../../components/tabs';
import { useUrlState } from '../../components/use-url-state';
import { expectType } from '../../graphql/api-error';
import { pollInterval, useLiveQuery } from '../../graphql/use-live-query';
import { findCause } from './log-filter';
import { runPlanDocument, runStatusDocument } from './run.graphql';
import { RunFacts } from './run-facts';
import { RunHeader } from './run-header';
import { RunNotes } from './run-notes';
import { runResults } from './run-results';
import { RunSection } from './run-section';
import { runSteps } from './run-steps';
import { runTabs } from './run-tabs';
import type { RunDetail } from './run-types';
import { selectSteps } from './select-steps';
import { stepTitles } from './step-titles';
import { useLogLines } from './use-log-lines';
import { useRunEvents } from './use-run-events';
import { useRunGroup } from './use-run-group';
import { useTabIcon } from './use-tab-icon';

export function RunPage() {
  const { runId = '' } = useParams({ strict: false });
  const query = useLiveQuery(
    runStatusDocument,
    { runId },
    {
      keepPrevious: false,
      select: (answer) => expectType(answer.runOrError, 'Run'),
      interval: (run) =>
        run && finishedRunStatuses.has(run.status) ? pollInterval.still : pollInterval.live,
    },
  );
  return (
    <>
      <PageTitle title={runId.slice(0, 8)} mono crumbs={[{ text: 'Runs', to: '/runs' }]} />
      <QueryPanel query={query} title="This run could not be loaded" rows={12}>
        {(run) => <Run key={runId} run={run} />}
      </QueryPanel>
    </>
  );
}

function Run({ run }: { readonly run: RunDetail }) {
  const [search, patch] = useUrlState();
  const finished = finishedRunStatuses.has(run.status);
  useTabIcon(run.status);
  const log = useRunEvents(run.runId, !finished);
  const plan = useLiveQuery(
    runPlanDocument,
    { runId: run.runId },
    { interval: false, select: (answer) => expectType(answer.runOrError, 'Run') },
  );
  const group = useRunGroup(run.runId);
  const lines = useLogLines(log.data);
  const titles = useMemo(() => stepTitles(log.data?.events ?? []), [log.data]);
  const results = useMemo(() => runResults(log.data?.events ?? [], finished), [log.data, finished]);
  const planned = useMemo(() => plan.data?.executionPlan?.steps ?? [], [plan.data]);
  const steps = useMemo(() => runSteps(planned, run.stepStats, titles), [planned, run.stepStats, titles]);
  const selection = useMemo(() => selectSteps(search.steps ?? '', steps), [search.steps, steps]);
  const cause = useMemo(
    () =>
      run.status === 'FAILURE' || run.stepStats.some(({ status }) => status === 'FAILURE')
        ? findCause(lines)
        : undefined,
    [run.status, run.stepStats, lines],
  );
  const isReading = log.isPending || log.data?.hasMore === true;

  const tabs = runTabs({
    tags: run.tags.length,
    steps: planned.length,
    group: group?.length ?? 0,
    results,
    isTold: finished && !isReading,
    asked: search.tab,
  });
  const { tab } = tabs.find((each) => each.tab === search.tab) ?? { tab: undefined };
  const isUnknown = search.tab !== tab;
  useEffect(() => {
    if (isUnknown) patch({ tab: undefined });
  }, [isUnknown, patch]);
  return (
    <>
      <RunHeader
        run={run}
        finished={finished}
        steps={search.step === undefined ? [...(selection?.keys ?? [])] : [search.step]}
      />
      <RunFacts run={run} finished={finished} steps={steps} selection={search.steps} group={group} />
      <RunNotes run={run} cause={cause} isReading={isReading} titles={titles} />
      <Tabs
        label="Run sections"
        tabs={tabs.map((each) => ({
          text: each.text,
          count: each.count,
          current: each.tab === tab,
          search: { ...search, tab: each.tab },
        }))}
      />
      <RunSection
        tab={tab}
        run={run}
        finished={finished}
        log={log}
        lines={lines}
        results={results}
        plan={plan}
        titles={titles}
        selection={selection}
        group={group ?? []}
        search={search}
        patch={patch}
      />
    </>
  );
}
