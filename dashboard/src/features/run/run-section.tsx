import type { UseQueryResult } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { Button } from '../../components/button';
import { CodeBlock } from '../../components/code-block';
import { Scroll } from '../../components/page';
import { QueryPanel } from '../../components/panel-states';
import { SimpleTable } from '../../components/simple-table';
import { download } from './download';
import { RunComparison } from './run-comparison';
import { RunGroupTable } from './run-group';
import styles from './run-page.module.css';
import { RunPlanTable } from './run-plan';
import type { RunResults } from './run-results';
import { DbtNodesTable, RunResultsTable } from './run-results-table';
import type { RunTab } from './run-tabs';
import { Timeline, type TimelineProps } from './run-timeline';
import type { RunDetail, RunPlan } from './run-types';
import type { GroupedRun } from './use-run-group';

interface Props extends TimelineProps {
  readonly tab: RunTab | undefined;
  readonly results: RunResults;
  readonly group: readonly GroupedRun[];
}

/** What the chosen tab of a run shows. */
export function RunSection({ tab, results, group, ...props }: Props) {
  const { run, log, plan } = props;
  switch (tab) {
    case 'config':
      return <Config run={run} plan={plan} />;
    case 'tags':
      return <Tags run={run} />;
    case 'plan':
      return (
        <QueryPanel query={plan} title="The plan could not be loaded" rows={8}>
          {({ executionPlan }) => <RunPlanTable steps={executionPlan?.steps ?? []} />}
        </QueryPanel>
      );
    case 'group':
      return <RunGroupTable group={group} runId={run.runId} />;
    case 'compare':
      return (
        <RunComparison
          run={run}
          events={log.data?.events ?? []}
          config={plan.data?.runConfigYaml}
          titles={props.titles}
          withId={props.search.with}
          onChoose={(other) => props.patch({ with: other })}
        />
      );
    case 'assets':
    case 'checks':
    case 'dbt':
      return (
        <QueryPanel query={log} title="Events could not be loaded">
          {() => <Scroll>{resultsTable(tab, results)}</Scroll>}
        </QueryPanel>
      );
    default:
      return <Timeline {...props} />;
  }
}

function resultsTable(tab: 'assets' | 'checks' | 'dbt', { assets, checks, dbt }: RunResults) {
  if (tab === 'dbt') return <DbtNodesTable results={dbt} />;
  return tab === 'assets' ? (
    <RunResultsTable label="Assets" results={assets} empty="No asset was made yet." />
  ) : (
    <RunResultsTable label="Checks" results={checks} empty="No check was evaluated yet." />
  );
}

function Config({ run, plan }: { readonly run: RunDetail; readonly plan: UseQueryResult<RunPlan, Error> }) {
  return (
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
  );
}

function Tags({ run }: { readonly run: RunDetail }) {
  return (
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
            <Link key="value" to="/runs" search={{ q: tagFilter(tag) }} className="link mono">
              {tag.value}
            </Link>,
          ],
        }))}
        empty="This run has no tags."
      />
    </Scroll>
  );
}

const tagFilter = ({ key, value }: { readonly key: string; readonly value: string }): string =>
  /\s/.test(value) ? `tag:"${key}=${value}"` : `tag:${key}=${value}`;
