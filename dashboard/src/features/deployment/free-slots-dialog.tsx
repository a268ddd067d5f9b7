import { useMutation } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useState } from 'react';
import { Button } from '../../components/button';
import { Dialog } from '../../components/dialog';
import { eachOf } from '../../components/each-of';
import { plural } from '../../components/format/number';
import { Note } from '../../components/panel-states';
import { showToast } from '../../components/toast';
import { request } from '../../graphql/request';
import { freeSlotsDocument } from './deployment.graphql';
import form from './form.module.css';
import { useRefreshPools } from './pool-dialogs';
import type { Pool } from './pool-table';

type Slot = Pool['claimedSlots'][number];

const slotId = ({ runId, stepKey }: Slot): string => `${runId} ${stepKey}`;

/** Asks which steps lose the slots that they hold: for those that a crashed worker never gave back. */
export function FreeSlotsDialog({ pool, onClose }: { readonly pool: Pool; readonly onClose: () => void }) {
  const refresh = useRefreshPools();
  // As they were when it was opened: the question is about these.
  const [slots] = useState(pool.claimedSlots);
  const [chosen, setChosen] = useState<ReadonlySet<string>>(new Set());
  const free = useMutation({
    mutationFn: () =>
      eachOf(
        slots.filter((slot) => chosen.has(slotId(slot))),
        ({ stepKey }) => stepKey,
        ({ runId, stepKey }) => request(freeSlotsDocument, { runId, stepKey }),
      ),
    onSuccess: ({ done, refused }) => {
      if (done > 0)
        showToast({ kind: 'success', title: `Freed ${plural(done, 'slot')} of ${pool.concurrencyKey}` });
      if (refused.length === 0) onClose();
    },
    onSettled: refresh,
  });
  const toggle = (id: string) => {
    const next = new Set(chosen);
    if (!next.delete(id)) next.add(id);
    setChosen(next);
  };
  return (
    <Dialog
      title={`Free slots of ${pool.concurrencyKey}?`}
      onClose={onClose}
      footer={
        <>
          <Button autoFocus onClick={onClose}>
            Keep them
          </Button>
          <Button
            look="danger-solid"
            busy={free.isPending}
            disabled={chosen.size === 0}
            title={chosen.size === 0 ? 'Choose a slot' : undefined}
            onClick={() => free.mutate()}
          >
            Free {plural(chosen.size, 'slot')}
          </Button>
        </>
      }
    >
      <p>
        Slots come back by themselves when a step or its run ends. A step that still runs goes on: more than
        the limit may then run at once.
      </p>
      <fieldset className={form.field}>
        <legend className="hidden-visually">Slots</legend>
        <div className={form.checks}>
          {slots.map((slot) => (
            <label key={slotId(slot)} className={form.check}>
              <input
                type="checkbox"
                checked={chosen.has(slotId(slot))}
                onChange={() => toggle(slotId(slot))}
              />
              <span>
                {slot.stepKey} <span className="t2">of run</span>{' '}
                <Link to="/runs/$runId" params={{ runId: slot.runId }} className="link mono">
                  {slot.runId.slice(0, 8)}
                </Link>
              </span>
            </label>
          ))}
        </div>
      </fieldset>
      {free.error && <Note kind="failure">{free.error.message}</Note>}
      {free.data?.refused.map((reason) => (
        <Note key={reason} kind="failure">
          {reason}
        </Note>
      ))}
    </Dialog>
  );
}
