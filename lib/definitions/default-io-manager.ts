import { ioManager } from './io-manager';
import { type LostInJson, lostInJson } from './lost-in-json';

/** Name of the IO manager that is used where none is named. Define a resource of this name to replace it. */
export const DEFAULT_IO_MANAGER = 'io_manager';

/** A value that JSON cannot hold was given to the default IO manager, or the value asked for is not there. */
export class StoredValueError extends Error {
  override readonly name = 'StoredValueError';
}

/** Stores values as JSON among the artifacts of the deployment: `storage/assets/<key>/<partition>.json`. */
export const jsonIoManager = ioManager<unknown>({
  name: DEFAULT_IO_MANAGER,
  description: 'Stores values as JSON in the artifact storage.',
  setUp: ({ artifacts }) => ({
    async handleOutput({ path, asset, stepKey }, value) {
      const key = objectKey(path);
      let json: string | undefined;
      try {
        json = JSON.stringify(value === undefined ? null : value);
      } catch (cause) {
        throw new StoredValueError(notJson(asset ?? stepKey), { cause });
      }
      if (json === undefined)
        throw new StoredValueError(notJson(asset ?? stepKey, `: it is a ${typeof value}`));
      const lost = lostInJson(value);
      if (lost !== undefined) throw new StoredValueError(notJson(asset ?? stepKey, describe(lost)));
      const bytes = new TextEncoder().encode(json);
      await artifacts.put(key, bytes);
      return { path: { kind: 'path', value: key }, bytes: bytes.length };
    },
    async loadInput({ path, asset, partition, stepKey, output }) {
      const bytes = await artifacts.get(objectKey(path));
      if (bytes !== undefined) return JSON.parse(new TextDecoder().decode(bytes)) as unknown;
      const what =
        asset === null
          ? `output "${output}" of step ${stepKey}`
          : `asset ${asset}${partition === null ? '' : `, partition ${partition}`}`;
      throw new StoredValueError(`No value is stored for ${what}: materialize it first.`);
    },
  }),
});

const objectKey = (path: string): string => `storage/${path}.json`;

const describe = ({ what, place }: LostInJson): string =>
  place === '' ? `: it is ${what}` : `: it has ${what} at ${place}`;

const notJson = (what: string, why = ''): string =>
  `The value of ${what} cannot be stored as JSON${why}. Return plain data, name an IO manager that can store it, or return materializeResult({ metadata }) to store nothing.`;
