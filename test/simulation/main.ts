import { parseArgs } from 'node:util';
import globalSetup from '../support/global-setup';
import { RUN_DIRECTORY, stopTestServer } from '../support/test-server';
import { runSeed } from './run-seed';

const { values } = parseArgs({
  options: {
    seeds: { type: 'string', default: '25' },
    seed: { type: 'string' },
    from: { type: 'string', default: '1' },
    verbose: { type: 'boolean', default: false },
  },
});
const first = Number(values.seed ?? values.from);
const count = values.seed === undefined ? Number(values.seeds) : 1;
await globalSetup();
try {
  for (let seed = first; seed < first + count; seed += 1) {
    const started = performance.now();
    const result = await runSeed(seed, values.verbose ? { onLine: (line) => console.log(line) } : {});
    const { violations, steps, statements, runs, endedAfter, digest, trace } = result;
    console.log(
      `${violations.length === 0 ? 'ok' : 'FAILED'} seed ${seed}: ${runs} runs, ${steps} steps, ${statements} statements, ended after ${endedAfter.toFixed(0)} min, ${digest}, ${((performance.now() - started) / 1000).toFixed(1)} s`,
    );
    if (violations.length === 0) continue;
    console.log(trace.slice(-60).join('\n'));
    for (const violation of violations) console.log(`VIOLATION: ${violation}`);
    console.log(`Replay it: npm run simulate -- --seed ${seed} --verbose`);
    process.exitCode = 1;
  }
} finally {
  await stopTestServer(process.env[RUN_DIRECTORY] ?? '');
}
