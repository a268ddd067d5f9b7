import { useMutation } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { useId, useMemo, useState } from 'react';
import { Button } from '../../components/button';
import { Choices } from '../../components/choices';
import { Dialog } from '../../components/dialog';
import { plural } from '../../components/format/number';
import { Note } from '../../components/panel-states';
import { showToast } from '../../components/toast';
import { expectType } from '../../graphql/api-error';
import { launchBackfillDocument } from '../../graphql/launch.graphql';
import { request } from '../../graphql/request';
import { undone } from '../../graphql/undone';
import { useLiveQuery } from '../../graphql/use-live-query';
import { PartitionFields, usePartitionFields } from '../assets/partition-fields';
import { policyText } from '../assets/partitioning';
import { parseTags } from '../launchpad/parse-tags';
import styles from './backfill-page.module.css';
import { backfillPreviewDocument } from './change-backfill.graphql';
import {
  type BackfillTarget,
  choiceProblem,
  chosenKeys,
  type LaunchChoice,
  launchParams,
  noDetails,
  type PartitionChoice,
} from './launch-choice';

/** Partitions that a field offers; any other key may be typed. */
const offered = 60;

/** Chooses partitions, says what would be made and by how many runs, and launches. */
export function LaunchBackfillDialog({
  target,
  partitions,
  names = [],
  maxPerRun,
  initial,
  onClose,
}: {
  readonly target: BackfillTarget;
  /** In their order. */
  readonly partitions: readonly PartitionChoice[];
  /** Of the partitions' dimensions, in the order of the keys' parts. */
  readonly names?: readonly string[];
  /** Partitions that a run takes at most, null for all; undefined of a job: one. */
  readonly maxPerRun?: number | null;
  readonly initial?: LaunchChoice['by'] | undefined;
  readonly onClose: () => void;
}) {
  const navigate = useNavigate();
  const counts = useMemo(
    () => ({
      missing: partitions.filter(({ kind }) => kind === 'missing').length,
      failed: partitions.filter(({ kind }) => kind === 'failure').length,
    }),
    [partitions],
  );
  const [by, setBy] = useState<LaunchChoice['by']>(initial ?? 'range');
  const [from, setFrom] = useState(partitions.at(-7)?.key ?? partitions[0]?.key ?? '');
  const [to, setTo] = useState(partitions.at(-1)?.key ?? '');
  const [title, setTitle] = useState('');
  const [description, setDescription] = useState('');
  const [tagText, setTagText] = useState('');
  const { tags, problem: tagProblem } = parseTags(tagText);
  const [keys] = useState(() => partitions.map(({ key }) => key));
  const fields = usePartitionFields(keys, []);
  const choice = readChoice();
  const problem = choiceProblem(partitions, choice) ?? tagProblem;
  const count = chosenKeys(partitions, choice).length;
  const preview = useLiveQuery(
    backfillPreviewDocument,
    { backfillParams: launchParams(target, partitions, choice, noDetails) },
    {
      enabled: problem === undefined,
      interval: false,
      select: (answer) =>
        expectType(answer.partitionBackfillPreviewOrError, 'PartitionBackfillPreview').numRuns,
    },
  );
  function readChoice(): LaunchChoice {
    if (by !== 'range' && by !== 'keys') return { by };
    return fields.dimensions
      ? { by: 'keys', ...fields.choice }
      : { by: 'range', from: from.trim(), to: to.trim() };
  }
  const launch = useMutation({
    mutationFn: async () => {
      const backfillParams = launchParams(target, partitions, choice, { title, description, tags });
      const answer = await request(launchBackfillDocument, { backfillParams });
      return expectType(answer.launchPartitionBackfill, 'LaunchBackfillSuccess').backfillId;
    },
    onSuccess: (backfillId) => {
      showToast({ kind: 'success', title: `Launched backfill ${backfillId}` });
      onClose();
      void navigate({ to: '/backfills/$backfillId', params: { backfillId }, search: {} });
    },
  });
  const first = fields.dimensions ? 'By key' : 'A range of partitions';
  const latest = `The latest: ${partitions.at(-1)?.key ?? 'none'}`;
  const choices: readonly (readonly [LaunchChoice['by'], string, number?])[] =
    target.kind === 'assets'
      ? [
          ['range', first],
          ['latest', latest],
          ...(counts.missing > 0 && counts.failed > 0
            ? [['holes', 'What is missing or failed', counts.missing + counts.failed] as const]
            : []),
          ['missing', 'What is missing', counts.missing],
          ['failed', 'What failed', counts.failed],
          ['all', 'All', partitions.length],
        ]
      : [
          ['range', first],
          ['latest', latest],
          ['failure', 'From failure: where the last run of a partition failed'],
          ['all', 'All', partitions.length],
        ];
  const name = target.kind === 'assets' ? plural(target.paths.length, 'asset') : target.name;
  return (
    <Dialog
      title={`Backfill ${name}?`}
      onClose={onClose}
      footer={
        <>
          <Button onClick={onClose}>Not now</Button>
          <Button
            look="primary"
            icon="play"
            busy={launch.isPending}
            disabled={problem !== undefined}
            title={problem}
            onClick={() => launch.mutate()}
          >
            {by === 'failure' ? 'Launch what failed' : `Launch ${plural(count, 'partition')}`}
          </Button>
        </>
      }
    >
      <Choices label="Which partitions" name="partitions" options={choices} value={by} onChange={setBy} />
      {by === 'range' && fields.dimensions && <PartitionFields state={fields} names={names} />}
      {by === 'range' && !fields.dimensions && (
        <div className={styles.range}>
          <KeyField label="First" value={from} partitions={partitions} onChange={setFrom} />
          <KeyField label="Last" value={to} partitions={partitions} onChange={setTo} />
        </div>
      )}
      <label className={styles.field}>
        <span>Title</span>
        <input value={title} onChange={(event) => setTitle(event.target.value)} maxLength={200} />
        <small>Optional: why, for whoever sees it in the list.</small>
      </label>
      <details className={styles.details}>
        <summary>Description and tags</summary>
        <label className={styles.field}>
          <span>Description</span>
          <textarea
            rows={3}
            maxLength={2_000}
            value={description}
            onChange={(event) => setDescription(event.target.value)}
          />
        </label>
        <label className={styles.field}>
          <span>Tags of its runs</span>
          <input
            className="mono"
            value={tagText}
            spellCheck={false}
            placeholder="key=value, key=value"
            aria-invalid={tagProblem !== undefined}
            onChange={(event) => setTagText(event.target.value)}
          />
          {tagProblem && <small>{tagProblem}</small>}
        </label>
      </details>
      <p className={styles.outcome} aria-live="polite">
        {problem ?? (
          <Outcome by={by} count={count} runs={preview.data} maxPerRun={maxPerRun} error={preview.error} />
        )}
      </p>
      {launch.error && (
        <Note kind="failure">{`${launch.error.message} ${undone(launch.error, 'launched')}.`}</Note>
      )}
    </Dialog>
  );
}

