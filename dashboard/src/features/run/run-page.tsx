import { useMutation } from '@tanstack/react-query';
import { Link, useParams } from '@tanstack/react-router';
import { useEffect, useMemo, useState } from 'react';
import { Button } from '../../components/button';
import { CodeBlock } from '../../components/code-block';
import { CopyId } from '../../components/copy-text';
import { Dialog } from '../../components/dialog';
import { isAdHocJob, keyText, keyToUrl } from '../../components/format/asset-key';
import { formatDuration } from '../../components/format/duration';
import { plural } from '../../components/format/number';
import { isTyping } from '../../components/is-typing';
import { PageHeader, Scroll } from '../../components/page';
import { PageTitle } from '../../components/page-title';
import { LoadingRows, Note, QueryPanel } from '../../components/panel-states';
import { runTrigger } from '../../components/run-tags';
import { runTargetText } from '../../components/run-target';
import { SimpleTable } from '../../components/simple-table';
import { finishedRunStatuses, runStatus } from '../../components/status';
import { StatusIcon } from '../../components/status-icon';
import { StatusBadge } from '../../components/status-text';
import { Tabs } from '../../components/tabs';
import { Duration, Time } from '../../components/time';
import { showToast } from '../../components/toast';
import { useNow } from '../../components/use-now';
import { useUrlState } from '../../components/use-url-state';
import { expectType } from '../../graphql/api-error';
import type { ReexecutionStrategy } from '../../graphql/generated';
import { request } from '../../graphql/request';
import { terminateRunsDocument } from '../../graphql/terminate.graphql';
import { pollInterval, useLiveQuery } from '../../graphql/use-live-query';
import { EventLog } from './event-log';
import { Gantt } from './gantt';
import { layoutGantt, selectSteps } from './gantt-layout';
import { errorText, findCause, type LogLevelFilter, toLogLine } from './log-filter';
import { Reexecute } from './reexecute';
import { runPlanDocument, runStatusDocument } from './run.graphql';
import styles from './run-page.module.css';
import type { RunDetail } from './run-types';
import { download, StepOutput, stepCaptures } from './step-output';
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
  const lines = useMemo(() => (log.data?.events ?? []).map(toLogLine), [log.data]);
  const cause =
    run.status === 'FAILURE' || lines.some((line) => line.type === 'STEP_FAILURE')
      ? findCause(lines)
      : undefined;
  const tab = search.tab;
  const tabs = [
    { text: 'Timeline and logs', tab: undefined },
    { text: 'Config', tab: 'config' },
    { text: 'Tags', tab: 'tags', count: run.tags.length },
    ...(run.assetSelectionCount > 0
      ? [{ text: 'Assets', tab: 'assets', count: run.assetSelectionCount }]
      : []),
  ];
  return (
    <>
      <RunHeader run={run} finished={finished} />
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
          {cause.stepKey && <b>{cause.stepKey}</b>}
          <span className="ellipsis">{errorText(cause)}</span>
          <span className={styles.show}>Show event</span>
        </Link>
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
          {plan.data ? (
            <CodeBlock label="run configuration" text={plan.data.runConfigYaml.trim() || '{}'} />
          ) : (
            <LoadingRows />
          )}
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
      ) : tab === 'assets' ? (
        <Scroll>
          <RunAssets run={run} />
        </Scroll>
      ) : (
        <Timeline
          run={run}
          finished={finished}
          log={log}
          lines={lines}
          plan={plan.data}
          search={search}
          patch={patch}
        />
      )}
    </>
  );
}

function RunAssets({ run }: { readonly run: RunDetail }) {
  return (
    <SimpleTable
      label="Assets"
      columns={[{ header: 'Asset' }]}
      rows={(run.assetSelection ?? []).map((key) => ({
        id: keyText(key),
        cells: [
          <Link key="key" to="/assets/$" params={{ _splat: keyToUrl(key) }} className="link">
            {keyText(key)}
          </Link>,
        ],
      }))}
    />
  );
}

