import { setTimeout as sleepFor } from 'node:timers/promises';
import type { TimeWindow } from '../../definitions/loaded-definitions';
import type { Source } from '../../ingestion/source';
import { credentialsOf, redactor } from './auth';
import { DEFAULT_BATCH } from './batches';
import { readWithParents } from './child-reader';
import { RestConfigError } from './errors';
import { HttpClient, type HttpRuntime } from './http-client';
import { type Connection, primaryKeyOf } from './resource-reader';
import type {
  ResolvedRestConfig,
  ResourceConfig,
  ResourceReadOptions,
  Resources,
  RestClient,
} from './rest-config';
import { DEFAULT_RETRY } from './retry';

const DEFAULT_TIMEOUT_MS = 60_000;

/** What a client takes from its surroundings. Default: the real fetch, clock, timers and randomness. */
export type RestRuntime = Partial<HttpRuntime>;

/**
 * A client of a declared REST API: every resource by its name, each read lazily as a `Source`. Throws
 * `RestConfigError` for a declaration that cannot work; everything else is thrown while reading.
 *
 * @example
 * const usgs = createRestClient({ baseUrl, resources: { events: { path: '/query', records: 'features' } } });
 * for await (const batch of usgs.events.read().read()) console.log(batch.records.length);
 */
export function createRestClient<const R extends Resources>(
  config: ResolvedRestConfig<R>,
  runtime: RestRuntime = {},
): RestClient<R> {
  checkBaseUrl(config.baseUrl);
  for (const [name, resource] of Object.entries(config.resources)) {
    checkResource(config.resources, name, resource);
  }
  const connection = connect(config, runtime);
  const entries = Object.entries(config.resources).map(([name, resource]) => [
    name,
    {
      read: (window?: TimeWindow, { params = {} }: ResourceReadOptions = {}): Source => ({
        name,
        primaryKey: primaryKeyOf(resource),
        read: (options = {}) =>
          readWithParents(config.resources, { name, config: resource, window, params }, connection, options),
      }),
    },
  ]);
  // Each entry has the type that RestClient derives for its name; Object.fromEntries cannot follow that.
  return Object.fromEntries(entries) as RestClient<R>;
}

function connect(config: ResolvedRestConfig<Resources>, runtime: RestRuntime): Connection {
  const auth = credentialsOf(config.auth);
  const http = new HttpClient(
    {
      fetch: runtime.fetch ?? globalThis.fetch,
      now: runtime.now ?? Date.now,
      sleep: runtime.sleep ?? sleep,
      random: runtime.random ?? Math.random,
      onRetry: runtime.onRetry ?? (() => undefined),
    },
    { ...DEFAULT_RETRY, ...config.retry },
    config.timeoutMs ?? DEFAULT_TIMEOUT_MS,
    redactor(auth.secrets),
  );
  const batch = { ...DEFAULT_BATCH, ...config.batch };
  return { baseUrl: config.baseUrl, auth, headers: config.headers ?? {}, http, batch };
}

async function sleep(ms: number, signal: AbortSignal): Promise<void> {
  try {
    await sleepFor(ms, undefined, { signal });
  } catch {
    // An AbortError; the signal knows the reason.
    signal.throwIfAborted();
  }
}

function checkBaseUrl(baseUrl: string): void {
  const url = URL.canParse(baseUrl) ? new URL(baseUrl) : undefined;
  const usable =
    url !== undefined && /^https?:$/.test(url.protocol) && url.username === '' && url.password === '';
  if (usable) return;
  // Not shown: an address with a user's password in it is one of the ways to get here.
  throw new RestConfigError(
    'baseUrl is no http(s) address without user and password',
    'Give baseUrl as https://host/path, and credentials through auth.',
    {},
  );
}

function checkResource(resources: Resources, name: string, resource: ResourceConfig): void {
  const refuse = (what: string, remedy: string) => {
    throw new RestConfigError(what, remedy, { resource: name });
  };
  if (
    resource.parent !== undefined &&
    (resource.incremental !== undefined || resource.conditional === true)
  ) {
    refuse('A child can be neither incremental nor conditional', 'Declare that on its parent.');
  }
  const path = [name];
  for (let parent = resource.parent; parent !== undefined; ) {
    const config: ResourceConfig | undefined = resources[parent.resource];
    const known = Object.keys(resources).join(', ');
    if (config === undefined)
      refuse(`Its parent "${parent.resource}" is not declared`, `Choose one of ${known}.`);
    if (path.includes(parent.resource)) {
      refuse(
        `Its parents form a circle: ${[...path, parent.resource].join(' → ')}`,
        'Remove one of the parents.',
      );
    }
    path.push(parent.resource);
    parent = config?.parent;
  }
}
