import type { UseQueryResult } from '@tanstack/react-query';
import { useMemo } from 'react';
import { formatDuration } from '../../components/format/duration';
import { plural } from '../../components/format/number';
import { ErrorState, QueryPanel } from '../../components/panel-states';
import { useNow } from '../../components/use-now';
import type { useUrlState } from '../../components/use-url-state';
import { download } from './download';
import { EventLog } from './event-log';
import { Gantt } from './gantt';
import { layoutGantt } from './gantt-layout';
import { findCause, type LogLevelFilter, type LogLine } from './log-filter';
import { resourceBars } from './resource-bars';
import styles from './run-page.module.css';
import type { RunDetail, RunPlan } from './run-types';
import type { StepSelection } from './select-steps';
import { StepOutput, stepCaptures } from './step-output';
import type { StepTitles } from './step-titles';
import type { useRunEvents } from './use-run-events';

export interface TimelineProps {
  readonly run: RunDetail;
  readonly finished: boolean;
  readonly log: ReturnType<typeof useRunEvents>;
  readonly lines: readonly LogLine[];
  readonly titles: StepTitles;
  readonly plan: UseQueryResult<RunPlan, Error>;
  /** Steps that the address names. */
  readonly selection: StepSelection | undefined;
  readonly search: Readonly<Record<string, string | undefined>>;
  readonly patch: ReturnType<typeof useUrlState>[1];
}

/** Steps over time, what was said of them, and what they wrote. */
export function Timeline({
  run,
  finished,
  log,
  lines,
  titles,
  plan,
  selection,
  search,
  patch,
}: TimelineProps) {
  const tick = useNow();
  const now = finished ? 0 : tick;
  const order = (['plan', 'flat'] as const).find((each) => each === search.order) ?? 'time';
  const steps = useMemo(() => plan.data?.executionPlan?.steps ?? [], [plan.data]);
  const chosen = selection?.keys;
  const showsOthers = search.others === 'shown';
  const resources = useMemo(() => resourceBars(log.data?.events ?? []), [log.data]);
  const layout = useMemo(() => {
    const all = layoutGantt({
      steps,
      stats: run.stepStats,
      createdAt: run.creationTime * 1_000,
      startedAt: run.startTime === null ? null : run.startTime * 1_000,
      endedAt: run.endTime === null ? null : run.endTime * 1_000,
      now,
      order,
      resources,
    });
    const isShown = (key: string | undefined) =>
      !chosen || showsOthers || key === undefined || chosen.has(key);
    const rows = all.rows
      .filter((row) => isShown(row.stepKey))
      .map((row) => ({ ...row, label: titles.get(row.stepKey ?? '') ?? row.label }));
    return { ...all, rows };
  }, [
    steps,
    run.stepStats,
    run.creationTime,
    run.startTime,
    run.endTime,
    now,
    order,
    resources,
    chosen,
    showsOthers,
    titles,
  ]);

  const selected = search.step;
  const zoomParts = search.zoom?.split('-').map(Number);
  const zoom =
    zoomParts?.length === 2 && zoomParts.every(Number.isFinite)
      ? ([zoomParts[0] ?? 0, zoomParts[1] ?? 1] as const)
      : undefined;
  const logSteps = useMemo(() => (selected ? new Set([selected]) : chosen), [selected, chosen]);
  const outputStep = useMemo(() => {
    if (selected !== undefined) return selected;
    const told = chosen ? lines.filter(({ stepKey }) => stepKey !== null && chosen.has(stepKey)) : lines;
    const last = told.findLast((line) => line.event.__typename === 'LogsCapturedEvent');
    return findCause(told)?.stepKey ?? last?.stepKey ?? undefined;
  }, [selected, chosen, lines]);
  const captures = useMemo(
    () => (outputStep ? stepCaptures(log.data?.events ?? [], outputStep) : []),
    [log.data, outputStep],
  );
  const level = (['info', 'warn', 'error'] as const).find((each) => each === search.level) ?? 'all';
  const event = search.event === undefined ? undefined : Number(search.event);
  return (
    <div className={styles.timeline}>
      {plan.error && !plan.data && (
        <ErrorState
          title="The plan could not be loaded"
          error={plan.error}
          onRetry={() => void plan.refetch()}
          retrying={plan.isFetching}
        />
      )}
      <Gantt
        layout={layout}
        live={!finished && run.status !== 'QUEUED'}
        selected={selected}
        onSelect={(step) => patch({ step })}
        order={order}
        onOrder={(next) => patch({ order: next === 'time' ? undefined : next })}
        selection={search.steps ?? ''}
        onSelection={(next) => patch({ steps: next || undefined })}
        selectionProblem={
          selection && selection.unknown.length > 0 ? `no step “${selection.unknown[0]}”` : undefined
        }
        chosen={showsOthers ? chosen : undefined}
        showsOthers={showsOthers}
        onShowsOthers={(shows) => patch({ others: shows ? 'shown' : undefined })}
        zoom={zoom}
        onZoom={(next) => patch({ zoom: next ? next.map((part) => part.toFixed(4)).join('-') : undefined })}
        asTable={search.view === 'table'}
        onAsTable={(on) => patch({ view: on ? 'table' : undefined })}
      />
      <div className={styles.logs}>
        <QueryPanel query={log} title="Events could not be loaded">
          {() => (
            <EventLog
              runId={run.runId}
              lines={lines}
              live={!finished}
              steps={logSteps}
              titles={titles}
              stepsLabel={
                selected
                  ? (titles.get(selected) ?? selected)
                  : chosen
                    ? plural(chosen.size, 'step')
                    : undefined
              }
              onClearSteps={() => patch({ step: undefined, steps: undefined })}
              level={level}
              onLevel={(next: LogLevelFilter) => patch({ level: next === 'all' ? undefined : next })}
              type={search.type}
              onType={(type) => patch({ type })}
              isReading={log.data?.hasMore === true}
              search={search.find ?? ''}
              onSearch={(find) => patch({ find: find || undefined })}
              selected={event}
              onSelect={(index) => patch({ event: index === undefined ? undefined : String(index) })}
              onDownload={() =>
                download(
                  `${run.runId.slice(0, 8)}-events.ndjson`,
                  lines.map((line) => JSON.stringify(line.event)).join('\n'),
                )
              }
            />
          )}
        </QueryPanel>
        {outputStep && (
          <StepOutput
            key={outputStep}
            runId={run.runId}
            title={titles.get(outputStep) ?? outputStep}
            captures={captures}
            live={!finished}
          />
        )}
      </div>
      {layout.rows.length === 1 && finished && run.startTime === null && (
        <p className="hidden-visually">
          The run never started; it waited {formatDuration(layout.to - layout.from)}.
        </p>
      )}
    </div>
  );
}
