/**
 * A control plane of its own process, to be killed: takes backfills further without end, and prints a line for every
 * execution that it starts and every advance of a backfill that it stored. Arguments: the database's URL.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { createPostgresStorage } from '../../../lib/adapters/postgres/postgres-storage';
import { sweep } from '../../../lib/engine/sweep';
import { chained } from './chained-assets';
import { aLocation, createTestInstance, someSettings } from './test-instance';

const [url = ''] = process.argv.slice(2);
const storage = createPostgresStorage({ url });
const say = (line: string): void => void process.stdout.write(`${line}\n`);
const instance = createTestInstance({
  ...storage,
  async advanceBackfill(...request) {
    const isStored = await storage.advanceBackfill(...request);
    if (isStored) say(`advanced ${request[2].runs.length}`);
    return isStored;
  },
});
instance.locations.push(aLocation(chained));
instance.runCoordinator.startExecution = async (_name, { runId, attempt }) =>
  say(`start ${runId} ${attempt}`);
const settings = someSettings({ runQueue: { maxConcurrentRuns: -1, tagConcurrencyLimits: [] } });
for (;;) {
  await sweep(instance, settings);
  await sleep(5);
}
