import { useState } from 'react';
import { Button } from '../../components/button';
import { CodeBlock } from '../../components/code-block';
import { Section } from '../../components/section';
import { useRefusal } from '../../graphql/use-refusal';
import { EditCursorDialog } from './edit-cursor-dialog';
import styles from './sensor-panel.module.css';
import type { SensorRow } from './sensor-row';
import { TestSensorDialog } from './test-sensor-dialog';

/** Where a sensor goes on from; it can be set, and what the sensor would do from it be tried. */
export function SensorCursor({ row, cursor }: { readonly row: SensorRow; readonly cursor: string | null }) {
  const [asking, setAsking] = useState<'edit' | 'test'>();
  const close = () => setAsking(undefined);
  const refusal = useRefusal('launch_pipeline_execution', row.locationName);
  const { hasStartPermission: mayEdit } = row.sensor.sensorState;
  return (
    <Section title="Cursor" padded>
      {cursor ? (
        <CodeBlock label="cursor" text={cursor} />
      ) : (
        <p className="t2 small">None: it has not set one, and begins at the beginning.</p>
      )}
      <div className={styles.actions}>
        <Button small disabled={refusal !== undefined} title={refusal} onClick={() => setAsking('test')}>
          Test…
        </Button>
        <Button
          small
          disabled={!mayEdit}
          title={mayEdit ? undefined : 'Your role may not set cursors here'}
          onClick={() => setAsking('edit')}
        >
          Set cursor…
        </Button>
      </div>
      {asking === 'edit' && <EditCursorDialog row={row} cursor={cursor} onClose={close} />}
      {asking === 'test' && <TestSensorDialog row={row} cursor={cursor} onClose={close} />}
    </Section>
  );
}
