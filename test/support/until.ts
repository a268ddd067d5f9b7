import { setTimeout as sleep } from 'node:timers/promises';

/** Against hanging only: on a machine that others keep busy, what takes a second takes half a minute. */
const PATIENCE_SECONDS = 120;
const LOOK_EVERY_MS = 10;

/**
 * Waits until something holds, looking every 10 ms. The next look begins when the one before has ended.
 *
 * @param what for the error, after "until"
 * @param look answers false or undefined as long as it does not hold
 * @param seconds patience; less than the default only where waiting in vain is what the test expects
 * @returns what `look` answered
 * @throws Error that says what was waited for; whatever `look` throws
 *
 * @example await until('the step runs', () => run.of('STEP_START').length > 0);
 */
export async function until<T>(
  what: string,
  look: () => T | Promise<T>,
  seconds = PATIENCE_SECONDS,
): Promise<Exclude<T, false | undefined>> {
  for (const end = performance.now() + seconds * 1_000; ; await sleep(LOOK_EVERY_MS)) {
    const found = await look();
    if (found !== false && found !== undefined) return found as Exclude<T, false | undefined>;
    if (performance.now() > end) throw new Error(`Waited ${seconds} s in vain until ${what}.`);
  }
}
