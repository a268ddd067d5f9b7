import { Link } from '@tanstack/react-router';
import { useMemo } from 'react';
import { CopyId } from '../../components/copy-text';
import { isAdHocJob, keyText } from '../../components/format/asset-key';
import { metadataLabel } from '../../components/format/metadata-label';
import { plural } from '../../components/format/number';
import { formatTime } from '../../components/format/time';
import { Scroll, Toolbar } from '../../components/page';
import { EmptyState, ErrorState, LoadingRows, QueryPanel } from '../../components/panel-states';
import { Section } from '../../components/section';
import { SimpleTable } from '../../components/simple-table';
import { runStatus } from '../../components/status';
import { useZone } from '../../components/time';
import { TwoLines } from '../../components/two-lines';
import { useNow } from '../../components/use-now';
import { expectType } from '../../graphql/api-error';
import type { EarlierRunsResult } from '../../graphql/generated';
import { useLiveQuery } from '../../graphql/use-live-query';
import { compareMetadata, compareTags } from './compare-runs';
import { ComparedConfig } from './comparison-config';
import { ComparedSteps } from './comparison-steps';
import { earlierRunsDocument, runStatusDocument } from './run.graphql';
import styles from './run-comparison.module.css';
import type { RunDetail, RunEvent } from './run-types';
import type { StepTitles } from './step-titles';
import { useRunEvents } from './use-run-events';

type EarlierRun = Extract<
  EarlierRunsResult['runsOrError'],
  { readonly __typename: 'Runs' }
>['results'][number];

/** What a run is compared with: its own config, events and names of steps are read already. */
interface Props {
  readonly run: RunDetail;
  readonly events: readonly RunEvent[];
  readonly config: string | undefined;
  readonly titles: StepTitles;
  /** Run to compare with; default: the one before of the same job, and of the same assets where it has no job. */
  readonly withId: string | undefined;
  readonly onChoose: (runId: string) => void;
}

export function RunComparison(props: Props) {
  const { run, withId, onChoose } = props;
  const query = useLiveQuery(
    earlierRunsDocument,
    { filter: { pipelineName: run.jobName, createdBefore: run.creationTime }, limit: 30 },
    {
      interval: false,
      keepPrevious: false,
      select: (answer) =>
        expectType(answer.runsOrError, 'Runs').results.filter((each) => each.runId !== run.runId),
    },
  );
  return (
    <QueryPanel query={query} title="Earlier runs could not be loaded" rows={8}>
      {(earlier) => {
        const chosen = withId ?? defaultRun(run, earlier)?.runId;
        if (chosen === undefined) {
          return (
            <EmptyState icon="runs" title="No earlier run to compare with">
              This is the first run of {isAdHocJob(run.jobName) ? 'assets chosen by hand' : run.jobName}. The
              next one can be compared with it: steps, config, tags, materialization metadata.
            </EmptyState>
          );
        }
        return (
          <>
            <Toolbar>
              <EarlierRunSelect runs={earlier} chosen={chosen} onChoose={onChoose} />
              <CopyId id={chosen} />
              <Link to="/runs/$runId" params={{ runId: chosen }} className="link small nowrap">
                Open that run
              </Link>
            </Toolbar>
            <Scroll>
              <Comparison key={chosen} {...props} otherId={chosen} />
            </Scroll>
          </>
        );
      }}
    </QueryPanel>
  );
}

/** The newest earlier run; of runs without a job, the newest of the same assets. */
function defaultRun(run: RunDetail, earlier: readonly EarlierRun[]): EarlierRun | undefined {
  if (!isAdHocJob(run.jobName)) return earlier[0];
  const assetsOf = (each: { readonly assetSelection: EarlierRun['assetSelection'] }) =>
    (each.assetSelection ?? []).map(keyText).sort().join('\n');
  const own = assetsOf(run);
  return earlier.find((each) => assetsOf(each) === own);
}

