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

/** Records what happened to an asset elsewhere, without a run. */
export function ReportEventDialog({
  path,
  partitioning,
  onClose,
}: {
  readonly path: readonly string[];
  readonly partitioning: Partitioning | undefined;
  readonly onClose: () => void;
}) {
  const client = useQueryClient();
  const [eventType, setEventType] = useState<EventType>('ASSET_MATERIALIZATION');
  const [description, setDescription] = useState('');
  const [keys] = useState(() => partitioning?.cells.map((cell) => cell.key) ?? []);
  const state = usePartitionFields(keys, []);
  const chosen = partitioning ? state.choice.keys : [];
  const problem = partitioning ? state.choice.problem : undefined;
  const name = path.join('/');
  const what = plural(Math.max(1, chosen.length), words[eventType]);
  const { mutate, isPending, error } = useMutation({
    mutationFn: async () => {
      const answer = await request(reportEventDocument, {
        eventParams: {
          eventType,
          assetKey: { path },
          ...(partitioning ? { partitionKeys: chosen } : {}),
          ...(description.trim() === '' ? {} : { description: description.trim() }),
        },
      });
      return expectType(answer.reportRunlessAssetEvents, 'ReportRunlessAssetEventsSuccess');
    },
    onSuccess: () => {
      showToast({ kind: 'success', title: `Reported ${what} of ${name}` });
      void client.invalidateQueries();
      onClose();
    },
  });
  return (
    <Dialog
      title={`Report an event of ${name}?`}
      onClose={onClose}
      footer={
        <>
          <Button onClick={onClose}>Not now</Button>
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
        {error && <Note kind="failure">{error.message} Nothing was reported.</Note>}
      </div>
    </Dialog>
  );
}
