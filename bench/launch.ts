/**
 * Launch latency and cost of a no-op run, on a warm instance: from the request to the first line of user code, and
 * CPU seconds a run with children and PostgreSQL counted.
 * Dagster 1.13 on such a machine: 4.1 s from mutation to STARTED, 2.3 CPU seconds a run in process.
 */
import { loadavg } from 'node:os';
import { treeUsage } from './support/process-tree';
import { startScratchServer } from './support/scratch-server';
import { report, summary } from './support/statistics';

const RUNS = Number(process.argv[2] ?? 60);
const WARM_UP = 5;

const server = await startScratchServer({
  'workspace.yaml': 'code_locations:\n  - {name: bench, entry: index.ts}\n',
  'package.json': '{"type":"module","private":true}',
  'index.ts': `import { asset, define, materializeResult } from 'headrace';
const noop = asset({ key: 'noop', run: () => materializeResult({ metadata: { at: Date.now() } }) });
export const definitions = define({ assets: [noop] });
`,
});
try {
  for (const [kind, tags] of [
    ['reused child', {}],
    ['fresh child', { 'dagster/isolation': 'process' }],
  ] as const) {
    for (let i = 0; i < WARM_UP; i++) await oneRun(tags);
    const before = treeUsage(server.processes);
    const latencies: number[] = [];
    for (let i = 0; i < RUNS; i++) latencies.push(await oneRun(tags));
    const after = treeUsage(server.processes);
    report(
      `launch to first line of user code, ${kind}`,
      {
        runs: RUNS,
        milliseconds: summary(latencies),
        cpuSecondsPerRun: Math.round(((after.cpuSeconds - before.cpuSeconds) / RUNS) * 1000) / 1000,
      },
      loadavg(),
    );
  }
} finally {
  await server.close();
}

/** Milliseconds from the request to the instant that user code wrote down. */
async function oneRun(tags: Readonly<Record<string, string>>): Promise<number> {
  const asked = Date.now();
  const { runId } = await server.client.launchRun({ assets: ['noop'], tags });
  let reached: number | undefined;
  for await (const event of server.client.followRun(runId)) {
    const at = event.type === 'ASSET_MATERIALIZATION' ? event.data.metadata.at : undefined;
    if (at?.kind === 'int') reached = at.value;
  }
  if (reached === undefined)
    throw new Error(`Run ${runId} did not reach user code: ${(await server.client.getRun(runId)).cause}`);
  return reached - asked;
}