function EarlierRunSelect({
  runs,
  chosen,
  onChoose,
}: {
  readonly runs: readonly EarlierRun[];
  readonly chosen: string;
  readonly onChoose: (runId: string) => void;
}) {
  const zone = useZone();
  const now = useNow();
  const isListed = runs.some((run) => run.runId === chosen);
  return (
    <label className={styles.select}>
      <span>Compare with</span>
      <select value={chosen} onChange={(event) => onChoose(event.target.value)}>
        {!isListed && <option value={chosen}>{chosen.slice(0, 8)}</option>}
        {runs.map((run) => (
          <option key={run.runId} value={run.runId}>
            {run.runId.slice(0, 8)} · {runStatus(run.status).word} ·{' '}
            {formatTime(run.creationTime * 1_000, { zone, now })}
          </option>
        ))}
      </select>
    </label>
  );
}

function Comparison({
  run,
  events,
  config,
  titles,
  otherId,
}: Omit<Props, 'withId' | 'onChoose'> & { readonly otherId: string }) {
  const other = useLiveQuery(
    runStatusDocument,
    { runId: otherId },
    { interval: false, keepPrevious: false, select: (answer) => expectType(answer.runOrError, 'Run') },
  );
  return (
    <QueryPanel query={other} title="The other run could not be loaded" rows={8}>
      {(data) => (
        <>
          <ComparedSteps run={run} other={data} titles={titles} />
          <Metadata events={events} otherId={otherId} />
          <ComparedConfig config={config} otherId={otherId} />
          <Tags run={run} other={data} />
        </>
      )}
    </QueryPanel>
  );
}

function Metadata({ events, otherId }: { readonly events: readonly RunEvent[]; readonly otherId: string }) {
  const log = useRunEvents(otherId, false);
  const { differences, same } = useMemo(
    () => compareMetadata(events, log.data?.events ?? []),
    [events, log.data],
  );
  const isRead = log.data !== undefined && !log.data.hasMore;
  return (
    <Section title="Materialization metadata" detail={isRead ? `${plural(same, 'value')} alike` : undefined}>
      {log.error && !log.data ? (
        <ErrorState
          title="The events of the other run could not be loaded"
          error={log.error}
          onRetry={() => void log.refetch()}
          retrying={log.isFetching}
        />
      ) : isRead ? (
        <SimpleTable
          label="Materialization metadata"
          columns={[
            { header: 'Asset' },
            { header: 'Value' },
            { header: 'This run', right: true },
            { header: 'Earlier run', right: true },
            { header: 'Difference', right: true },
          ]}
          empty="Nothing that was said of assets differs."
          rows={differences.map((each) => ({
            id: `${each.asset} ${each.name}`,
            cells: [
              <span key="asset" className="strong">
                {each.asset}
              </span>,
              metadataLabel(each.name),
              <Value key="mine" text={each.mine} />,
              <Value key="other" text={each.other} />,
              each.change ?? '',
            ],
            narrow: (
              <span className="grow">
                <TwoLines
                  first={
                    <>
                      <b className="strong">{each.asset}</b> {metadataLabel(each.name)}
                    </>
                  }
                  second={
                    <>
                      <Value text={each.mine} />, earlier <Value text={each.other} />
                      {each.change && ` (${each.change})`}
                    </>
                  }
                />
              </span>
            ),
          }))}
        />
      ) : (
        <LoadingRows rows={3} />
      )}
    </Section>
  );
}

function Value({ text }: { readonly text: string | undefined }) {
  if (text === undefined) return <span className="t3">none</span>;
  return (
    <span className={styles.value} title={text}>
      {text}
    </span>
  );
}

function Tags({ run, other }: { readonly run: RunDetail; readonly other: RunDetail }) {
  const differences = compareTags(run.tags, other.tags);
  return (
    <Section title="Tags">
      <SimpleTable
        label="Tags"
        columns={[{ header: 'Key', width: '280px' }, { header: 'This run' }, { header: 'Earlier run' }]}
        empty="Both have the same tags."
        rows={differences.map((each) => ({
          id: each.name,
          cells: [
            <span key="key" className="mono">
              {each.name}
            </span>,
            <Value key="mine" text={each.mine} />,
            <Value key="other" text={each.other} />,
          ],
          narrow: (
            <span className="grow">
              <TwoLines
                first={<span className="mono">{each.name}</span>}
                second={
                  <>
                    <Value text={each.mine} />, earlier <Value text={each.other} />
                  </>
                }
              />
            </span>
          ),
        }))}
      />
    </Section>
  );
}
