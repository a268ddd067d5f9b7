import { describe, expect, test } from '@jest/globals';
import { Heartbeat } from '../../lib/execution/heartbeat';
import { StaleAttemptError, type WorkerInstruction } from '../../lib/ports/worker-storage';

const ref = { runId: 'r', attempt: 1, workerId: 'w', token: 't' };

/** What a heartbeat passes on of one answer of storage. */
async function heardOf(answer: () => Promise<WorkerInstruction>): Promise<readonly string[]> {
  const heard: string[] = [];
  const heartbeat = new Heartbeat({
    ref,
    storage: { heartbeat: answer },
    onCancel: () => heard.push('cancel'),
    onDequeue: () => heard.push('dequeue'),
    onStale: () => heard.push('stale'),
  });
  await heartbeat.beat();
  heartbeat.stop();
  return heard;
}

describe('a heartbeat passes on', () => {
  test.each([
    ['continue', []],
    ['cancel', ['cancel']],
    ['dequeue', ['dequeue']],
  ] as const)('%s', async (instruction, expected) => {
    expect(await heardOf(async () => instruction)).toEqual(expected);
  });

  test('that the attempt is over, and nothing of a fault that passes', async () => {
    expect(await heardOf(() => Promise.reject(new StaleAttemptError('replaced')))).toEqual(['stale']);
    expect(await heardOf(() => Promise.reject(new Error('connection reset')))).toEqual([]);
  });
});
