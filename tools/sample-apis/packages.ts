import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';

const require = createRequire(import.meta.url);

/** Path of a file in the data folder of `vega-datasets`, e.g. `earthquakes.json`. */
export function vegaDataset(file: string): string {
  return join(dirname(require.resolve('vega-datasets')), '..', 'data', file);
}

/** Folder of the recorded GitHub scenarios of `@octokit/fixtures`. */
export function octokitScenarios(): string {
  return join(dirname(require.resolve('@octokit/fixtures/package.json')), 'scenarios', 'api.github.com');
}
