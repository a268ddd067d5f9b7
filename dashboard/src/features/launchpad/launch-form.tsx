import { useNavigate } from '@tanstack/react-router';
import { useEffect, useMemo, useState } from 'react';
import { Button } from '../../components/button';
import { Note } from '../../components/panel-states';
import { showToast } from '../../components/toast';
import { undone } from '../../graphql/undone';
import { findMarks, readConfig } from './config-document';
import { ConfigPanes } from './config-panes';
import { type ConfigProblem, findProblems } from './config-problems';
import { LaunchBar } from './launch-bar';
import { LaunchFields } from './launch-fields';
import { selectJobAssets, selectJobOps } from './launch-selection';
import type { Draft } from './launch-sessions';
import type { LaunchTarget } from './launch-target';
import styles from './launchpad.module.css';
import { parseTags } from './parse-tags';
import { choosePartitions, splitDimensions } from './partition-choice';
import { useConfigCheck } from './use-config-check';
import { type Launched, useLaunch } from './use-launch';
import type { LaunchOptions } from './use-launch-options';
import { useLimits } from './use-limits';
import { usePartitionConfig } from './use-partition-config';

/** A launch that is prepared; says what will run, where, and how long it would wait. */
export function LaunchForm({
  target,
  options,
  draft,
  hasOwnConfig,
  onChange,
  onStartFrom,
  onErrors,
}: {
  readonly target: LaunchTarget;
  readonly options: LaunchOptions;
  readonly draft: Draft;
  /** Nobody has changed the configuration: it is the job's own. */
  readonly hasOwnConfig: boolean;
  readonly onChange: (change: Partial<Draft>) => void;
  readonly onStartFrom: (runId: string) => void;
  readonly onErrors: (hasErrors: boolean) => void;
}) {
  const { schema, partitions: keys } = options;
  const navigate = useNavigate();
  const [reveal, setReveal] = useState<{ readonly from: number; readonly to: number }>();
  const dimensions = useMemo(() => (keys[0]?.includes('|') ? splitDimensions(keys) : undefined), [keys]);
  const choice = useMemo(
    () =>
      keys.length === 0 ? undefined : choosePartitions(draft.partitions, draft.second, keys, dimensions),
    [keys, dimensions, draft.partitions, draft.second],
  );
  const { tags, problem: tagProblem } = useMemo(() => parseTags(draft.tags), [draft.tags]);
  const selection = useMemo(
    () =>
      target.isAssetJob
        ? selectJobAssets(draft.selection, target.assets)
        : selectJobOps(draft.selection, target.ops),
    [target, draft.selection],
  );
  const chosen = choice?.both.keys ?? [];
  const ownConfig = usePartitionConfig(target, options, chosen);
  const text = hasOwnConfig ? ownConfig.yaml : draft.config;
  const config = useMemo(() => readConfig(text), [text]);
  const own = useMemo(() => (config.problem ? [] : findProblems(schema, config.value)), [schema, config]);
  const check = useConfigCheck(target, config.value, own.length === 0 && !config.problem);
  const problems: readonly ConfigProblem[] = own.length > 0 ? own : check.problems;
  const marks = useMemo(() => findMarks(text, problems), [text, problems]);

  const { mutate, isPending, error } = useLaunch((launched) => {
    showToast({ kind: 'success', title: launchedText(launched), detail: target.jobName });
    if ('runId' in launched) void navigate({ to: '/runs/$runId', params: launched });
    else void navigate({ to: '/backfills/$backfillId', params: launched });
  });
  const others = [config.problem, tagProblem, choice?.both.problem, selection.problem].filter(
    (each) => each !== undefined,
  );
  const errors = others.length + problems.length;
  const hasErrors = errors > 0;
  useEffect(() => onErrors(hasErrors), [hasErrors, onErrors]);
  const start = () =>
    mutate({
      ...target,
      // What each partition has of its own, or has not shown yet, the job knows best.
      config: hasOwnConfig && (chosen.length > 1 || !ownConfig.isKnown) ? null : (config.value ?? {}),
      tags,
      partitions: chosen,
      assets: target.isAssetJob ? selection.keys : null,
      ops: target.isAssetJob ? null : selection.keys,
    });
  const blocked =
    target.forbidden ?? others[0] ?? (problems.length > 0 ? 'The configuration has errors' : undefined);
  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      if (event.key === 'Enter' && (event.metaKey || event.ctrlKey) && !blocked && !isPending) start();
    };
    document.addEventListener('keydown', onKey);
    return () => document.removeEventListener('keydown', onKey);
  });
  const limits = useLimits();
  const selectedOps = target.isAssetJob
    ? target.ops.filter(({ key }) => selection.keys?.includes(target.titles.get(key) ?? key) ?? true)
    : target.ops;
  const pools = [...new Set(selectedOps.flatMap(({ key }) => options.pools.get(key) ?? []))];

  const rewrite = (rewritten: string, what: string) => {
    const before = text;
    onChange({ config: rewritten });
    const undo = { text: 'Undo', run: () => onChange({ config: before }) };
    showToast({ kind: 'success', title: what, action: undo });
  };
  return (
    <div className={styles.launch}>
      <LaunchFields
        target={target}
        draft={draft}
        partitions={choice && { ...choice, names: options.dimensions, keys, dimensions }}
        selection={selection}
        tagProblem={tagProblem}
        ownTags={options.runTags}
        onChange={onChange}
        onStartFrom={onStartFrom}
      />
      {check.failure && (
        <Note kind="warn" className={styles.launchError}>
          <span className="row">
            <span>
              <b>Only the schema was checked.</b> {check.failure.message} The launch asks the job’s code
              again.
            </span>
            <Button small icon="retry" busy={check.isChecking} onClick={check.retry}>
              Check again
            </Button>
          </span>
        </Note>
      )}
      {ownConfig.error && (
        <Note kind="failure" className={styles.launchError}>
          <b>The configuration of partition {chosen[0]} could not be made.</b> {ownConfig.error.message}
        </Note>
      )}
      {hasOwnConfig && ownConfig.isOfPartition && chosen.length > 1 && (
        <Note kind="queued" className={styles.launchError}>
          <b>Each partition has a configuration of its own.</b> This is that of {chosen[0]}; change it to give
          all of them the same.
        </Note>
      )}
      <ConfigPanes
        name={target.jobName}
        text={text}
        original={ownConfig.yaml}
        config={config}
        schema={schema}
        problems={problems}
        marks={marks}
        reveal={reveal}
        onChange={(changed) => onChange({ config: changed })}
        onRewrite={rewrite}
      />
      {error && (
        <Note kind="failure" className={styles.launchError}>
          <b>{undone(error, 'launched')}.</b> <span className={styles.preLine}>{error.message}</span>
        </Note>
      )}
      <LaunchBar
        target={target}
        partitions={choice ? chosen : undefined}
        selected={selection.count}
        selection={draft.selection.trim()}
        tags={tags}
        pools={pools}
        limits={limits}
        errors={errors}
        first={others[0]}
        blocked={blocked}
        pending={isPending}
        onFirst={marks[0] && (() => setReveal(marks[0] && { ...marks[0] }))}
        onLaunch={start}
      />
    </div>
  );
}

function launchedText(launched: Launched): string {
  return 'runId' in launched
    ? `Launched run ${launched.runId.slice(0, 8)}`
    : `Launched backfill ${launched.backfillId}`;
}
