import { buildPrograms } from '../../bin/build-programs.mjs';
import { ROOT } from './build-programs';
import { onceInRun } from './once';

/**
 * Builds programs and dashboard into `dist`, once in a run of jest: nothing that a suite has started reads files that
 * another suite writes anew.
 */
export async function buildDist(): Promise<void> {
  await onceInRun('dist', async () => {
    await buildPrograms({ root: ROOT, outDirectory: `${ROOT}/dist` });
    return 'built';
  });
}
