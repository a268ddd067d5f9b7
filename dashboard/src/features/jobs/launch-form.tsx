import { useMutation } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { lazy, Suspense, useEffect, useMemo, useState } from 'react';
import { parseDocument } from 'yaml';
import { Button } from '../../components/button';
import { Icon } from '../../components/icon';
import { PanelBoundary } from '../../components/panel-boundary';
import { LoadingRows, Note } from '../../components/panel-states';
import { runTag } from '../../components/run-tags';
import { StatusIcon } from '../../components/status-icon';
import { TextInput } from '../../components/text-input';
import { showToast } from '../../components/toast';
import { expectType } from '../../graphql/api-error';
import { launchRunDocument } from '../../graphql/launch.graphql';
import { request } from '../../graphql/request';
import styles from './job-page.module.css';
import { parseTags } from './parse-tags';

const YamlEditor = lazy(() => import('./yaml-editor'));

export interface LaunchTarget {
  readonly jobName: string;
  readonly repositoryName: string;
  readonly locationName: string;
  readonly partitionKeys: readonly string[];
  readonly defaultYaml: string;
  /** Why the reader may not launch. */
  readonly forbidden: string | undefined;
}

/** Configuration, tags and partition of a run to launch; says what will run. */
export function LaunchForm({ target }: { readonly target: LaunchTarget }) {
  const navigate = useNavigate();
  const [config, setConfig] = useState(target.defaultYaml);
  const [tagText, setTagText] = useState('');
  const [partition, setPartition] = useState(target.partitionKeys[0] ?? '');
  const { tags, problem: tagProblem } = parseTags(tagText);
  const yamlProblem = useMemo(() => parseDocument(config).errors[0]?.message.split('\n')[0], [config]);
  const isPartitioned = target.partitionKeys.length > 0;
  const partitionProblem = isPartitioned && !partition ? 'Choose a partition' : undefined;
  const problems = [yamlProblem, tagProblem, partitionProblem].filter((each) => each !== undefined);
  const launch = useMutation({
    mutationFn: async () => {
      const runConfig: unknown = parseDocument(config).toJS() ?? {};
      const answer = await request(launchRunDocument, {
        executionParams: {
          selector: {
            jobName: target.jobName,
            repositoryName: target.repositoryName,
            repositoryLocationName: target.locationName,
          },
          mode: 'default',
          runConfigData: runConfig,
          executionMetadata: {
            tags: isPartitioned ? [...tags, { key: runTag.partition, value: partition }] : tags,
          },
        },
      });
      if (answer.launchRun.__typename === 'RunConfigValidationInvalid') {
        const lines = answer.launchRun.errors.map(
          (error) => `${error.path.join('.') || 'configuration'}: ${error.message}`,
        );
        throw new Error(lines.join('\n'));
      }
      return expectType(answer.launchRun, 'LaunchRunSuccess').run.runId;
    },
    onSuccess: (runId) => {
      showToast({ kind: 'success', title: `Launched run ${runId.slice(0, 8)}`, detail: target.jobName });
      void navigate({ to: '/runs/$runId', params: { runId } });
    },
  });
  const blocked = target.forbidden ?? problems[0];
  const { mutate, isPending } = launch;
  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      if (event.key === 'Enter' && (event.metaKey || event.ctrlKey) && !blocked && !isPending) mutate();
    };
    document.addEventListener('keydown', onKey);
    return () => document.removeEventListener('keydown', onKey);
  }, [blocked, isPending, mutate]);
  const command = [
    'npx headrace run',
    target.jobName,
    isPartitioned ? `--partition ${partition}` : '',
    ...tags.map((tag) => `--tag ${tag.key}=${tag.value}`),
  ]
    .filter(Boolean)
    .join(' ');
  return (
    <div className={styles.launch}>
      <div className={styles.fields}>
        {isPartitioned && (
          // biome-ignore lint/a11y/noLabelWithoutControl: the input inside is the control
          <label>
            <span>Partition</span>
            <TextInput
              label="Partition"
              list="launch-partitions"
              mono
              value={partition}
              invalid={partitionProblem !== undefined}
              onChange={(event) => setPartition(event.target.value)}
            />
            <datalist id="launch-partitions">
              {target.partitionKeys.slice(0, 100).map((key) => (
                <option key={key} value={key} />
              ))}
            </datalist>
          </label>
        )}
        {/* biome-ignore lint/a11y/noLabelWithoutControl: the input inside is the control */}
        <label>
          <span>Tags</span>
          <TextInput
            label="Tags"
            mono
            placeholder="priority=5, reason=replay"
            value={tagText}
            invalid={tagProblem !== undefined}
            onChange={(event) => setTagText(event.target.value)}
          />
          {tagProblem && (
            <span className={styles.error}>
              <StatusIcon kind="failure" size={12} />
              {tagProblem}
            </span>
          )}
        </label>
      </div>
      <div className={styles.editorBar}>
        <h2>Configuration</h2>
        <span className="t3 small">YAML, {config.split('\n').length} lines</span>
        <span className="push" />
        <Button
          look="ghost"
          small
          onClick={() => setConfig(target.defaultYaml)}
          disabled={config === target.defaultYaml}
        >
          Reset
        </Button>
      </div>
      <div className={styles.editor}>
        <PanelBoundary title="The editor could not be loaded">
          <Suspense fallback={<LoadingRows />}>
            <YamlEditor value={config} label="Run configuration" onChange={setConfig} />
          </Suspense>
        </PanelBoundary>
      </div>
      {launch.error && (
        <Note kind="failure" className={styles.launchError}>
          <b>Nothing was launched.</b> <span className={styles.preLine}>{launch.error.message}</span>
        </Note>
      )}
      <footer className={styles.launchBar}>
        <span>
          Launches <b className="strong">1 run</b> of <b className="strong">{target.jobName}</b>
          {isPartitioned && partition && (
            <>
              , partition <b className="strong">{partition}</b>
            </>
          )}
        </span>
        <span className="push" />
        {problems.length > 0 && (
          <span className={styles.error} role="status">
            <StatusIcon kind="failure" size={12} />
            {problems[0]}
          </span>
        )}
        <Button onClick={() => void navigator.clipboard.writeText(command)} title={command}>
          <Icon name="copy" size={14} />
          Copy as CLI
        </Button>
        <Button
          look="primary"
          icon="play"
          busy={isPending}
          disabled={Boolean(blocked)}
          title={blocked}
          onClick={() => mutate()}
        >
          Launch 1 run
        </Button>
      </footer>
    </div>
  );
}
