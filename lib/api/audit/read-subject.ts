import { readPause } from '../../engine/read-pause';
import type { JsonValue } from '../../model/json';
import { CODE_LOCATION_NAMESPACE, type PushedCodeLocation } from '../../model/pushed-code-location';
import type { InstigatorId } from '../../model/tick';
import type { Instance } from '../../ports/instance';
import { API_TOKEN_NAMESPACE, type StoredApiToken } from '../authorizer/api-token';

/** Runs that one action is about and whose state is kept. */
const MOST_RUNS = 25;

/**
 * What an action is about, as it is now: found by what its input names, so that a new mutation with the usual names
 * needs nothing more. Null when the input names nothing that is there, or more than fits an entry.
 */
export async function readSubject(
  instance: Instance,
  action: string,
  input: Readonly<Record<string, unknown>>,
): Promise<JsonValue> {
  if (/^POST \/api\/instance\//.test(action)) return { pause: asJson(await readPause(instance)) };
  if (action.includes('/api/code-locations/{name}')) return versionOf(instance, String(input.name));
  if (action.includes('/api/tokens/{id}')) return tokenOf(instance, String(input.id));
  if (action.includes('/api/backfills/{id}')) return backfillOf(instance, String(input.id));
  const instigator = instigatorOf(input);
  if (instigator !== undefined) return stateOf(instance, instigator);
  if (typeof input.concurrencyKey === 'string') return poolOf(instance, input.concurrencyKey);
  if (typeof input.backfillId === 'string') return backfillOf(instance, input.backfillId);
  if (typeof input.partitionsDefName === 'string') return partitionsOf(instance, input);
  const runIds = runIdsOf(action, input);
  if (runIds.length > 0 && runIds.length <= MOST_RUNS) return runsOf(instance, runIds);
  return null;
}

const asJson = (value: unknown): JsonValue => JSON.parse(JSON.stringify(value ?? null)) as JsonValue;

type Selector = {
  readonly repositoryLocationName?: string;
  readonly scheduleName?: string;
  readonly sensorName?: string;
};

function instigatorOf(input: Readonly<Record<string, unknown>>): InstigatorId | undefined {
  const { repositoryLocationName, scheduleName, sensorName } = (input.scheduleSelector ??
    input.sensorSelector ??
    {}) as Selector;
  const name = scheduleName ?? sensorName;
  if (repositoryLocationName !== undefined && name !== undefined)
    return {
      kind: scheduleName === undefined ? 'sensor' : 'schedule',
      location: repositoryLocationName,
      name,
    };
  const id = /^([^:]+):(schedule|sensor):(.+)$/.exec(
    String(
      input.id ??
        input.scheduleOriginId ??
        input.scheduleSelectorId ??
        input.jobOriginId ??
        input.jobSelectorId ??
        '',
    ),
  );
  if (id === null) return undefined;
  const [, location = '', kind, named = ''] = id;
  return { kind: kind as 'schedule' | 'sensor', location, name: named };
}

async function stateOf({ storage }: Instance, { kind, location, name }: InstigatorId): Promise<JsonValue> {
  const states = await storage.instigatorStates();
  const found = states.find(
    ({ instigator }) =>
      instigator.kind === kind && instigator.location === location && instigator.name === name,
  );
  return { status: found?.status ?? 'DECLARED_IN_CODE', cursor: found?.cursor ?? null };
}

async function poolOf({ storage }: Instance, key: string): Promise<JsonValue> {
  const pool = (await storage.poolStates()).find((state) => state.pool === key);
  return { limit: pool?.limit ?? null };
}

async function backfillOf({ storage }: Instance, backfillId: string): Promise<JsonValue> {
  const [backfill] = await storage.listBackfills({ backfillIds: [backfillId], limit: 1 });
  return backfill === undefined ? null : { status: backfill.status, tags: asJson(backfill.tags) };
}

async function versionOf({ storage }: Instance, name: string): Promise<JsonValue> {
  const pushed = (await storage.getValue(CODE_LOCATION_NAMESPACE, name)) as PushedCodeLocation | undefined;
  return pushed === undefined ? null : { bundleHash: pushed.bundleHash };
}

async function tokenOf({ storage }: Instance, id: string): Promise<JsonValue> {
  const token = (await storage.getValue(API_TOKEN_NAMESPACE, id)) as StoredApiToken | undefined;
  if (token === undefined) return null;
  return { name: token.name, role: token.role, locations: asJson(token.locations) };
}

/** Which of the keys that an action names are there. */
async function partitionsOf(
  { storage }: Instance,
  input: Readonly<Record<string, unknown>>,
): Promise<JsonValue> {
  const { repositoryLocationName: location } = (input.repositorySelector ?? {}) as Selector;
  if (location === undefined) return null;
  const keys = await storage.dynamicPartitionKeys(location, String(input.partitionsDefName));
  const named = [input.partitionKey ?? input.partitionKeys ?? []].flat();
  return { partitions: keys.filter((key) => named.includes(key)) };
}

function runIdsOf(action: string, input: Readonly<Record<string, unknown>>): readonly string[] {
  if (Array.isArray(input.runIds)) return input.runIds.map(String);
  if (typeof input.runId === 'string') return [input.runId];
  return action.includes('/api/runs/{id}') && typeof input.id === 'string' ? [input.id] : [];
}

async function runsOf({ storage }: Instance, runIds: readonly string[]): Promise<JsonValue> {
  const runs = await storage.listRuns({ filter: { runIds }, limit: runIds.length });
  return Object.fromEntries(runs.map(({ runId, status }) => [runId, status]));
}
