import { useMutation, useQueryClient } from '@tanstack/react-query';
import { showToast } from '../../components/toast';
import { expectType } from '../../graphql/api-error';
import { request } from '../../graphql/request';
import { type SensorRow, sensorSelector } from './sensor-row';
import { sensorCursorDocument, setSensorCursorDocument } from './sensors.graphql';

/** Sets where a sensor goes on from; null begins at the beginning. */
export function useSetCursor(row: SensorRow, onSet: () => void) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: async (cursor: string | null) => {
      const answer = await request(setSensorCursorDocument, { selector: sensorSelector(row), cursor });
      expectType(answer.setSensorCursor, 'Sensor');
    },
    onSuccess: (_data, cursor) => {
      void client.invalidateQueries({ queryKey: [sensorCursorDocument.name] });
      showToast({
        kind: 'success',
        title: cursor === null ? 'Cleared the cursor' : 'Set the cursor',
        detail: row.sensor.name,
      });
      onSet();
    },
  });
}
