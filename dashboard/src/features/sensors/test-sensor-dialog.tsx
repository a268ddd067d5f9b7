import { useMutation } from '@tanstack/react-query';
import { useState } from 'react';
import { Button } from '../../components/button';
import { CodeBlock } from '../../components/code-block';
import { Dialog } from '../../components/dialog';
import { Note } from '../../components/panel-states';
import { TickEvaluation } from '../../components/tick-evaluation';
import { expectType } from '../../graphql/api-error';
import { request } from '../../graphql/request';
import { CursorField } from './cursor-field';
import styles from './sensor-panel.module.css';
import { type SensorRow, sensorSelector } from './sensor-row';
import { previewSensorDocument } from './sensors.graphql';
import { useSetCursor } from './use-set-cursor';

/** Asks for a cursor and shows what the sensor would do from it; the cursor that it would leave can be kept. */
export function TestSensorDialog({
  row,
  cursor,
  onClose,
}: {
  readonly row: SensorRow;
  readonly cursor: string | null;
  readonly onClose: () => void;
}) {
  const { sensor } = row;
  const [text, setText] = useState(cursor ?? '');
  const set = useSetCursor(row, onClose);
  const test = useMutation({
    mutationFn: async () => {
      const answer = await request(previewSensorDocument, {
        selector: sensorSelector(row),
        cursor: text === '' ? null : text,
      });
      return expectType(answer.sensorDryRun, 'DryRunInstigationTick').evaluationResult;
    },
  });
  const left = test.data?.cursor ?? null;
  return (
    <Dialog
      wide
      title={`Test ${sensor.name}`}
      onClose={onClose}
      footer={
        <>
          <Button onClick={onClose}>Close</Button>
          <Button look="primary" busy={test.isPending} onClick={() => test.mutate()}>
            Evaluate
          </Button>
        </>
      }
    >
      <p>Its code is evaluated from this cursor. Nothing is launched, and the cursor stays as it is.</p>
      <CursorField value={text} onChange={setText} />
      {test.error && <Note kind="failure">{test.error.message}</Note>}
      {test.data && (
        <TickEvaluation evaluation={test.data} jobName={sensor.targets?.[0]?.pipelineName ?? null} />
      )}
      {left !== null && left !== cursor && (
        <div className={styles.field}>
          <span className={styles.label}>Cursor that it leaves</span>
          <CodeBlock label="new cursor" text={left} />
          <span>
            <Button
              small
              busy={set.isPending}
              disabled={!sensor.sensorState.hasStartPermission}
              title={sensor.sensorState.hasStartPermission ? undefined : 'Your role may not set cursors here'}
              onClick={() => set.mutate(left)}
            >
              Go on from this cursor
            </Button>
          </span>
        </div>
      )}
      {set.error && <Note kind="failure">{set.error.message} The cursor is unchanged.</Note>}
    </Dialog>
  );
}
