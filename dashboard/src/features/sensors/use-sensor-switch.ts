import { useQueryClient } from '@tanstack/react-query';
import { useCallback } from 'react';
import { showToast } from '../../components/toast';
import { expectType } from '../../graphql/api-error';
import { request } from '../../graphql/request';
import { queryKey } from '../../graphql/use-live-query';
import { type OptimisticSwitch, useOptimisticSwitch } from '../../graphql/use-optimistic-switch';
import type { SensorRow } from './sensor-row';
import { sensorsDocument, startSensorDocument, stopSensorDocument } from './sensors.graphql';

/** Turns sensors of a list on and off; a refused change goes back and says why. */
export function useSensorSwitch(rows: readonly SensorRow[]): OptimisticSwitch {
  const client = useQueryClient();
  const save = useCallback(
    async (id: string, wanted: boolean) => {
      const row = rows.find((each) => each.id === id);
      if (!row) return;
      if (wanted) {
        const selector = {
          sensorName: row.sensor.name,
          repositoryName: row.repositoryName,
          repositoryLocationName: row.locationName,
        };
        expectType((await request(startSensorDocument, { selector })).startSensor, 'Sensor');
      } else {
        const answer = await request(stopSensorDocument, { id: row.sensor.sensorState.id });
        expectType(answer.stopSensor, 'StopSensorMutationResult');
      }
      await client.invalidateQueries({ queryKey: queryKey(sensorsDocument, {}) });
    },
    [rows, client],
  );
  const onRefused = useCallback((id: string, wanted: boolean, error: Error) => {
    const name = id.slice(id.indexOf(':') + 1);
    showToast({ kind: 'failure', title: `${name} is still ${wanted ? 'off' : 'on'}`, detail: error.message });
  }, []);
  return useOptimisticSwitch(save, onRefused);
}
