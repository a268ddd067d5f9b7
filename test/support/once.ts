import { existsSync } from 'node:fs';
import { mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

/** Where one run of jest keeps what its suites share; set by global-setup, inherited by the workers. */
export const RUN_DIRECTORY = 'HEADRACE_TEST_DIRECTORY';

/** Against hanging only: several workers of a busy machine may wait for the one that makes it. */
const PATIENCE_MS = 300_000;
const LOOK_EVERY_MS = 50;

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
  const directory = runDirectory(name);
  const ready = join(directory, `${name}.json`);
  const making = join(directory, `${name}.making`);
  for (const deadline = Date.now() + PATIENCE_MS; Date.now() < deadline; await sleep(LOOK_EVERY_MS)) {
    if (existsSync(ready)) return JSON.parse(await readFile(ready, 'utf8')) as Made;
    if (!(await isFirst(making))) continue;
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

/**
 * For what the suites of this run of jest may use one after another only.
 *
 * @returns what lets the next one in
 */
export async function takeTurn(name: string): Promise<() => Promise<void>> {
  const taken = join(runDirectory(name), `${name}.taken`);
  while (!(await isFirst(taken))) await sleep(LOOK_EVERY_MS);
  return () => rm(taken, { recursive: true });
}

function runDirectory(name: string): string {
  const directory = process.env[RUN_DIRECTORY];
  if (directory !== undefined) return directory;
  throw new Error(`"${name}" is shared in a run of jest: global-setup.ts has not run.`);
}

/** Only one of several processes makes a folder. */
const isFirst = (folder: string): Promise<boolean> =>
  mkdir(folder).then(
    () => true,
    (error: NodeJS.ErrnoException) => {
      if (error.code === 'EEXIST') return false;
      throw error;
    },
  );
