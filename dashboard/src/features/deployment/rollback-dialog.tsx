import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { Button } from '../../components/button';
import { Dialog } from '../../components/dialog';
import { formatTime } from '../../components/format/time';
import { Note } from '../../components/panel-states';
import { useZone } from '../../components/time';
import { showToast } from '../../components/toast';
import { useNow } from '../../components/use-now';
import { queryKey } from '../../graphql/use-live-query';
import { Difference } from './code-difference';
import styles from './code-versions.module.css';
import { workspaceDocument } from './deployment.graphql';
import form from './form.module.css';
import { type CodeLocationVersions, restKey, rollBack } from './rest-api';
import { earlierVersion, shortVersion } from './use-versions';

/** Asks which version comes back, and shows what that changes before it is done. */
export function RollbackDialog({
  location,
  initial,
  onClose,
}: {
  readonly location: CodeLocationVersions;
  readonly initial?: string | undefined;
  readonly onClose: () => void;
}) {
  const client = useQueryClient();
  const zone = useZone();
  const now = useNow();
  const [version, setVersion] = useState(initial ?? earlierVersion(location) ?? '');
  const inForce = location.bundleHash ?? undefined;
  const choices = [...new Map(location.versions.map((each) => [each.bundleHash, each])).values()].filter(
    (each) => each.bundleHash !== inForce,
  );
  const back = useMutation({
    mutationFn: () => rollBack(location.name, version),
    onSuccess: () => {
      showToast({
        kind: 'success',
        title: `${location.name} ${shortVersion(version)} is in force again`,
        detail: 'Runs in progress keep their code.',
      });
      onClose();
    },
    onSettled: () =>
      Promise.all([
        client.invalidateQueries({ queryKey: restKey.versions }),
        client.invalidateQueries({ queryKey: queryKey(workspaceDocument, {}) }),
      ]),
  });
  return (
    <Dialog
      wide
      title={`Roll ${location.name} back?`}
      onClose={onClose}
      footer={
        <>
          <Button autoFocus onClick={onClose}>
            Not now
          </Button>
          <Button look="danger-solid" busy={back.isPending} disabled={!version} onClick={() => back.mutate()}>
            Roll back to {shortVersion(version)}
          </Button>
        </>
      }
    >
      <label className={form.field}>
        <span>Version</span>
        <select value={version} onChange={(event) => setVersion(event.target.value)}>
          {choices.map((each) => (
            <option key={each.bundleHash} value={each.bundleHash}>
              {shortVersion(each.bundleHash)} · {formatTime(each.pushedAt, { zone, now })}
              {each.by ? ` · ${each.by}` : ''}
            </option>
          ))}
        </select>
        <small>Schedules and sensors follow it at once. Runs in progress keep their code.</small>
      </label>
      <h3 className={styles.heading}>What that changes</h3>
      {version && <Difference location={location.name} from={inForce} to={version} />}
      {back.error && <Note kind="failure">{back.error.message} The version in force stays.</Note>}
    </Dialog>
  );
}
