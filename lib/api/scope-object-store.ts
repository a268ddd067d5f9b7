import { computeLogFolder } from '../model/compute-log';
import { overflowFolder } from '../model/event-overflow';
import { bundleObject } from '../model/pushed-code-location';
import type { ObjectStore } from '../ports/object-store';
import type { Storage } from '../ports/storage';
import type { Scope } from './scope';

const RUN = new RegExp(`^(?:${computeLogFolder('([^/]+)')}|${overflowFolder('([^/]+)')})`);
const TICK = /^tick_logs\/([^/]+)\//;
const BUNDLE = new RegExp(`^${bundleObject.manifest('[^/]+').replaceAll('.', '\\.')}$`);

/**
 * Files as a limited caller may use them: what steps of their runs printed, long events of these runs, what ticks of their
 * schedules and sensors logged, and manifests, whose names are read from their code locations. Others are not there.
 *
 * @param storage limited already
 */
export function scopeObjectStore(
  objectStore: ObjectStore,
  scope: Scope,
  storage: Pick<Storage, 'getRun'>,
): ObjectStore {
  async function mayRead(key: string): Promise<boolean> {
    const [, ofLog, runId = ofLog] = RUN.exec(key) ?? [];
    if (runId !== undefined) return (await storage.getRun(runId)) !== undefined;
    const [, location] = TICK.exec(key) ?? [];
    if (location !== undefined) return scope.reaches(decodeURIComponent(location));
    return BUNDLE.test(key);
  }
  const refuse = () => scope.refusal("the deployment's files");
  return {
    get: async (key) => ((await mayRead(key)) ? objectStore.get(key) : undefined),
    list: async (prefix, options) => ((await mayRead(prefix)) ? objectStore.list(prefix, options) : []),
    async put() {
      throw refuse();
    },
    async delete(keys) {
      for (const key of keys) if (!scope.mayWrite || !RUN.test(key) || !(await mayRead(key))) throw refuse();
      return objectStore.delete(keys);
    },
  };
}
