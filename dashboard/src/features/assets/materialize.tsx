import { useNavigate } from '@tanstack/react-router';
import { plural } from '../../components/format/number';
import { showToast } from '../../components/toast';
import { type MaterializeTarget, useMaterialize } from '../../graphql/use-materialize';
import { MaterializeDialog } from './materialize-dialog';

/** Asks, launches and tells what was launched. */
export function Materialize({
  targets,
  partitioned,
  partitions,
  initialPartitions,
  onClose,
}: {
  readonly targets: readonly MaterializeTarget[];
  readonly partitioned: boolean;
  readonly partitions?: readonly string[] | undefined;
  readonly initialPartitions?: readonly string[];
  readonly onClose: () => void;
}) {
  const navigate = useNavigate();
  const { mutate, isPending, error } = useMaterialize();
  const launch = (chosen: readonly string[]) =>
    mutate(
      { targets, partitions: chosen },
      {
        onSuccess: ({ runIds, backfillId }) => {
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
          onClose();
        },
      },
    );
  return (
    <MaterializeDialog
      assets={targets.map((target) => target.path.join('/'))}
      partitioned={partitioned}
      partitions={partitions}
      {...(initialPartitions ? { initialPartitions } : {})}
      pending={isPending}
      error={error}
      onLaunch={launch}
      onClose={onClose}
    />
  );
}
