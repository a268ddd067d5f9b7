import { useNavigate } from '@tanstack/react-router';
import { lazy, Suspense, useCallback, useEffect, useMemo, useState } from 'react';
import { Button } from '../../components/button';
import { plural } from '../../components/format/number';
import { PanelBoundary } from '../../components/panel-boundary';
import { LoadingRows, Note, QueryPanel } from '../../components/panel-states';
import { ownTags, runTag, tagValue } from '../../components/run-tags';
import { ScrollRegion } from '../../components/scroll-region';
import { TextInput } from '../../components/text-input';
import { showToast } from '../../components/toast';
import { useUrlState } from '../../components/use-url-state';
import { expectType } from '../../graphql/api-error';
import { pollInterval, useLiveQuery } from '../../graphql/use-live-query';
import {
  applySuggestion,
  fillDefaults,
  findMarks,
  formatConfig,
  readConfig,
  setConfig,
} from './config-document';
import { ConfigForm } from './config-form';
import { type ConfigProblem, findProblems } from './config-problems';
import { configGroups, isObject, type JsonSchema } from './config-schema';
import { LaunchBar } from './launch-bar';
import { selectJobAssets, selectJobOps } from './launch-selection';
import { type LaunchTarget, selectorOf } from './launch-target';
import { launchpadDocument } from './launchpad.graphql';
import styles from './launchpad.module.css';
import { parseTags } from './parse-tags';
import { crossPartitions, readPartitions, splitDimensions } from './partition-choice';
import { PartitionPicker } from './partition-picker';
import { type ReusedRun, StartFrom } from './start-from';
import { useDraft } from './use-draft';
import { useLaunch } from './use-launch';
import { useLimits } from './use-limits';
import { useRefused } from './use-refused';
import { completeYaml } from './yaml-completion';

const YamlEditor = lazy(() => import('./yaml-editor'));

interface LaunchOptions {
  readonly schema: JsonSchema;
  readonly yaml: string;
  /** Oldest first. */
  readonly partitions: readonly string[];
  readonly pools: ReadonlyMap<string, readonly string[]>;
}

/** Everything that a run can be launched with; says what will run, where, and how long it would wait. */
export default function Launchpad({ target }: { readonly target: LaunchTarget }) {
  const selector = selectorOf(target);
  const query = useLiveQuery(
    launchpadDocument,
    { selector },
    {
      interval: pollInterval.still,
      select: (answer): LaunchOptions => {
        const { jsonSchema, rootDefaultYaml } = expectType(answer.runConfigSchemaOrError, 'RunConfigSchema');
        const job = expectType(answer.pipelineOrError, 'Pipeline');
        return {
          schema: isObject(jsonSchema) ? jsonSchema : {},
          yaml: rootDefaultYaml || '{}\n',
          partitions: job.partitionKeysOrError.partitionKeys.toReversed(),
          pools: new Map(
            job.solids.map((op) => [
              op.name,
              op.definition.__typename === 'SolidDefinition' ? op.definition.pools : [],
            ]),
          ),
        };
      },
    },
  );
  return (
    <QueryPanel query={query} title="The launchpad could not be loaded" rows={12}>
      {(options) => <LaunchForm target={target} options={options} />}
    </QueryPanel>
  );
}

