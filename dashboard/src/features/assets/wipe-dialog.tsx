import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { Button } from '../../components/button';
import { Dialog } from '../../components/dialog';
import { plural } from '../../components/format/number';
import { Note } from '../../components/panel-states';
import { TextInput } from '../../components/text-input';
import { showToast } from '../../components/toast';
import { expectType } from '../../graphql/api-error';
import { request } from '../../graphql/request';
import { undone } from '../../graphql/undone';
import { wipeAssetsDocument } from './asset.graphql';
import styles from './asset-page.module.css';
import { partitionRanges } from './partition-ranges';

/** Partitions of an asset; none are all of it. */
export interface WipedPartitions {
  readonly keys: readonly string[];
  /** Every partition's key, in order. */
  readonly all: readonly string[];
}

const everything: WipedPartitions = { keys: [], all: [] };

/** Asks for the asset's key, or the number of assets, before it forgets what is known of them. */
export function WipeDialog({
  paths,
  partitions: { keys, all } = everything,
  onClose,
}: {
  readonly paths: readonly (readonly string[])[];
  /** Of the only asset. Default: all. */
  readonly partitions?: WipedPartitions;
  readonly onClose: (wiped: boolean) => void;
}) {
  const [only, ...others] = paths;
  const name = only && others.length === 0 ? only.join('/') : plural(paths.length, 'asset');
  const [typed, setTyped] = useState('');
  const client = useQueryClient();
  const what = keys.length === 0 ? 'everything' : plural(keys.length, 'partition');
  const { mutate, isPending, error } = useMutation({
    mutationFn: async () => {
      const partitions = keys.length === 0 ? {} : { partitions: { ranges: partitionRanges(keys, all) } };
      const ranges = paths.map((path) => ({ assetKey: { path }, ...partitions }));
      const answer = await request(wipeAssetsDocument, { ranges });
      return expectType(answer.wipeAssets, 'AssetWipeSuccess');
    },
    onSuccess: () => {
      showToast({ kind: 'success', title: `Wiped ${what} of ${name}` });
      void client.invalidateQueries();
      onClose(true);
    },
  });
  const isSure = typed.trim() === name;
  return (
    <Dialog
      title={keys.length === 0 ? `Wipe ${name}?` : `Wipe ${what} of ${name}?`}
      onClose={() => onClose(false)}
      footer={
        <>
          <Button onClick={() => onClose(false)}>Keep {others.length === 0 ? 'it' : 'them'}</Button>
          <Button
            look="danger-solid"
            busy={isPending}
            disabled={!isSure}
            title={isSure ? undefined : `Type ${name} first`}
            onClick={() => mutate()}
          >
            Wipe {what}
          </Button>
        </>
      }
    >
      <p>
        Headrace forgets the materializations, observations and check results of{' '}
        {others.length > 0
          ? 'these assets'
          : keys.length === 0
            ? 'this asset'
            : keys.length <= 3
              ? keys.join(', ')
              : `these ${what}`}
        . What was stored stays where it is: a table or file is not touched. This cannot be undone.
      </p>
      <div className={styles.confirm}>
        <span>
          Type <b className="mono">{name}</b> to confirm
        </span>
        <TextInput
          label={`Type ${name} to confirm`}
          mono
          value={typed}
          onChange={(event) => setTyped(event.target.value)}
        />
      </div>
      {error && <Note kind="failure">{`${error.message} ${undone(error, 'wiped')}.`}</Note>}
    </Dialog>
  );
}
