import type { UseQueryResult } from '@tanstack/react-query';
import { useMemo } from 'react';
import { formatDuration } from '../../components/format/duration';
import { plural } from '../../components/format/number';
import { ErrorState, QueryPanel } from '../../components/panel-states';
import { useNow } from '../../components/use-now';
import type { useUrlState } from '../../components/use-url-state';
import { EventLog } from './event-log';
import { Gantt } from './gantt';
import { layoutGantt, selectSteps } from './gantt-layout';
import { findCause, type LogLevelFilter, type toLogLine } from './log-filter';
import styles from './run-page.module.css';
import type { RunDetail, RunPlan } from './run-types';
import { download, StepOutput, stepCaptures } from './step-output';
import type { StepTitles } from './step-titles';
import type { useRunEvents } from './use-run-events';

export function Timeline({
  run,
  finished,
  log,
  lines,
  titles,
  plan,
  search,
  patch,
}: {
  readonly run: RunDetail;
  readonly finished: boolean;
  readonly log: ReturnType<typeof useRunEvents>;
  readonly lines: ReturnType<typeof toLogLine>[];
  readonly titles: StepTitles;
  readonly plan: UseQueryResult<RunPlan, Error>;
  readonly search: Readonly<Record<string, string | undefined>>;
  readonly patch: ReturnType<typeof useUrlState>[1];
}) {
  const tick = useNow();
  const now = finished ? 0 : tick;
  const order = search.order === 'plan' ? 'plan' : 'time';
  const selection = search.steps ?? '';
  const steps = useMemo(() => plan.data?.executionPlan?.steps ?? [], [plan.data]);
  const chosen = useMemo(() => selectSteps(selection, steps), [selection, steps]);
  const layout = useMemo(() => {
    const all = layoutGantt({
      steps,
      stats: run.stepStats,
      createdAt: run.creationTime * 1_000,
      startedAt: run.startTime === null ? null : run.startTime * 1_000,
      endedAt: run.endTime === null ? null : run.endTime * 1_000,
      now,
      order,
    });
    const rows = all.rows
      .filter((row) => !chosen || row.stepKey === undefined || chosen.has(row.stepKey))
      .map((row) => ({ ...row, label: titles.get(row.stepKey ?? '') ?? row.label }));
    return { ...all, rows };
  }, [steps, run.stepStats, run.creationTime, run.startTime, run.endTime, now, order, chosen, titles]);

  const selected = search.step;
  const zoomParts = search.zoom?.split('-').map(Number);
  const zoom =
    zoomParts?.length === 2 && zoomParts.every(Number.isFinite)
      ? ([zoomParts[0] ?? 0, zoomParts[1] ?? 1] as const)
      : undefined;
  const logSteps = useMemo(
    () => (selected ? new Set([selected]) : selection ? chosen : undefined),
    [selected, selection, chosen],
  );
  const outputStep =
    selected ??
    findCause(lines)?.stepKey ??
    lines.findLast((line) => line.event.__typename === 'LogsCapturedEvent')?.stepKey ??
    undefined;
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
        selection={selection}
        onSelection={(next) => patch({ steps: next || undefined })}
        zoom={zoom}
        onZoom={(next) => patch({ zoom: next ? next.map((part) => part.toFixed(4)).join('-') : undefined })}
        asTable={search.view === 'table'}
        onAsTable={(on) => patch({ view: on ? 'table' : undefined })}
      />
      <div className={styles.logs}>
        <QueryPanel query={log} title="Events could not be loaded">
          {() => (
            <EventLog
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
