import { parseArgs } from 'node:util';
import globalSetup from '../support/global-setup';
import { RUN_DIRECTORY } from '../support/once';
import { stopTestServer } from '../support/test-server';
import { findMutation } from './find-mutation';
import { MUTATIONS } from './mutations';
import { describeFailure, replayCommand, untouched } from './report';
import { runSeed, type SeedResult } from './run-seed';

const { values } = parseArgs({
  options: {
    /** How many, from the first one on. */
    seeds: { type: 'string', default: '25' },
    from: { type: 'string', default: '1' },
    /** Only this one. */
    seed: { type: 'string' },
    /** Says all that happens. */
    verbose: { type: 'boolean', default: false },
    /** Takes something away first, by its name in mutations.ts. */
    mutation: { type: 'string' },
    /** Takes each thing of mutations.ts away in turn, and requires that a seed finds out. */
    mutations: { type: 'boolean', default: false },
    /** Makes a kind of fault of faults.ts frequent; may be given several times. */
    plague: { type: 'string', multiple: true, default: [] },
  },
});
const first = Number(values.seed ?? values.from);
const count = values.seed === undefined ? Number(values.seeds) : 1;
const mutation = values.mutation === undefined ? undefined : MUTATIONS[values.mutation];
if (
  !Number.isInteger(first) ||
  !Number.isInteger(count) ||
  ((values.mutation ?? '') !== '' && mutation === undefined)
) {
  console.error(
    `npm run simulate -- [--seeds 25] [--from 1] [--seed S] [--verbose] [--mutations] [--mutation '${Object.keys(MUTATIONS).join("' | '")}']`,
  );
  process.exit(2);
}

await globalSetup();
try {
  process.exitCode = (await (values.mutations ? findAllMutations() : playSeeds())) ? 0 : 1;
} finally {
  await stopTestServer(process.env[RUN_DIRECTORY] ?? '');
}

/** @returns whether all passed */
async function playSeeds(): Promise<boolean> {
  const results: SeedResult[] = [];
  for (let seed = first; seed < first + count; seed += 1) {
    const started = performance.now();
    const result = await runSeed(seed, {
      plagues: [...values.plague, ...(mutation?.plagues ?? [])],
      ...(mutation === undefined ? {} : { mutation }),
      ...(values.verbose ? { onLine: (line: string) => console.log(line) } : {}),
    });
    results.push(result);
    const { violations, steps, statements, runs, endedAfter, digest } = result;
    console.log(
      `${violations.length === 0 ? 'ok' : 'FAILED'}: seed ${seed}, ${runs} runs, ${steps} steps, ${statements} statements, over ${endedAfter.toFixed(0)} min after the last request, course ${digest}, ${secondsSince(started)} s`,
    );
    if (violations.length > 0) console.log(describeFailure(result));
  }
  const failed = results.filter(({ violations }) => violations.length > 0);
  console.log(
    `${count - failed.length} of ${count} seeds passed${failed.length === 0 ? '' : `; replay with: ${failed.map(({ seed }) => replayCommand(seed)).join(' | ')}`}`,
  );
  if (count >= 25) for (const what of untouched(results)) console.log(`never happened: ${what}`);
  return failed.length === 0;
}

/** @returns whether all were found */
async function findAllMutations(): Promise<boolean> {
  const names = Object.keys(MUTATIONS);
  let found = 0;
  for (const name of names) {
    const started = performance.now();
    const { result, isFound } = await findMutation(name);
    if (isFound) found += 1;
    console.log(
      `${isFound ? 'found' : 'NOT FOUND'}: ${name}, in seed ${result.seed} after ${result.steps} steps, ${secondsSince(started)} s: ${result.violations.join('; ').slice(0, 200)}`,
    );
  }
  console.log(`${found} of ${names.length} mutations found`);
  return found === names.length;
}

function secondsSince(started: number): string {
  return ((performance.now() - started) / 1000).toFixed(1);
}
