import { useState } from 'react';
import { Button } from '../../components/button';
import { showToast } from '../../components/toast';
import { expectType } from '../../graphql/api-error';
import { request } from '../../graphql/request';
import { jobPartitionKeysDocument } from './change-backfill.graphql';
import { LaunchBackfillDialog } from './launch-backfill-dialog';
import type { PartitionChoice } from './launch-choice';

/** Asks which partitions of a job to make; the keys are read when it is pressed. */
export function JobBackfillButton({
  name,
  locationName,
  repositoryName,
  mayLaunch,
}: {
  readonly name: string;
  readonly locationName: string;
  readonly repositoryName: string;
  readonly mayLaunch: boolean;
}) {
  const [partitions, setPartitions] = useState<readonly PartitionChoice[]>();
  const [loading, setLoading] = useState(false);
  const open = async () => {
    setLoading(true);
    try {
      const answer = await request(jobPartitionKeysDocument, {
        params: { pipelineName: name, repositoryName, repositoryLocationName: locationName },
      });
      const { partitionKeysOrError } = expectType(answer.pipelineOrError, 'Pipeline');
      setPartitions(partitionKeysOrError.partitionKeys.map((key) => ({ key })));
    } catch (error) {
      const detail = error instanceof Error ? error.message : String(error);
      showToast({ kind: 'failure', title: `Partitions of ${name} could not be loaded`, detail });
    } finally {
      setLoading(false);
    }
  };
  return (
    <>
      <Button
        icon="backfills"
        busy={loading}
        disabled={!mayLaunch}
        title={mayLaunch ? undefined : 'Your role may not launch this job'}
        onClick={() => void open()}
      >
        Backfill…
      </Button>
      {partitions && (
        <LaunchBackfillDialog
          target={{ kind: 'job', name, locationName, repositoryName }}
          partitions={partitions}
          onClose={() => setPartitions(undefined)}
        />
      )}
    </>
  );
}
