import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { Button } from '../../components/button';
import { Dialog } from '../../components/dialog';
import { plural } from '../../components/format/number';
import { Note } from '../../components/panel-states';
import { Segmented } from '../../components/segmented';
import { showToast } from '../../components/toast';
import { expectType } from '../../graphql/api-error';
import type { ReportRunlessAssetEventsParams } from '../../graphql/generated';
import { request } from '../../graphql/request';
import { reportEventDocument } from './asset.graphql';
import styles from './materialize-dialog.module.css';
import { PartitionFields, usePartitionFields } from './partition-fields';
import type { Partitioning } from './partitioning';

type EventType = ReportRunlessAssetEventsParams['eventType'];
const words: Readonly<Record<EventType, string>> = {
  ASSET_MATERIALIZATION: 'materialization',
  ASSET_OBSERVATION: 'observation',
};

/** Records what happened to assets elsewhere, without a run. */
export function ReportEventDialog({
  paths,
  partitioning,
  onClose,
}: {
  readonly paths: readonly (readonly string[])[];
  /** Of the only asset, if it has partitions. */
  readonly partitioning?: Partitioning | undefined;
  readonly onClose: (reported: boolean) => void;
}) {
  const client = useQueryClient();
  const [eventType, setEventType] = useState<EventType>('ASSET_MATERIALIZATION');
  const [description, setDescription] = useState('');
  const [keys] = useState(() => partitioning?.cells.map((cell) => cell.key) ?? []);
  const state = usePartitionFields(keys, []);
  const chosen = partitioning ? state.choice.keys : [];
  const problem = partitioning ? state.choice.problem : undefined;
  const [reported, setReported] = useState(0);
  const [only, ...others] = paths;
  const name = only && others.length === 0 ? only.join('/') : plural(paths.length, 'asset');
  const what = plural(Math.max(1, chosen.length) * paths.length, words[eventType]);
  const { mutate, isPending, error } = useMutation({
    mutationFn: async () => {
      // From where it failed, so that trying again reports nothing twice.
      for (const [index, path] of paths.entries()) {
        if (index < reported) continue;
        const answer = await request(reportEventDocument, {
          eventParams: {
            eventType,
            assetKey: { path },
            ...(partitioning ? { partitionKeys: chosen } : {}),
            ...(description.trim() === '' ? {} : { description: description.trim() }),
          },
        });
        expectType(answer.reportRunlessAssetEvents, 'ReportRunlessAssetEventsSuccess');
        setReported(index + 1);
      }
    },
    onSuccess: () => {
      showToast({ kind: 'success', title: `Reported ${what} of ${name}` });
      void client.invalidateQueries();
      onClose(true);
    },
  });
  return (
    <Dialog
      title={`Report an event of ${name}?`}
      onClose={() => onClose(false)}
      footer={
        <>
          <Button onClick={() => onClose(false)}>Not now</Button>
          <Button
            look="primary"
            busy={isPending}
            disabled={problem !== undefined}
            title={problem}
            onClick={() => mutate()}
          >
            Report {what}
          </Button>
        </>
      }
    >
      <div className={styles.report}>
        <p>
          For what happened outside of Headrace. Nothing runs; what is downstream sees the event as it would
          see one of a run.
        </p>
        <Segmented
          label="Kind of event"
          value={eventType}
          options={[
            { value: 'ASSET_MATERIALIZATION', text: 'Materialization' },
            { value: 'ASSET_OBSERVATION', text: 'Observation' },
          ]}
          onChange={setEventType}
        />
        {partitioning && <PartitionFields state={state} names={partitioning.names} />}
        <label className={styles.field}>
          <span>Description</span>
          <input
            value={description}
            maxLength={500}
            onChange={(event) => setDescription(event.target.value)}
          />
          <small>Optional: what happened, for whoever reads it later.</small>
        </label>
        {error && (
          <Note kind="failure">
            {error.message} {reported === 0 ? 'Nothing' : `Of ${plural(reported, 'asset')} it`} was reported.
          </Note>
        )}
      </div>
    </Dialog>
  );
}