function Outcome({
  by,
  count,
  runs,
  maxPerRun,
  error,
}: {
  readonly by: LaunchChoice['by'];
  readonly count: number;
  readonly runs: number | undefined;
  readonly maxPerRun: number | null | undefined;
  readonly error: Error | null;
}) {
  if (error) return <>It cannot be said what this makes: {error.message}</>;
  if (by === 'failure') return <>Each partition whose last run failed goes on; the others are left out.</>;
  if (runs === undefined) return <>{plural(count, 'partition')}</>;
  return (
    <>
      {plural(count, 'partition')} by {plural(runs, 'run')}
      {maxPerRun !== undefined && count > 1 && (
        <span className="t2"> · its backfill policy: {policyText(maxPerRun)}</span>
      )}
    </>
  );
}

function KeyField({
  label,
  value,
  partitions,
  onChange,
}: {
  readonly label: string;
  readonly value: string;
  readonly partitions: readonly PartitionChoice[];
  readonly onChange: (value: string) => void;
}) {
  const id = useId();
  return (
    <label className={styles.field}>
      <span>{label}</span>
      <input
        className="mono"
        value={value}
        list={id}
        spellCheck={false}
        aria-invalid={!partitions.some(({ key }) => key === value.trim())}
        onChange={(event) => onChange(event.target.value)}
      />
      <datalist id={id}>
        {partitions
          .slice(-offered)
          .reverse()
          .map(({ key }) => (
            <option key={key} value={key} />
          ))}
      </datalist>
    </label>
  );
}
