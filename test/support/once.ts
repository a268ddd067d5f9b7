import { existsSync } from 'node:fs';
import { mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

/** Where one run of jest keeps what its suites share; set by global-setup, inherited by the workers. */
export const RUN_DIRECTORY = 'HEADRACE_TEST_DIRECTORY';

/** Against hanging only: several workers of a busy machine may wait for the one that makes it. */
const PATIENCE_MS = 300_000;

/**
 * What all suites of this run of jest share: the first that needs it makes it, the others wait for that one. When it
 * cannot be made, the next that needs it tries again.
 *
 * @param name unique in the run
 * @param make gets the run's directory; what it makes is kept there as JSON
 */
export async function onceInRun<Made>(
  name: string,
  make: (directory: string) => Promise<Made>,
): Promise<Made> {
  const directory = process.env[RUN_DIRECTORY];
  if (directory === undefined)
    throw new Error(`"${name}" is shared in a run of jest: global-setup.ts has not run.`);
  const ready = join(directory, `${name}.json`);
  const making = join(directory, `${name}.making`);
  for (const deadline = Date.now() + PATIENCE_MS; Date.now() < deadline; await sleep(50)) {
    if (existsSync(ready)) return JSON.parse(await readFile(ready, 'utf8')) as Made;
    const isFirst = await mkdir(making).then(
      () => true,
      () => false,
    );
    if (!isFirst) continue;
    try {
      const made = await make(directory);
      await writeFile(`${ready}.new`, JSON.stringify(made));
      await rename(`${ready}.new`, ready);
      return made;
    } catch (error) {
      await rm(making, { recursive: true });
      throw error;
    }
  }
  throw new Error(`"${name}" was not made in ${directory} in time.`);
}
