import { useQueryClient } from '@tanstack/react-query';
import { useCallback } from 'react';
import { showToast } from '../../components/toast';
import { expectType } from '../../graphql/api-error';
import { request } from '../../graphql/request';
import { queryKey } from '../../graphql/use-live-query';
import { type OptimisticSwitch, useOptimisticSwitch } from '../../graphql/use-optimistic-switch';
import type { ScheduleRow } from './schedule-row';
import { schedulesDocument, startScheduleDocument, stopScheduleDocument } from './schedules.graphql';

/** Turns schedules of a list on and off; a refused change goes back and says why. */
export function useScheduleSwitch(rows: readonly ScheduleRow[]): OptimisticSwitch {
  const client = useQueryClient();
  const save = useCallback(
    async (id: string, wanted: boolean) => {
      const row = rows.find((each) => each.id === id);
      if (!row) return;
      if (wanted) {
        const selector = {
          scheduleName: row.schedule.name,
          repositoryName: row.repositoryName,
          repositoryLocationName: row.locationName,
        };
        expectType((await request(startScheduleDocument, { selector })).startSchedule, 'ScheduleStateResult');
      } else {
        const answer = await request(stopScheduleDocument, { id: row.schedule.scheduleState.id });
        expectType(answer.stopRunningSchedule, 'ScheduleStateResult');
      }
      await client.invalidateQueries({ queryKey: queryKey(schedulesDocument, {}) });
    },
    [rows, client],
  );
  const onRefused = useCallback((id: string, wanted: boolean, error: Error) => {
    const name = id.slice(id.indexOf(':') + 1);
    showToast({ kind: 'failure', title: `${name} is still ${wanted ? 'off' : 'on'}`, detail: error.message });
  }, []);
  return useOptimisticSwitch(save, onRefused);
}
