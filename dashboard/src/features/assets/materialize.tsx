import { useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import { plural } from '../../components/format/number';
import { showToast } from '../../components/toast';
import { type MaterializeTarget, materializeTarget, useMaterialize } from '../../graphql/use-materialize';
import type { AssetRow } from './asset-filter';
import { MaterializeDialog } from './materialize-dialog';
import type { Partitioning } from './partitioning';
import { UpstreamChoice } from './upstream-choice';

/** Asks, launches and tells what was launched. */
export function Materialize({
  targets: given,
  partitioned,
  partitioning,
  initialPartitions,
  onClose,
}: {
  readonly targets: readonly MaterializeTarget[];
  readonly partitioned: boolean;
  readonly partitioning?: Partitioning | undefined;
  readonly initialPartitions?: readonly string[];
  readonly onClose: () => void;
}) {
  const navigate = useNavigate();
  const { mutate, isPending, error } = useMaterialize();
  const [upstream, setUpstream] = useState<readonly AssetRow[]>();
  const targets = upstream?.map((row) => materializeTarget(row.node)) ?? given;
  const [single, ...others] = given;
  const launch = (chosen: readonly string[]) =>
    mutate(
      { targets, partitions: chosen },
      {
        onSuccess: ({ runIds, backfillId, refused }) => {
          const [runId] = runIds;
          const open = backfillId
            ? () => void navigate({ to: '/backfills/$backfillId', params: { backfillId } })
            : runId && (() => void navigate({ to: '/runs/$runId', params: { runId } }));
          showToast({
            kind: 'success',
            title: backfillId
              ? `Launched backfill ${backfillId}`
              : `Launched ${plural(runIds.length, 'run')}`,
            detail: targets.length === 1 ? targets[0]?.path.join('/') : plural(targets.length, 'asset'),
            ...(open ? { action: { text: 'Open', run: open } } : {}),
          });
          const [why] = refused;
          if (why !== undefined) {
            const where = plural(refused.length, 'code location');
            showToast({ kind: 'failure', title: `Launching in ${where} failed`, detail: why });
          }
          onClose();
        },
      },
    );
  return (
    <MaterializeDialog
      assets={targets.map((target) => target.path.join('/'))}
      partitioned={partitioned}
      partitioning={partitioning}
      {...(initialPartitions ? { initialPartitions } : {})}
      pending={isPending}
      error={error}
      onLaunch={launch}
      onClose={onClose}
    >
      {single && others.length === 0 && !partitioned && (
        <UpstreamChoice
          assetKey={single.path.join('/')}
          chosen={upstream !== undefined}
          onChange={setUpstream}
        />
      )}
    </MaterializeDialog>
  );
}