function LaunchForm({ target, options }: { readonly target: LaunchTarget; readonly options: LaunchOptions }) {
  const { schema, partitions: keys } = options;
  const navigate = useNavigate();
  const [search, patchSearch] = useUrlState();
  const [draft, patch, forget] = useDraft(`${target.locationName}/${target.jobName}`, {
    config: options.yaml,
    tags: '',
    partitions: 'latest',
    second: 'latest',
    selection: '',
  });
  const asked = search.partitions;
  const partitionText = asked ?? draft.partitions;
  const [reveal, setReveal] = useState<{ readonly from: number; readonly to: number }>();

  const dimensions = useMemo(() => (keys[0]?.includes('|') ? splitDimensions(keys) : undefined), [keys]);
  const choice = useMemo(() => {
    if (keys.length === 0) return undefined;
    // Whole keys, such as the map's, stand in one field.
    if (!dimensions || partitionText.includes('|')) {
      const whole = readPartitions(partitionText, keys);
      return { first: whole, second: undefined, both: whole };
    }
    const first = readPartitions(partitionText, dimensions[0]);
    const second = readPartitions(draft.second, dimensions[1]);
    return { first, second, both: crossPartitions(first, second, keys) };
  }, [keys, dimensions, partitionText, draft.second]);

  const { tags, problem: tagProblem } = parseTags(draft.tags);
  const selection = useMemo(
    () =>
      target.isAssetJob
        ? selectJobAssets(draft.selection, target.assets)
        : selectJobOps(draft.selection, target.ops),
    [target, draft.selection],
  );
  const config = useMemo(() => readConfig(draft.config), [draft.config]);
  const groups = useMemo(() => configGroups(schema), [schema]);
  const own = useMemo(() => (config.problem ? [] : findProblems(schema, config.value)), [schema, config]);
  const refused = useRefused(target, config.value, own.length === 0 && !config.problem);
  const problems: readonly ConfigProblem[] = own.length > 0 ? own : refused;

  const marks = useMemo(() => findMarks(draft.config, problems), [draft.config, problems]);
  const complete = useCallback(
    (text: string, offset: number) => completeYaml(text, offset, schema),
    [schema],
  );

  const { mutate, isPending, error } = useLaunch((launched) => {
    forget();
    if ('runId' in launched) {
      const { runId } = launched;
      showToast({ kind: 'success', title: `Launched run ${runId.slice(0, 8)}`, detail: target.jobName });
      void navigate({ to: '/runs/$runId', params: { runId } });
    } else {
      showToast({
        kind: 'success',
        title: `Launched backfill ${launched.backfillId}`,
        detail: target.jobName,
      });
      void navigate({ to: '/backfills/$backfillId', params: { backfillId: launched.backfillId } });
    }
  });
  const chosen = choice?.both.keys ?? [];
  const others = [config.problem, tagProblem, choice?.both.problem, selection.problem].filter(
    (each) => each !== undefined,
  );
  const start = () =>
    mutate({
      ...target,
      config: config.value ?? {},
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
    ? target.ops.filter((op) => selection.keys?.includes(target.titles.get(op.name) ?? op.name) ?? true)
    : target.ops;
  const pools = [...new Set(selectedOps.flatMap((op) => options.pools.get(op.name) ?? []))];

  const reuse = (run: ReusedRun) =>
    patch({
      config: run.runConfigYaml || '{}\n',
      tags: ownTags(run.tags)
        .map((tag) => `${tag.key}=${tag.value}`)
        .join(', '),
      partitions: tagValue(run.tags, runTag.partition) ?? draft.partitions,
      selection: (target.isAssetJob
        ? (run.assetSelection ?? []).map((key) => key.path.join('/'))
        : (run.solidSelection ?? [])
      ).join(' '),
    });

  return (
    <div className={styles.launch}>
      <div className={styles.fields}>
        {choice && (
          <PartitionPicker
            label={choice.second ? 'Partitions, first dimension' : 'Partition'}
            text={partitionText}
            keys={choice.second && dimensions ? dimensions[0] : keys}
            count={choice.first.keys.length}
            problem={choice.first.problem}
            onChange={(partitions) => {
              if (asked !== undefined) patchSearch({ partitions: undefined });
              patch({ partitions });
            }}
          />
        )}
        {choice?.second && dimensions && (
          <PartitionPicker
            label="Partitions, second dimension"
            text={draft.second}
            keys={dimensions[1]}
            count={choice.second.keys.length}
            problem={choice.second.problem}
            onChange={(second) => patch({ second })}
          />
        )}
        <StartFrom target={target} onReuse={reuse} onReset={() => patch({ config: options.yaml })} />
        <div className={styles.field}>
          <span className={styles.label}>{target.isAssetJob ? 'Assets' : 'Ops'}</span>
          <TextInput
            label={target.isAssetJob ? 'Assets' : 'Ops'}
            mono
            placeholder="all, or +key, key+"
            value={draft.selection}
            invalid={selection.problem !== undefined}
            onChange={(event) => patch({ selection: event.target.value })}
            after={
              <span className="t3 tiny nowrap">
                {selection.count} of {target.isAssetJob ? target.assets.length : target.ops.length}
              </span>
            }
          />
          {selection.problem && <span className={styles.error}>{selection.problem}</span>}
        </div>
        <div className={styles.field}>
          <span className={styles.label}>Tags</span>
          <TextInput
            label="Tags"
            mono
            placeholder="priority=5, reason=replay"
            value={draft.tags}
            invalid={tagProblem !== undefined}
            onChange={(event) => patch({ tags: event.target.value })}
          />
          {tagProblem && <span className={styles.error}>{tagProblem}</span>}
        </div>
      </div>
      <div className={styles.panes}>
        <section className={styles.pane} aria-label="Form">
          <div className={styles.bar}>
            <h2>Configuration</h2>
            <span className="t3 small wide-only">from the schema</span>
            <span className="push" />
            <Button
              look="ghost"
              small
              disabled={config.problem !== undefined}
              onClick={() => patch({ config: fillDefaults(draft.config, schema) })}
            >
              Fill defaults
            </Button>
            <Button
              look="ghost"
              small
              onClick={() => patch({ config: options.yaml })}
              disabled={draft.config === options.yaml}
            >
              Reset
            </Button>
          </div>
          <ScrollRegion label="Configuration form" className={styles.scroll}>
            {config.problem ? (
              <Note kind="failure" className={styles.launchError}>
                The YAML cannot be read: {config.problem}. The form comes back when it can.
              </Note>
            ) : (
              <ConfigForm
                groups={groups}
                value={config.value}
                problems={problems}
                onChange={(path, value) => patch({ config: setConfig(draft.config, path, value) })}
                onSuggestion={(problem) => patch({ config: applySuggestion(draft.config, problem) })}
              />
            )}
          </ScrollRegion>
        </section>
        <section className={styles.pane} aria-label="YAML">
          <div className={styles.bar}>
            <h2>YAML</h2>
            <span className="t3 small wide-only">
              {plural(draft.config.trimEnd().split('\n').length, 'line')} · the same configuration
            </span>
            <span className="push" />
            <Button
              look="ghost"
              small
              disabled={config.problem !== undefined}
              onClick={() => patch({ config: formatConfig(draft.config) })}
            >
              Format
            </Button>
            <Button
              look="ghost"
              small
              icon="download"
              aria-label="Download YAML"
              onClick={() => download(`${target.jobName}.yaml`, draft.config)}
            />
            <Button
              look="ghost"
              small
              icon="copy"
              aria-label="Copy YAML"
              onClick={() => void navigator.clipboard.writeText(draft.config)}
            />
          </div>
          <div className={styles.editor}>
            <PanelBoundary title="The editor could not be loaded">
              <Suspense fallback={<LoadingRows />}>
                <YamlEditor
                  value={draft.config}
                  label="Run configuration"
                  marks={marks}
                  complete={complete}
                  reveal={reveal}
                  onChange={(text) => patch({ config: text })}
                />
              </Suspense>
            </PanelBoundary>
          </div>
        </section>
      </div>
      {error && (
        <Note kind="failure" className={styles.launchError}>
          <b>Nothing was launched.</b> <span className={styles.preLine}>{error.message}</span>
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
        errors={others.length + problems.length}
        first={others[0]}
        blocked={blocked}
        pending={isPending}
        onFirst={marks[0] && (() => setReveal(marks[0] && { ...marks[0] }))}
        onLaunch={start}
      />
    </div>
  );
}

function download(name: string, text: string): void {
  const link = document.createElement('a');
  link.href = URL.createObjectURL(new Blob([text], { type: 'text/yaml' }));
  link.download = name;
  link.click();
  URL.revokeObjectURL(link.href);
}
