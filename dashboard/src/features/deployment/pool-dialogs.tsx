import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { Button } from '../../components/button';
import { Dialog } from '../../components/dialog';
import { plural } from '../../components/format/number';
import { Note } from '../../components/panel-states';
import { showToast } from '../../components/toast';
import { request } from '../../graphql/request';
import { queryKey } from '../../graphql/use-live-query';
import { deletePoolLimitDocument, setPoolLimitDocument } from './deployment.graphql';
import form from './form.module.css';
import { instanceStatusDocument } from './instance.graphql';

/** The most slots that the API gives a pool. */
const mostSlots = 1_000;

export function useRefreshPools(): () => Promise<void> {
  const client = useQueryClient();
  return () => client.invalidateQueries({ queryKey: queryKey(instanceStatusDocument, {}) });
}

/** Gives a pool a limit, whether steps name it already or will. */
export function NewPoolDialog({
  names,
  onClose,
}: {
  /** Pools that have a limit. */
  readonly names: readonly string[];
  readonly onClose: () => void;
}) {
  const refresh = useRefreshPools();
  const [name, setName] = useState('');
  const [limit, setLimit] = useState('1');
  const key = name.trim();
  const slots = Number(limit);
  const isLimitRight = limit !== '' && Number.isInteger(slots) && slots >= 0 && slots <= mostSlots;
  const isKnown = names.includes(key);
  const problem = isKnown
    ? `${key} has a limit: change it in the table`
    : key === ''
      ? 'Name the pool'
      : isLimitRight
        ? undefined
        : `A pool has 0 to ${mostSlots} slots`;
  const add = useMutation({
    mutationFn: () => request(setPoolLimitDocument, { key, limit: slots }),
    onSuccess: () => {
      showToast({ kind: 'success', title: `${key} now has ${plural(slots, 'slot')}` });
      onClose();
    },
    onSettled: refresh,
  });
  return (
    <Dialog
      title="New pool"
      onClose={onClose}
      footer={
        <>
          <Button onClick={onClose}>Not now</Button>
          <Button
            look="primary"
            busy={add.isPending}
            disabled={problem !== undefined}
            title={problem}
            onClick={() => add.mutate()}
          >
            Add 1 pool
          </Button>
        </>
      }
    >
      <div className={form.pair}>
        <label className={form.field}>
          <span>Name</span>
          <input
            type="text"
            value={name}
            autoFocus
            spellCheck={false}
            autoComplete="off"
            aria-invalid={isKnown || undefined}
            onChange={(event) => setName(event.target.value)}
          />
          <small>{isKnown ? problem : "As assets and ops name it: pool: 'snowflake'"}</small>
        </label>
        <label className={form.field}>
          <span>Slots</span>
          <input
            type="number"
            min={0}
            max={mostSlots}
            value={limit}
            aria-invalid={!isLimitRight || undefined}
            onChange={(event) => setLimit(event.target.value)}
          />
          <small>Steps at once; 0 stops them</small>
        </label>
      </div>
      {add.error && <Note kind="failure">{add.error.message} No limit was set.</Note>}
    </Dialog>
  );
}

/** Takes a pool's own limit away. */
export function RemoveLimitDialog({
  name,
  defaultLimit,
  onClose,
}: {
  readonly name: string;
  readonly defaultLimit: number | null;
  readonly onClose: () => void;
}) {
  const refresh = useRefreshPools();
  const remove = useMutation({
    mutationFn: () => request(deletePoolLimitDocument, { key: name }),
    onSuccess: () => {
      showToast({ kind: 'success', title: `${name} has no limit of its own any more` });
      onClose();
    },
    onSettled: refresh,
  });
  return (
    <Dialog
      title={`Remove the limit of ${name}?`}
      onClose={onClose}
      footer={
        <>
          <Button autoFocus onClick={onClose}>
            Keep it
          </Button>
          <Button look="danger-solid" busy={remove.isPending} onClick={() => remove.mutate()}>
            Remove 1 limit
          </Button>
        </>
      }
    >
      <p>
        {defaultLimit === null
          ? `Steps of ${name} then run without a limit. `
          : `Steps of ${name} then take the default of ${plural(defaultLimit, 'slot')}. `}
        Where code declares a limit, the next reload sets it again.
      </p>
      {remove.error && <Note kind="failure">{remove.error.message} The limit stays.</Note>}
    </Dialog>
  );
}
