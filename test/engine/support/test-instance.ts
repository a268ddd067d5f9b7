import { systemClock } from '../../../lib/adapters/system/system-clock';
import { systemIds } from '../../../lib/adapters/system/system-ids';
import type { EngineSettings } from '../../../lib/engine/engine-settings';
import type {
  CodeLocation,
  CodeLocationRequest,
  CodeLocationResponses,
} from '../../../lib/model/code-location';
import type { ExecutionInput } from '../../../lib/model/execution-input';
import type { Manifest } from '../../../lib/model/manifest';
import type { SchedulerTimings } from '../../../lib/model/scheduler-timings';
import type { AlertMessage } from '../../../lib/ports/alert-publisher';
import type { Clock } from '../../../lib/ports/clock';
import type { Instance } from '../../../lib/ports/instance';
import type { ObjectStore } from '../../../lib/ports/object-store';
import type { Storage } from '../../../lib/ports/storage';
import { defaultInstanceSettings } from '../../../lib/settings/instance-settings';

type Answer = <K extends CodeLocationRequest['kind']>(
  request: Extract<CodeLocationRequest, { kind: K }>,
) => Promise<CodeLocationResponses[K]> | CodeLocationResponses[K];

/** An instance with real storage, whose surroundings are played by the test. */
export interface TestInstance extends Instance {
  readonly locations: CodeLocation[];
  readonly started: { readonly name: string; readonly input: ExecutionInput }[];
  readonly stoppedExecutions: string[];
  readonly stoppedAttempts: string[];
  readonly alarms: (number | null)[];
  readonly timings: SchedulerTimings[];
  readonly alerts: AlertMessage[];
  /** Requests that code locations got. */
  readonly requests: CodeLocationRequest[];
  answer: Answer;
}

export function createTestInstance(storage: Storage, clock: Clock = systemClock): TestInstance {
  const objects = new Map<string, Uint8Array>();
  const test: TestInstance = {
    locations: [],
    started: [],
    stoppedExecutions: [],
    stoppedAttempts: [],
    alarms: [],
    timings: [],
    alerts: [],
    requests: [],
    answer: () => {
      throw new Error('the test gave no answer for user code');
    },
    storage,
    alertPublisher: {
      async publish(message) {
        test.alerts.push(message);
      },
    },
    clock,
    ids: systemIds,
    runCoordinator: {
      async startExecution(name, input) {
        test.started.push({ name, input });
      },
      async stopExecution(name) {
        test.stoppedExecutions.push(name);
      },
    },
    runLauncher: {
      run: () => Promise.reject(new Error('the test launches no workers')),
      async stop(runId, attempt) {
        test.stoppedAttempts.push(`${runId}-${attempt}`);
      },
    },
    scheduler: {
      precisionMs: 1,
      async setAlarm(at) {
        test.alarms.push(at);
      },
      async setTimings(timings) {
        test.timings.push(timings);
      },
    },
    objectStore: memoryObjectStore(objects),
    secretStore: { get: async () => undefined },
    codeLocations: {
      list: async () => test.locations,
      get: async (name) => test.locations.find((location) => location.name === name),
      reload: async (name) => test.locations.find((location) => location.name === name),
    },
    codeLocationClient: {
      async call(_location, _hash, request) {
        test.requests.push(request);
        return test.answer(request as never) as never;
      },
    },
  };
  return test;
}

export function aLocation(manifest: Manifest, fields: Partial<CodeLocation> = {}): CodeLocation {
  return {
    name: manifest.location,
    status: 'LOADED',
    manifest,
    bundleHash: 'hash-1',
    error: null,
    updatedAt: 0,
    ...fields,
  };
}

export function someSettings(changes: Partial<EngineSettings> = {}): EngineSettings {
  return { ...defaultInstanceSettings(), ...changes };
}

export function memoryObjectStore(objects: Map<string, Uint8Array>): ObjectStore {
  return {
    async put(key, body) {
      objects.set(key, body);
    },
    get: async (key) => objects.get(key),
    async list(prefix, { startAfter = '', limit = 1000 } = {}) {
      return [...objects]
        .filter(([key]) => key.startsWith(prefix) && key > startAfter)
        .sort(([a], [b]) => (a < b ? -1 : 1))
        .slice(0, limit)
        .map(([key, body]) => ({ key, bytes: body.length }));
    },
    async delete(keys) {
      for (const key of keys) objects.delete(key);
    },
  };
}
