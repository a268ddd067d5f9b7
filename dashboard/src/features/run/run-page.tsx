import { Link, useParams } from '@tanstack/react-router';
import { useMemo } from 'react';
import { Button } from '../../components/button';
import { CodeBlock } from '../../components/code-block';
import { Scroll } from '../../components/page';
import { PageTitle } from '../../components/page-title';
import { Note, QueryPanel } from '../../components/panel-states';
import { SimpleTable } from '../../components/simple-table';
import { finishedRunStatuses } from '../../components/status';
import { StatusIcon } from '../../components/status-icon';
import { Tabs } from '../../components/tabs';
import { useUrlState } from '../../components/use-url-state';
import { expectType } from '../../graphql/api-error';
import { pollInterval, useLiveQuery } from '../../graphql/use-live-query';
import { selectSteps } from './gantt-layout';
import { errorText, findCause, toLogLine } from './log-filter';
import { runPlanDocument, runStatusDocument } from './run.graphql';
import { RunComparison } from './run-comparison';
import { RunHeader } from './run-header';
import styles from './run-page.module.css';
import { type RunResult, runResults } from './run-results';
import { DbtNodesTable, RunResultsTable } from './run-results-table';
import { Timeline } from './run-timeline';
import type { RunDetail, RunPlan } from './run-types';
import { download } from './step-output';
import { stepTitles } from './step-titles';
import { useRunEvents } from './use-run-events';

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
  const log = useRunEvents(run.runId, !finished);
  const plan = useLiveQuery(
    runPlanDocument,
    { runId: run.runId },
    { interval: false, select: (answer) => expectType(answer.runOrError, 'Run') },
  );
  const titles = useMemo(() => stepTitles(log.data?.events ?? []), [log.data]);
  const lines = useMemo(() => (log.data?.events ?? []).map(toLogLine), [log.data]);
  const results = useMemo(() => runResults(log.data?.events ?? [], finished), [log.data, finished]);
  const cause =
    run.status === 'FAILURE' || lines.some((line) => line.type === 'STEP_FAILURE')
      ? findCause(lines)
      : undefined;
  // The cause has its place before it is known: what is below stays where it is.
  const isReading = log.isPending || log.data?.hasMore === true;
  const tab = search.tab;
  const tabs = [
    { text: 'Timeline and logs', tab: undefined },
    { text: 'Config', tab: 'config' },
    { text: 'Tags', tab: 'tags', count: run.tags.length },
    ...(results.assets.length > 0
      ? [{ text: 'Assets', tab: 'assets', count: countText(results.assets) }]
      : []),
    ...(results.checks.length > 0
      ? [{ text: 'Checks', tab: 'checks', count: countText(results.checks) }]
      : []),
    ...(results.dbt.length > 0 ? [{ text: 'dbt', tab: 'dbt', count: results.dbt.length }] : []),
    { text: 'Compare', tab: 'compare' },
  ];
  return (
    <>
      <RunHeader run={run} finished={finished} steps={chosenSteps(search, plan.data)} />
      {cause && (
        <Link
          to="."
          search={(old: Record<string, string | undefined>) => ({
            ...old,
            tab: undefined,
            event: String(cause.index),
            level: undefined,
            step: cause.stepKey ?? undefined,
          })}
          className={styles.cause}
          data-st="failure"
          activeProps={{ 'aria-current': undefined }}
        >
          <StatusIcon kind="failure" />
          {cause.stepKey && <b>{titles.get(cause.stepKey) ?? cause.stepKey}</b>}
          <span className="ellipsis">{errorText(cause)}</span>
          <span className={styles.show}>Show event</span>
        </Link>
      )}
      {!cause && run.status === 'FAILURE' && isReading && (
        <div className={styles.cause} data-st="failure">
          <StatusIcon kind="failure" />
          <span>Reading why it failed…</span>
        </div>
      )}
      {run.status === 'QUEUED' && (
        <Note kind="queued" className={styles.note}>
          <b>Queued.</b> It starts when a slot and its pools are free.{' '}
          <Link to="/deployment" className="link">
            See what holds them
          </Link>
        </Note>
      )}
      <Tabs
        label="Run sections"
        tabs={tabs.map((each) => ({
          text: each.text,
          count: 'count' in each ? each.count : undefined,
          current: each.tab === tab,
          search: { ...search, tab: each.tab },
        }))}
      />
      {tab === 'config' ? (
        <Scroll className={styles.padded ?? ''}>
          <QueryPanel query={plan} title="The configuration could not be loaded">
            {({ runConfigYaml }) => (
              <>
                <Button
                  small
                  icon="download"
                  onClick={() => download(`${run.runId.slice(0, 8)}-config.yaml`, runConfigYaml || '{}\n')}
                >
                  Download configuration
                </Button>
                <CodeBlock label="run configuration" text={runConfigYaml.trim() || '{}'} />
              </>
            )}
          </QueryPanel>
        </Scroll>
      ) : tab === 'tags' ? (
        <Scroll>
          <SimpleTable
            label="Tags"
            columns={[{ header: 'Key', width: '280px' }, { header: 'Value' }]}
            rows={run.tags.map((tag) => ({
              id: tag.key,
              cells: [
                <span key="key" className="mono">
                  {tag.key}
                </span>,
                <Link
                  key="value"
                  to="/runs"
                  search={{ q: `tag:${tag.key}=${tag.value}` }}
                  className="link mono"
                >
                  {tag.value}
                </Link>,
              ],
            }))}
            empty="This run has no tags."
          />
        </Scroll>
      ) : tab === 'compare' ? (
        <RunComparison
          run={run}
          events={log.data?.events ?? []}
          config={plan.data?.runConfigYaml}
          titles={titles}
          withId={search.with}
          onChoose={(other) => patch({ with: other })}
        />
      ) : tab === 'assets' ? (
        <QueryPanel query={log} title="Events could not be loaded">
          {() => (
            <Scroll>
              <RunResultsTable label="Assets" results={results.assets} empty="This run makes no asset." />
            </Scroll>
          )}
        </QueryPanel>
      ) : tab === 'checks' ? (
        <QueryPanel query={log} title="Events could not be loaded">
          {() => (
            <Scroll>
              <RunResultsTable label="Checks" results={results.checks} empty="No check was evaluated." />
            </Scroll>
          )}
        </QueryPanel>
      ) : tab === 'dbt' ? (
        <QueryPanel query={log} title="Events could not be loaded">
          {() => (
            <Scroll>
              <DbtNodesTable results={results.dbt} />
            </Scroll>
          )}
        </QueryPanel>
      ) : (
        <Timeline
          run={run}
          finished={finished}
          log={log}
          lines={lines}
          titles={titles}
          plan={plan}
          search={search}
          patch={patch}
        />
      )}
    </>
  );
}

/** `4 of 9` where something is still to come or went wrong. */
function countText(results: readonly RunResult[]): string {
  const good = results.filter((each) => each.status.kind === 'success').length;
  return good === results.length ? `${good}` : `${good} of ${results.length}`;
}

/** Steps that are chosen on the page: the one in the chart, or those that the selection names. */
function chosenSteps(
  search: Readonly<Record<string, string | undefined>>,
  plan: RunPlan | undefined,
): readonly string[] {
  if (search.step !== undefined) return [search.step];
  const named = selectSteps(search.steps ?? '', plan?.executionPlan?.steps ?? []);
  return [...(named ?? [])];
}
