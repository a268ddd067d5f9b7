import { PortError } from '../../../lib/ports/errors';
import type { ObjectStore } from '../../../lib/ports/object-store';
import { memoryObjectStore } from '../../engine/support/test-instance';
import type { Network } from '../core/network';
import type { Process } from '../core/process';

/** A bucket, strongly consistent as S3 is. */
export class Bucket {
  private readonly store = memoryObjectStore(new Map());

  /** The bucket as one process sees it. */
  of(process: Process, network: Network): ObjectStore {
    const faults = {
      replyLost: 's3: call failed',
      error: () => new PortError('transient', 'S3 did not answer: connection reset'),
    } as const;
    const call = <T>(what: string, effect: () => Promise<T>): Promise<T> =>
      network.call(process, `s3 ${what}`, { ...faults, describe: () => 'done' }, effect);
    return {
      put: (key, body) => call(`put ${key}`, () => this.store.put(key, body)),
      get: (key) => call(`get ${key}`, () => this.store.get(key)),
      list: (prefix, options) => call(`list ${prefix}`, () => this.store.list(prefix, options)),
      delete: (keys) => call(`delete ${keys.join()}`, () => this.store.delete(keys)),
    };
  }

  /** What is stored, for the simulator's own eyes. */
  async read(key: string): Promise<unknown> {
    const body = await this.store.get(key);
    return body === undefined ? undefined : JSON.parse(new TextDecoder().decode(body));
  }
}
