import type { Scope } from '../../lib/api/scope';
import { scopeObjectStore } from '../../lib/api/scope-object-store';
import { computeLogFolder } from '../../lib/model/compute-log';
import { overflowObjectKey } from '../../lib/model/event-overflow';
import { memoryObjectStore } from '../engine/support/test-instance';

const OWN = 'run-of-shop';
const FOREIGN = 'run-of-lab';
const shop: Scope = {
  sees: (location) => location === 'shop',
  reaches: (location) => location === 'shop',
  reach: new Set(['shop']),
  mayWrite: true,
  refusal: (what) => new Error(`${what} is not for you`) as never,
};
const keysOf = (runId: string): string[] => [
  `${computeLogFolder(runId)}step.1/stdout/0`,
  overflowObjectKey(runId, 1, 2),
];

test('A limited caller reads and deletes what their own runs printed and their long events, and no other', async () => {
  const all = memoryObjectStore(new Map());
  const keys = [OWN, FOREIGN].flatMap(keysOf);
  for (const key of [...keys, 'artifacts/secret']) await all.put(key, new Uint8Array(1));
  const getRun = async (runId: string) => (runId === OWN ? ({} as never) : undefined);
  const own = scopeObjectStore(all, shop, { getRun });

  const read = await Promise.all([...keys, 'artifacts/secret'].map((key) => own.get(key)));
  expect(read.map((body) => body !== undefined)).toEqual([true, true, false, false, false]);
  await expect(own.delete(keysOf(FOREIGN))).rejects.toThrow('not for you');
  await own.delete(keysOf(OWN));
  expect((await all.list('')).map(({ key }) => key).sort()).toEqual(
    ['artifacts/secret', ...keysOf(FOREIGN)].sort(),
  );
});
