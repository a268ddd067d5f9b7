import { useQueryClient } from '@tanstack/react-query';
import { useCallback } from 'react';
import type { GraphqlDocument } from '../graphql/gql';
import { queryKey } from '../graphql/use-live-query';
import { type OptimisticSwitch, useOptimisticSwitch } from '../graphql/use-optimistic-switch';
import { showToast } from './toast';

/**
 * Turns rows of a list on and off; a refused change goes back and says why.
 *
 * @param change asks for it; throws when it is refused. Made once: not anew for each render
 * @param list what shows the rows, asked again after a change; takes no variables
 */
export function useRowSwitch<Row extends { readonly id: string }>(
  rows: readonly Row[],
  change: (row: Row, wanted: boolean) => Promise<void>,
  list: GraphqlDocument<unknown, Record<string, never>>,
): OptimisticSwitch {
  const client = useQueryClient();
  const save = useCallback(
    async (id: string, wanted: boolean) => {
      const row = rows.find((each) => each.id === id);
      if (!row) return;
      await change(row, wanted);
      await client.invalidateQueries({ queryKey: queryKey(list, {}) });
    },
    [rows, change, list, client],
  );
  const onRefused = useCallback((id: string, wanted: boolean, error: Error) => {
    const name = id.slice(id.indexOf(':') + 1);
    showToast({ kind: 'failure', title: `${name} is still ${wanted ? 'off' : 'on'}`, detail: error.message });
  }, []);
  return useOptimisticSwitch(save, onRefused);
}
