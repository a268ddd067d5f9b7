import { useMutation, useQueryClient } from '@tanstack/react-query';
import { Button } from '../../components/button';
import { showToast } from '../../components/toast';
import type { GraphqlDocument } from '../../graphql/gql';
import { queryKey } from '../../graphql/use-live-query';
import { changeInstigator } from './change-instigator';
import type { Instigator } from './instigator';
import styles from './instigators.module.css';

/** Says that somebody turned it on or off, whatever its code says, and leads back to that; else nothing. */
export function CodeDefault({
  instigator,
  list,
}: {
  readonly instigator: Instigator;
  /** What shows it in a list, asked again after the change. */
  readonly list: GraphqlDocument<unknown, Record<string, never>>;
}) {
  const client = useQueryClient();
  const { name, isOn, isOnInCode, mayStart } = instigator;
  const reset = useMutation({
    mutationFn: () => changeInstigator(instigator, 'reset'),
    onSuccess: () => showToast({ kind: 'success', title: `${name} follows its code again` }),
    onError: (error) => showToast({ kind: 'failure', title: `${name} was not reset`, detail: error.message }),
    onSettled: () => client.invalidateQueries({ queryKey: queryKey(list, {}) }),
  });
  if (!instigator.canReset) return null;
  const word = (on: boolean) => (on ? 'on' : 'off');
  return (
    <div className={styles.reset}>
      <span>
        Turned {word(isOn)} by hand;{' '}
        {isOn === isOnInCode ? 'its code says so, too' : `its code says ${word(isOnInCode)}`}.
      </span>
      <Button
        small
        busy={reset.isPending}
        disabled={!mayStart}
        title={
          mayStart
            ? 'On or off as its code says, also when that changes'
            : 'Your role may not reset this here'
        }
        onClick={() => reset.mutate()}
      >
        Reset to its code
      </Button>
    </div>
  );
}
