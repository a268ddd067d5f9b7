import { type IoManagerDefinition, ioManager } from '../definitions/io-manager';

/** Values kept in memory, as they are, under the paths that IO managers get. */
export interface MemoryValues {
  readonly manager: IoManagerDefinition;
  readonly values: Map<string, unknown>;
}

/** An IO manager in place of all others: what is stored is found again, and nothing leaves the test. */
export function memoryValues(): MemoryValues {
  const values = new Map<string, unknown>();
  const manager = ioManager<unknown>({
    setUp: () => ({
      async handleOutput({ path }, value) {
        values.set(path, value);
      },
      async loadInput({ path, asset, partition }) {
        if (values.has(path)) return values.get(path);
        const what = `${asset ?? path}${partition === null ? '' : `, partition ${partition}`}`;
        throw new Error(
          `The test has no value of ${what}: give it in inputs, or materialize it in the same call.`,
        );
      },
    }),
  });
  return { manager, values };
}