function RunHeader({ run, finished }: { readonly run: RunDetail; readonly finished: boolean }) {
  const [asking, setAsking] = useState<ReexecutionStrategy>();
  const [canceling, setCanceling] = useState(false);
  const target = runTargetText(run);
  const trigger = runTrigger(run.tags);
  const failed = run.status === 'FAILURE' || run.status === 'CANCELED';
  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      if (event.key !== 'r' || isTyping(event) || !finished) return;
      setAsking(failed ? 'FROM_FAILURE' : 'ALL_STEPS');
    };
    document.addEventListener('keydown', onKey);
    return () => document.removeEventListener('keydown', onKey);
  }, [finished, failed]);
  const counts = stepCounts(run);
  const started = run.startTime === null ? null : run.startTime * 1_000;
  const ended = run.endTime === null ? null : run.endTime * 1_000;
  return (
    <>
      <PageHeader
        actions={
          <>
            {!finished && (
              <Button
                icon="close"
                disabled={!run.canTerminate || run.status === 'CANCELING'}
                title={run.hasTerminatePermission ? undefined : 'Your role may not cancel runs here'}
                onClick={() => setCanceling(true)}
              >
                Cancel…
              </Button>
            )}
            <Reexecute run={run} finished={finished} asking={asking} onAsk={setAsking} />
          </>
        }
      >
        <StatusBadge status={runStatus(run.status)} />
        <h2 className={styles.name}>
          {isAdHocJob(run.jobName) || !run.repositoryOrigin ? (
            target.name
          ) : (
            <Link
              to="/jobs/$location/$name"
              params={{ location: run.repositoryOrigin.repositoryLocationName, name: run.jobName }}
            >
              {target.name}
            </Link>
          )}
          {target.detail && <span className="t3"> {target.detail}</span>}
        </h2>
        <CopyId id={run.runId} />
      </PageHeader>
      <ul className={styles.facts} aria-label="Facts">
        <li>
          <span>{started === null ? 'Created' : 'Started'}</span>
          <b className="strong">
            <Time at={started ?? run.creationTime * 1_000} seconds focusable />
          </b>
          <span className="t3">
            <Time at={started ?? run.creationTime * 1_000} relative />
          </span>
        </li>
        <li>
          <span>{finished ? 'Took' : started === null ? 'Waiting for' : 'Running for'}</span>
          <b className="strong">
            <Duration from={started ?? run.creationTime * 1_000} to={ended} />
          </b>
        </li>
        {counts.length > 0 && (
          <li>
            <span>Steps</span>
            {counts.map((count) => (
              <span key={count.kind} className={styles.stepCount}>
                <StatusIcon kind={count.kind} label={count.word} />
                <b className="strong">{count.count}</b>
              </span>
            ))}
          </li>
        )}
        <li>
          <span>Started by</span>
          {trigger.kind === 'schedule' || trigger.kind === 'sensor' ? (
            <Link
              to={trigger.kind === 'schedule' ? '/schedules' : '/sensors'}
              search={{ open: `${run.repositoryOrigin?.repositoryLocationName ?? ''}:${trigger.text}` }}
              className={styles.link}
            >
              {trigger.text}
            </Link>
          ) : (
            trigger.text
          )}
        </li>
        {run.parentRunId && (
          <li>
            <span>Re-executes</span>
            <Link to="/runs/$runId" params={{ runId: run.parentRunId }} className={styles.link}>
              {run.parentRunId.slice(0, 8)}
            </Link>
          </li>
        )}
        {run.repositoryOrigin && (
          <li>
            <span>Location</span>
            {run.repositoryOrigin.repositoryLocationName}
          </li>
        )}
      </ul>
      {canceling && <CancelDialog run={run} onClose={() => setCanceling(false)} />}
    </>
  );
}

function stepCounts(run: RunDetail) {
  const words = {
    SUCCESS: ['success', 'done'],
    IN_PROGRESS: ['running', 'running'],
    FAILURE: ['failure', 'failed'],
    SKIPPED: ['skipped', 'skipped'],
  } as const;
  return (Object.keys(words) as (keyof typeof words)[]).flatMap((status) => {
    const count = run.stepStats.filter((step) => step.status === status).length;
    const [kind, word] = words[status];
    return count > 0 ? [{ kind, word: `${count} ${word}`, count }] : [];
  });
}

function CancelDialog({ run, onClose }: { readonly run: RunDetail; readonly onClose: () => void }) {
  const cancel = useMutation({
    mutationFn: async () => {
      const answer = await request(terminateRunsDocument, { runIds: [run.runId] });
      const [result] = expectType(answer.terminateRuns, 'TerminateRunsResult').terminateRunResults;
      if (result) expectType(result, 'TerminateRunSuccess');
    },
    onSuccess: () => {
      showToast({ kind: 'canceling', title: `Canceling run ${run.runId.slice(0, 8)}` });
      onClose();
    },
  });
  return (
    <Dialog
      title="Cancel this run?"
      onClose={onClose}
      footer={
        <>
          <Button autoFocus onClick={onClose}>
            Keep it
          </Button>
          <Button look="danger-solid" busy={cancel.isPending} onClick={() => cancel.mutate()}>
            Cancel 1 run
          </Button>
        </>
      }
    >
      <p>
        {run.status === 'QUEUED'
          ? 'It will not start.'
          : 'Running steps stop at the next safe point; steps that finished keep their results.'}
      </p>
      {cancel.error && <Note kind="failure">{cancel.error.message} The run was not canceled.</Note>}
    </Dialog>
  );
}

function Timeline({
  run,
  finished,
  log,
  lines,
  plan,
  search,
  patch,
}: {
  readonly run: RunDetail;
  readonly finished: boolean;
  readonly log: ReturnType<typeof useRunEvents>;
  readonly lines: ReturnType<typeof toLogLine>[];
  readonly plan: { readonly executionPlan: { readonly steps: readonly PlanStepLike[] } | null } | undefined;
  readonly search: Readonly<Record<string, string | undefined>>;
  readonly patch: ReturnType<typeof useUrlState>[1];
}) {
  const tick = useNow();
  const now = finished ? 0 : tick;
  const order = search.order === 'plan' ? 'plan' : 'time';
  const selection = search.steps ?? '';
  const steps = useMemo(() => plan?.executionPlan?.steps ?? [], [plan]);
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
    if (!chosen) return all;
    return { ...all, rows: all.rows.filter((row) => row.stepKey === undefined || chosen.has(row.stepKey)) };
  }, [steps, run.stepStats, run.creationTime, run.startTime, run.endTime, now, order, chosen]);

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
    selected ?? lines.findLast((line) => line.event.__typename === 'LogsCapturedEvent')?.stepKey ?? undefined;
  const captures = useMemo(
    () => (outputStep ? stepCaptures(log.data?.events ?? [], outputStep) : []),
    [log.data, outputStep],
  );
  const level = (['info', 'warn', 'error'] as const).find((each) => each === search.level) ?? 'all';
  const event = search.event === undefined ? undefined : Number(search.event);
  return (
    <div className={styles.timeline}>
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
              stepsLabel={selected ?? (chosen ? plural(chosen.size, 'step') : undefined)}
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
            stepKey={outputStep}
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

type PlanStepLike = Parameters<typeof selectSteps>[1][number];
