import { wholeMaterialization } from '../../lib/execution/whole-materialization';

const row = {
  timestamp: 1,
  runId: null,
  partition: null,
  dataVersion: null,
  metadata: { rows: { kind: 'int' as const, value: 1 } },
};

test('A materialization that was shortened gets its metadata back from the object store', async () => {
  const whole = { preview: { kind: 'text', value: 'x'.repeat(100_000) } };
  const event = { type: 'ASSET_MATERIALIZATION', data: { metadata: whole } };
  const objects = new Map([['overflow/1.json', Buffer.from(JSON.stringify(event))]]);
  const store = { get: async (key: string) => objects.get(key) };

  expect(await wholeMaterialization({ ...row, overflow: 'overflow/1.json' }, store)).toEqual({
    ...row,
    metadata: whole,
  });
  expect(await wholeMaterialization({ ...row, overflow: null }, store)).toEqual(row);
  // Past its retention, what the row holds is what there is.
  expect(await wholeMaterialization({ ...row, overflow: 'overflow/gone.json' }, store)).toEqual(row);
});
