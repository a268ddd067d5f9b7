import { useMutation, useQueryClient } from '@tanstack/react-query';
import { Button } from '../../components/button';
import { Dialog } from '../../components/dialog';
import { eachOf } from '../../components/each-of';
import { plural } from '../../components/format/number';
import { showToast } from '../../components/toast';
import { queryKey } from '../../graphql/use-live-query';
import { schedulesDocument } from '../schedules/schedules.graphql';
import { sensorsDocument } from '../sensors/sensors.graphql';
import { type BulkChange, changeText, countInstigators } from './bulk-change';
import { changeInstigator, type InstigatorChange } from './change-instigator';
import styles from './instigators.module.css';

const consequences: Readonly<Record<InstigatorChange, string>> = {
  on: 'Each is evaluated from now on, and launches runs by itself. What was missed while it was off is not made up for.',
  off: 'None of them launches a run until it is turned on again. Runs in progress go on.',
  reset: 'Each is on or off as its code says, and follows it when the code changes.',
};

const keep: Readonly<Record<InstigatorChange, string>> = {
  on: 'Keep them off',
  off: 'Keep them on',
  reset: 'Keep them as they are',
};

/** Asks before several schedules and sensors are turned on or off; names what happens and to which. */
export function ChangeInstigatorsDialog({
  asked: { change, instigators },
  filter,
  onClose,
}: {
  readonly asked: BulkChange;
  readonly filter: string;
  readonly onClose: (done: boolean) => void;
}) {
  const client = useQueryClient();
  const what = countInstigators(instigators);
  const apply = useMutation({
    mutationFn: () =>
      eachOf(
        instigators,
        ({ name }) => name,
        (each) => changeInstigator(each, change),
      ),
    onSuccess: ({ done, refused }) => {
      const did = change === 'reset' ? 'Reset' : `Turned ${change}`;
      if (done > 0) showToast({ kind: change === 'off' ? 'canceled' : 'success', title: `${did} ${done}` });
      if (refused.length > 0) {
        showToast({
          kind: 'failure',
          title: `${plural(refused.length, 'change')} refused`,
          detail: refused[0],
        });
      }
      onClose(true);
    },
    onSettled: () =>
      Promise.all(
        [schedulesDocument, sensorsDocument].map((document) =>
          client.invalidateQueries({ queryKey: queryKey(document, {}) }),
        ),
      ),
  });
  return (
    <Dialog
      title={`${changeText(change, what)}?`}
      onClose={() => onClose(false)}
      footer={
        <>
          <Button autoFocus onClick={() => onClose(false)}>
            {keep[change]}
          </Button>
          <Button look="primary" busy={apply.isPending} onClick={() => apply.mutate()}>
            {changeText(change, what)}
          </Button>
        </>
      }
    >
      <p>
        {filter && (
          <>
            Selected among those that match <b className="strong">{filter}</b>.{' '}
          </>
        )}
        {consequences[change]}
      </p>
      <ul className={styles.names} aria-label="What is changed">
        {instigators.map((each) => (
          <li key={`${each.kind}:${each.locationName}:${each.name}`}>
            <span className="strong">{each.name}</span>{' '}
            <span className="t2">
              {each.kind} of {each.locationName}
              {change === 'reset' && `, ${each.isOnInCode ? 'on' : 'off'} in code`}
            </span>
          </li>
        ))}
      </ul>
    </Dialog>
  );
}
